package dev.tidemark.cli;

import dev.tidemark.event.EventStore;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

@Command(
        name = "events",
        description = {
            "Append, find and follow events. Their data is JSON.",
            "",
            "An event is printed as {\"position\",\"id\",\"name\",\"time\",\"aggregateName\",\"aggregateId\","
                    + "\"aggregateVersion\",\"data\",\"metadata\"}, without what it has none of.",
            ""
        },
        synopsisSubcommandLabel = "COMMAND",
        sortOptions = false)
final class EventsCommand implements Runnable {
    private final Tidemark tidemark;

    @Option(
            names = "--table",
            paramLabel = "TABLE",
            scope = ScopeType.INHERIT,
            description = "The table of the events; ${DEFAULT-VALUE} by default.")
    private String table = "events";

    @Spec
    private @Nullable CommandSpec spec;

    private EventsCommand(Tidemark tidemark) {
        this.tidemark = tidemark;
    }

    static CommandLine line(Tidemark tidemark) {
        EventsCommand events = new EventsCommand(tidemark);
        return new CommandLine(events)
                .addSubcommand(new EventsAppendCommand(events))
                .addSubcommand(new EventsFindCommand(events))
                .addSubcommand(new EventsQueryCommand(events))
                .addSubcommand(new EventsSubscribeCommand(events));
    }

    @Override
    public void run() {
        if (spec != null) {
            throw new ParameterException(spec.commandLine(), "which command?");
        }
    }

    /** Opens the store; events have no namespaces. */
    Session open() {
        if (tidemark.namedNamespace() != null) {
            throw new InputException("events have no namespaces; --table tells them apart");
        }
        return tidemark.open();
    }

    EventStore events(Session session) {
        return session.events(table);
    }

    Terminal terminal() {
        return tidemark.terminal();
    }
}

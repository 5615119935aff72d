package dev.tidemark.cli;

import dev.tidemark.event.Event;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "find", description = "Print the event with an id; exit 1 if there is none.", sortOptions = false)
final class EventsFindCommand implements Callable<Integer> {
    private final EventsCommand events;

    @Parameters(paramLabel = "ID", converter = Aggregates.Ids.class, description = "The id.")
    private UUID id = new UUID(0, 0);

    EventsFindCommand(EventsCommand events) {
        this.events = events;
    }

    @Override
    public Integer call() {
        try (Session session = events.open()) {
            Optional<Event<?>> found = events.events(session).find(id);
            if (found.isEmpty()) {
                events.terminal().say("tidemark: not found: " + id);
                return ExitCode.NOT_FOUND_OR_CONFLICT;
            }
            events.terminal().out().line(Json.event(found.get()));
            return ExitCode.FINE;
        }
    }
}

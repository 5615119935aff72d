package dev.tidemark.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.codec.CodecException;
import dev.tidemark.store.Change;
import dev.tidemark.store.Watch;
import dev.tidemark.store.WatchClosedException;
import dev.tidemark.store.WatchOptions;
import dev.tidemark.store.spi.Names;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "watch",
        description = {
            "Print changes as they are committed, one JSON object a line, until it is interrupted.",
            "",
            "Prints 'watching' on standard error once every later change will be seen. Ends with exit 0 on SIGINT and "
                    + "SIGTERM, with exit 4 when changes would be missed.",
            ""
        },
        sortOptions = false)
final class WatchCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration TURN = Duration.ofHours(1);

    private final Tidemark tidemark;

    @Parameters(arity = "0..*", paramLabel = "KIND", description = "Only these kinds; all without.")
    private List<String> kinds = List.of();

    @Option(names = "--replay", description = "Start with what is there, then {\"type\":\"synced\",\"revision\":R}.")
    private boolean replay;

    @Option(
            names = "--types",
            split = ",",
            paramLabel = "TYPE",
            description = "Only these types of change: created, updated, deleted.")
    private Set<Change.Type> types = EnumSet.allOf(Change.Type.class);

    @Option(names = "--prefix", paramLabel = "P", description = "Only keys that start with P.")
    private String prefix = "";

    @Option(
            names = "--after",
            paramLabel = "REVISION",
            description = "Start with the change after this one, also when that is long ago.")
    private @Nullable Long after;

    @Option(
            names = "--buffer",
            paramLabel = "N",
            description = "How many changes may wait for a slow reader of the output; ${DEFAULT-VALUE} by default.")
    private int buffer = WatchOptions.defaults().bufferSize();

    @Option(names = "--count", paramLabel = "N", description = "End after N changes.")
    private long count = Long.MAX_VALUE;

    WatchCommand(Tidemark tidemark) {
        this.tidemark = tidemark;
    }

    @Override
    public Integer call() throws InterruptedException {
        WatchOptions options = options();
        try (Interrupt interrupt = new Interrupt(ExitCode.FINE, PATIENCE)) {
            try (Session session = tidemark.open();
                    Watch<JsonNode> watch = session.store().watch(options)) {
                interrupt.endsWith(watch::close);
                tidemark.terminal().say("watching");
                return follow(watch);
            }
        }
    }

    private WatchOptions options() {
        if (count < 1) {
            throw new InputException("--count must be at least 1, not " + count);
        }
        kinds.forEach(Names::checkKind);
        return new WatchOptions(Set.copyOf(kinds), null, prefix, types, replay, after, buffer);
    }

    private int follow(Watch<JsonNode> watch) throws InterruptedException {
        Output out = tidemark.terminal().out();
        int code = ExitCode.FINE;
        boolean replaying = replay;
        long printed = 0;
        while (true) {
            if (replaying && watch.isSynced()) {
                replaying = false;
                out.line(Json.synced(watch.revision()));
                out.flush();
            }
            if (printed == count) {
                return code;
            }
            try {
                Optional<Change<JsonNode>> change = watch.poll(TURN);
                if (change.isPresent()) {
                    out.line(Json.change(change.get()));
                    out.flush();
                    printed++;
                }
            } catch (CodecException undecodable) {
                tidemark.terminal().say("tidemark: " + undecodable.getMessage());
                code = ExitCode.of(undecodable);
            } catch (WatchClosedException interrupted) {
                return code;
            }
        }
    }
}

package dev.tidemark.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "demo",
        description = {
            "Show in some seconds what a store does, on a new SQLite file, and check every step.",
            "",
            "With --store postgres it starts a PostgreSQL server of its own, has a second process watch what this one writes, and "
                    + "crashes the server meanwhile. The server and its data go when the demo ends.",
            "",
            "With another --store it uses that, in a new namespace unless --namespace names one, which must be empty. "
                    + "Exit 1 if the store does anything but what the demo says.",
            "",
            "The data set for your own store: tidemark demo --data | tidemark import -",
            ""
        },
        sortOptions = false)
final class DemoCommand implements Callable<Integer> {
    private static final String OWN_POSTGRES = "postgres";
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Tidemark tidemark;

    @Option(
            names = "--data",
            arity = "0..1",
            fallbackValue = "",
            paramLabel = "KIND",
            description = "Only print the data set, or one of its kinds: countries, currencies, timezones.")
    private @Nullable String data;

    DemoCommand(Tidemark tidemark) {
        this.tidemark = tidemark;
    }

    @Override
    public Integer call() {
        Output out = tidemark.terminal().out();
        String named = tidemark.namedStore();
        if (data != null) {
            DemoData.print(data, out);
        } else if (OWN_POSTGRES.equals(named)) {
            return onOwnPostgres(new Narrator(out));
        } else {
            tour(named, new Narrator(out));
        }
        return ExitCode.FINE;
    }

    private int onOwnPostgres(Narrator narrator) {
        try (Interrupt interrupt = new Interrupt(ExitCode.INTERRUPTED, PATIENCE)) {
            interrupt.endsWith(Thread.currentThread()::interrupt);
            try {
                tourOfOwnPostgres(narrator, interrupt);
                return ExitCode.FINE;
            } catch (RuntimeException failure) {
                if (interrupt.hasHappened()) {
                    tidemark.terminal().say("tidemark: interrupted");
                    return ExitCode.INTERRUPTED;
                }
                throw failure;
            }
        }
    }

    private void tourOfOwnPostgres(Narrator narrator, Interrupt interrupt) {
        long started = System.nanoTime();
        narrator.print("A tour of Tidemark on PostgreSQL: two processes, and a crash of the server.");
        narrator.step("Start a PostgreSQL server for this demo");
        try (DemoServer server = DemoServer.start()) {
            // What starts it may have swallowed the interruption.
            interrupt.check();
            try (Session session = Session.open(server.uri(), 0, tidemark.timeout())) {
                PostgresTour.run(server, session, narrator);
            }
        }
        narrator.print("");
        narrator.print(String.format(
                Locale.ROOT,
                "All of it was checked, in %.1f s. The server and its data are gone. With a server of yours, in two terminals:",
                (System.nanoTime() - started) / 1e9));
        narrator.show("tidemark --store postgresql://user:password@host:port/database watch --replay");
        narrator.show(
                "tidemark --store postgresql://user:password@host:port/database set countries XX '{\"name\":\"Nowhere\"}'");
    }

    private void tour(@Nullable String named, Narrator narrator) {
        String uri = named == null ? newFile() : named;
        if (uri.startsWith("memory:")) {
            throw new InputException("the demo closes its store and opens it again, and memory: would forget");
        }
        long namespace = namespace(named != null);
        Supplier<Session> opener = () -> Session.open(uri, namespace, tidemark.timeout());
        new DemoTour(opener, narrator).run(shown(uri), namespace);
    }

    /** A URI may hold a password; that of a file does not. */
    private static String shown(String uri) {
        return uri.startsWith("sqlite:") || uri.startsWith("file:") ? uri : uri.replaceFirst(":.*", "") + "://…";
    }

    private long namespace(boolean someoneElses) {
        Long named = tidemark.namedNamespace();
        return named != null ? named : someoneElses ? System.currentTimeMillis() : 0;
    }

    private static String newFile() {
        try {
            Path directory = Files.createTempDirectory("tidemark-demo-");
            String path = directory.resolve("demo.db").toString();
            return "sqlite:" + path.replace("%", "%25").replace("?", "%3F");
        } catch (IOException failure) {
            throw new InputException("can't make a temporary directory: " + failure.getMessage(), failure);
        }
    }
}

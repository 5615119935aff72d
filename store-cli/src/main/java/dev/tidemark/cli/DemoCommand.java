package dev.tidemark.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "demo",
        description = {
            "Show in some seconds what a store does, on a new SQLite file, and check every step.",
            "",
            "With --store it uses that store, in a new namespace unless --namespace names one, which must be empty. "
                    + "Exit 1 if the store does anything but what the demo says.",
            "",
            "The data set for your own store: tidemark demo --data | tidemark import -",
            ""
        },
        sortOptions = false)
final class DemoCommand implements Runnable {
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
    public void run() {
        Output out = tidemark.terminal().out();
        if (data != null) {
            DemoData.print(data, out);
            return;
        }
        String named = tidemark.namedStore();
        String uri = named == null ? newFile() : named;
        if (uri.startsWith("memory:")) {
            throw new InputException("the demo closes its store and opens it again, and memory: would forget");
        }
        long namespace = namespace(named != null);
        Supplier<Session> opener = () -> Session.open(uri, namespace, tidemark.timeout());
        new DemoTour(opener, new Narrator(out)).run(uri, namespace);
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

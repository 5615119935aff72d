package dev.tidemark.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Runs commands on a store in this JVM, which is quicker than a process each; see {@link CliProcess} for those. */
final class Here {
    private final String store;

    Here(Path directory) {
        this(directory, "");
    }

    Here(Path directory, String parameters) {
        this.store = "sqlite:" + directory.resolve("here.db") + parameters;
    }

    private Here(String store) {
        this.store = store;
    }

    static Here on(String store) {
        return new Here(store);
    }

    String store() {
        return store;
    }

    Result run(String... args) {
        return pipe("", args);
    }

    Result pipe(String in, String... args) {
        return pipe(in.getBytes(StandardCharsets.UTF_8), args);
    }

    Result pipe(byte[] in, String... args) {
        List<String> all = new ArrayList<>(List.of("--store", store));
        all.addAll(List.of(args));
        return plain(in, false, all.toArray(String[]::new));
    }

    static Result plain(byte[] in, boolean interactive, String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Terminal terminal = new Terminal(
                new ByteArrayInputStream(in),
                new Output(out),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                interactive,
                Map.of());
        int code = Main.run(args, terminal);
        return new Result(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }
}

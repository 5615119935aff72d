package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A heap of 64 MiB is enough, whatever the size of the file. */
class LargeImportTest {
    private static final List<String> SMALL_HEAP = List.of("-Xmx64m", "-Dtidemark.interactive=true");

    @TempDir
    Path directory;

    @Test
    void aMillionLines() throws Exception {
        int entries = 1_000_000;
        Path file = directory.resolve("users.ndjson");
        try (BufferedWriter writer = Files.newBufferedWriter(file)) {
            for (int i = 0; i < entries; i++) {
                writer.write("{\"key\":\"user-" + i + "\",\"value\":{\"name\":\"User " + i + "\",\"age\":" + i % 90
                        + "}}\n");
            }
        }
        // Group commits of a throw-away file need not wait for the disk.
        Result imported = run("--store", "sqlite:tidemark.db?synchronous=normal", "import", "users", file.toString());
        assertThat(imported.out()).isEqualTo("{\"created\":" + entries + ",\"updated\":0,\"unchanged\":0}\n");
        assertThat(imported.err()).contains("ETA");
        assertThat(imported.code()).isZero();

        assertThat(run("count", "users").out()).isEqualTo(entries + "\n");
        try (CliProcess export = CliProcess.start(directory, Map.of(), SMALL_HEAP, "export", "users")) {
            assertThat(export.process().inputReader().lines().count()).isEqualTo(entries);
            assertThat(export.exitCode()).isZero();
        }
    }

    @Test
    void oneLargeObject() throws Exception {
        int entries = 200_000;
        assertThat(importOf("object.json", "{", "\"", "\":", ",\n", "}", entries))
                .isEqualTo("{\"created\":" + entries + ",\"updated\":0,\"unchanged\":0}\n");
    }

    @Test
    void oneLargeMapping() throws Exception {
        int entries = 100_000;
        assertThat(importOf("mapping.yaml", "", "", ": ", "\n", "", entries))
                .isEqualTo("{\"created\":" + entries + ",\"updated\":0,\"unchanged\":0}\n");
    }

    private String importOf(
            String name, String start, String beforeKey, String afterKey, String between, String end, int entries)
            throws IOException {
        Path file = directory.resolve(name);
        String filler = "\"" + "x".repeat(200) + "\"";
        try (BufferedWriter writer = Files.newBufferedWriter(file)) {
            writer.write(start);
            for (int i = 0; i < entries; i++) {
                writer.write((i == 0 ? "" : between) + beforeKey + "key-" + i + afterKey + filler);
            }
            writer.write(end);
        }
        return run("--store", "sqlite:tidemark.db?synchronous=normal", "import", "k", file.toString())
                .out();
    }

    private Result run(String... args) {
        try (CliProcess command = CliProcess.start(directory, Map.of(), SMALL_HEAP, args)) {
            return command.end();
        }
    }
}

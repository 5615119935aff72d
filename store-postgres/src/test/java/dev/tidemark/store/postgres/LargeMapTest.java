package dev.tidemark.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 5, unit = TimeUnit.MINUTES)
class LargeMapTest {

    /** A statement as large as the map takes the memory for it twice again. */
    @Test
    void k4_aMapOfHalfTheHeapIsWritten() throws Exception {
        try (PostgresServer.Database database = PostgresServer.shared().newDatabase()) {
            String java =
                    Path.of(System.getProperty("java.home"), "bin", "java").toString();
            String classPath = System.getProperty("java.class.path")
                    .replace(File.pathSeparator + File.pathSeparator, File.pathSeparator);
            Process process = new ProcessBuilder(
                            java,
                            "-Xmx64m",
                            "-XX:+UseSerialGC",
                            "-XX:+ExitOnOutOfMemoryError",
                            "-cp",
                            classPath,
                            LargeMap.class.getName(),
                            database.uri())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
                assertThat(output.readLine()).isEqualTo(String.valueOf(LargeMap.ENTRIES));
            } finally {
                process.destroyForcibly();
                process.onExit().join();
            }
        }
    }
}

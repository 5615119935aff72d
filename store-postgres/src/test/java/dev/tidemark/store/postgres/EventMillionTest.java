package dev.tidemark.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Streams hold a page, not the result. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class EventMillionTest {
    private PostgresServer.Database database;

    @BeforeEach
    void create() throws Exception {
        database = PostgresServer.shared().newDatabase();
    }

    @AfterEach
    void drop() {
        database.close();
    }

    @Test
    void e5_aMillionEventsAreStreamedWithASmallHeap() throws Exception {
        try (PostgresBackend backend = PostgresBackend.open(database.options())) {
            assertThat(backend.events(EventMillion.TYPES).position()).isZero();
        }
        database.execute(EventMillion.FILL);
        database.execute("VACUUM ANALYZE events");
        Process process = new ProcessBuilder(command(EventMillion.class, database.uri()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            for (String reading : EventMillion.READINGS) {
                int expected = reading.equals("half") ? EventMillion.EVENTS / 2 : EventMillion.EVENTS;
                assertThat(output.readLine()).isEqualTo(reading + " " + expected + " " + expected);
            }
        } finally {
            process.destroyForcibly();
            process.onExit().join();
        }
    }

    private static List<String> command(Class<?> main, String argument) {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String classPath = System.getProperty("java.class.path")
                .replace(File.pathSeparator + File.pathSeparator, File.pathSeparator);
        return List.of(java, "-Xmx64m", "-XX:+ExitOnOutOfMemoryError", "-cp", classPath, main.getName(), argument);
    }
}

package dev.tidemark.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Streams hold a page, not the result. */
class EventMillionTest {
    @TempDir
    Path directory;

    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void e5_aMillionEventsAreWrittenAndStreamedInEachOrderWithASmallHeap() throws Exception {
        List<String> jvm = List.of("-Xmx64m", "-XX:+ExitOnOutOfMemoryError");
        String file = directory.resolve("app.db").toString();
        try (ChildProcess process = ChildProcess.start(EventMillion.class, jvm, file)) {
            assertThat(process.line()).isEqualTo("written " + EventMillion.EVENTS);
            for (String reading : EventMillion.READINGS) {
                int expected = reading.equals("half") ? EventMillion.EVENTS / 2 : EventMillion.EVENTS;
                assertThat(process.line()).startsWith(reading + " " + expected + " " + expected + " ");
            }
        }
    }
}

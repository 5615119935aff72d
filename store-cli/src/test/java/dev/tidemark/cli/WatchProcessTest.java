package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One process watches what others write to the same file. */
class WatchProcessTest {
    @TempDir
    Path directory;

    private Here here;

    @BeforeEach
    void open() {
        here = new Here(directory);
    }

    @Test
    void aWatchSeesWhatOtherProcessesWrite() {
        here.pipe(here.run("demo", "--data", "countries").out(), "import", "countries", "-");
        try (CliProcess watch = watch("countries", "--replay")) {
            for (int i = 0; i < 249; i++) {
                assertThat(Json.parse(watch.nextOut()).path("replayed").asBoolean())
                        .isTrue();
            }
            assertThat(watch.nextOut()).isEqualTo("{\"type\":\"synced\",\"revision\":249}");
            CliProcess.run(directory, "--store", here.store(), "set", "countries", "DE", "{\"name\":\"Deutschland\"}");
            assertThat(watch.nextOut())
                    .startsWith("{\"type\":\"updated\",\"kind\":\"countries\",\"key\":\"DE\"")
                    .endsWith("\"version\":2,\"revision\":250,\"replayed\":false}");
            CliProcess.run(directory, "--store", here.store(), "set", "other", "DE", "1");
            CliProcess.run(directory, "--store", here.store(), "delete", "countries", "DE");
            assertThat(watch.nextOut())
                    .contains("\"type\":\"deleted\"", "\"value\":{\"name\":\"Deutschland\"}", "\"revision\":252");
        }
    }

    @Test
    void everyChangeOfAnImportArrivesOnceAndInOrder() {
        int changes = 5000;
        try (CliProcess watch = watch("k", "--count", Integer.toString(changes), "--buffer", "100000")) {
            Result imported = here.pipe(ProcessTest.bulk(changes), "import", "k", "-", "--batch", "50");
            assertThat(imported.code()).isZero();
            List<Long> revisions = new ArrayList<>();
            List<String> keys = new ArrayList<>();
            for (int i = 0; i < changes; i++) {
                JsonNode change = Json.parse(watch.nextOut());
                revisions.add(change.path("revision").asLong());
                keys.add(change.path("key").asText());
            }
            assertThat(revisions).isSorted().doesNotHaveDuplicates();
            assertThat(keys).doesNotHaveDuplicates().hasSize(changes);
            assertThat(watch.exitCode()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT"})
    void aSignalEndsItWithExit0(String signal) {
        assumeTrue(signal.equals("TERM") || CliProcess.hearsInterrupts(), "processes started from here ignore SIGINT");
        try (CliProcess watch = watch("--replay")) {
            assertThat(watch.nextOut()).isEqualTo("{\"type\":\"synced\",\"revision\":0}");
            here.run("set", "k", "a", "1");
            String change = watch.nextOut();
            assertThat(change).startsWith("{\"type\":\"created\"");
            watch.signal(signal);
            assertThat(watch.exitCode()).isZero();
            assertThat(watch.nextOut()).isEqualTo(CliProcess.END);
            assertThat(watch.nextErr()).isEqualTo(CliProcess.END);
        }
    }

    @Test
    void overflowIsExit4() {
        try (CliProcess watch = watch("--buffer", "1")) {
            here.pipe(ProcessTest.bulk(2000), "import", "k", "-");
            assertThat(watch.exitCode()).isEqualTo(4);
            assertThat(watch.nextErr())
                    .contains("more than 1 changes were waiting")
                    .contains("resume after revision");
        }
    }

    @Test
    void compactedHistoryIsExit4() {
        Here small = new Here(directory, "?historyLimit=10");
        small.pipe(ProcessTest.bulk(2000), "import", "k", "-");
        await().atMost(Duration.ofSeconds(CliProcess.PATIENCE_SECONDS)).untilAsserted(() -> {
            Result result = small.run("watch", "--after", "0", "--count", "1");
            assertThat(result.code()).isEqualTo(4);
            assertThat(result.err()).contains("history after revision 0 is gone");
        });
        Result ahead = small.run("watch", "--after", "9999");
        assertThat(ahead.code()).isEqualTo(4);
        assertThat(ahead.err()).contains("the store stands at revision 2000");
    }

    @Test
    void resumesAfterTheLastLineOfAnEarlierWatch() {
        here.run("set", "k", "a", "1");
        long revision;
        try (CliProcess watch = watch("--replay")) {
            revision = Json.parse(watch.nextOut()).path("revision").asLong();
        }
        here.run("set", "k", "a", "2");
        here.run("delete", "k", "a");
        Result resumed = CliProcess.run(
                directory, "--store", here.store(), "watch", "--after", Long.toString(revision), "--count", "2");
        assertThat(resumed.lines().stream()
                        .map(line -> Json.parse(line).path("type").asText()))
                .containsExactly("updated", "deleted");
    }

    /** Returns when the watch is in force. */
    private CliProcess watch(String... args) {
        List<String> all = new ArrayList<>(List.of("--store", here.store(), "watch"));
        all.addAll(List.of(args));
        CliProcess watch =
                CliProcess.start(directory, all.toArray(String[]::new)).read();
        assertThat(watch.nextErr()).isEqualTo("watching");
        return watch;
    }
}

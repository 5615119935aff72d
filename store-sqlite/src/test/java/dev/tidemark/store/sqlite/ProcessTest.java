package dev.tidemark.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.store.Change;
import dev.tidemark.store.Entry;
import dev.tidemark.store.Store;
import dev.tidemark.store.StoreOptions;
import dev.tidemark.store.Watch;
import dev.tidemark.store.WatchOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several processes on one file, some of which end suddenly. */
class ProcessTest {
    private static final int KILLS = 10;

    @TempDir
    Path directory;

    @Test
    void aKilledWriterLosesNothingAcknowledgedAndTearsNothing() throws Exception {
        Path file = directory.resolve("app.db");
        Random random = new Random(20);
        Map<String, Integer> acknowledged = new HashMap<>();
        long head = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            try (Hammer hammer = Hammer.start(file)) {
                readUntilKilled(hammer, 1 + random.nextInt(120), acknowledged);
            }
            head = checkRecovered(file, acknowledged, head);
        }
        assertThat(acknowledged).hasSize(2 * Hammer.WRITERS).doesNotContainValue(0);
    }

    @Test
    void w1_pollingShowsWhatAllProcessesWriteInOneOrder() throws Exception {
        Path file = directory.resolve("app.db");
        SqliteOptions options =
                SqliteOptions.at(file).withTimeout(Duration.ofSeconds(60)).withWatchPolling(Duration.ofMillis(20));
        try (SqliteBackend backend = SqliteBackend.open(options);
                Database database = new Database(file)) {
            Store<String> store = backend.store(Texts.CODEC);
            Watch<String> watch = store.watch(WatchOptions.defaults().withBufferSize(1_000_000));
            try (Hammer one = Hammer.start(file);
                    Hammer other = Hammer.start(file)) {
                one.acknowledged();
                other.acknowledged();
                for (int i = 0; i < 200; i++) {
                    store.set("ours", "key-" + i % 7, "v" + i);
                    one.acknowledged();
                }
                one.kill();
                for (int i = 0; i < 20; i++) {
                    other.acknowledged();
                }
            }
            long head = store.list("ours").revision();
            assertThat(head).isGreaterThan(600);
            assertThat(Watcher.upTo(head, watch)).containsExactlyElementsOf(database.history());
        }
    }

    @Test
    void withoutPollingForeignWritesComeWithTheNextOwnOne() throws Exception {
        SqliteOptions options = SqliteOptions.at(directory.resolve("app.db"));
        try (SqliteBackend one = SqliteBackend.open(options);
                SqliteBackend other = SqliteBackend.open(options)) {
            Watch<String> watch = one.store(Texts.CODEC).watch(WatchOptions.defaults());
            other.store(Texts.CODEC).set("k", "a", "1");
            other.store(Texts.CODEC, StoreOptions.<String>defaults().withNamespace(1))
                    .set("k", "a", "1");
            one.store(Texts.CODEC).set("k", "a", "2");

            assertThat(Watcher.upTo(2, watch)).containsExactly("1 create k/a 1 1", "2 update k/a 2 2");
        }
    }

    private static void readUntilKilled(Hammer hammer, int lines, Map<String, Integer> acknowledged) throws Exception {
        int read = 0;
        for (String line = hammer.acknowledged(); line != null; line = hammer.acknowledged()) {
            String[] words = line.split(" ", -1);
            acknowledged.put(words[0] + " " + words[1], Integer.parseInt(words[2]));
            if (++read == lines) {
                hammer.kill();
            }
        }
        assertThat(read).isGreaterThanOrEqualTo(lines);
    }

    /**
     * Since the last check, each writer has at most one write that it could not acknowledge. The next process goes on from what was
     * found, so that counts as acknowledged from now on.
     */
    private static long checkRecovered(Path file, Map<String, Integer> acknowledged, long headBefore) throws Exception {
        try (SqliteBackend backend = SqliteBackend.open(SqliteOptions.at(file));
                Database database = new Database(file)) {
            Store<String> store = backend.store(Texts.CODEC);
            for (int writer = 0; writer < Hammer.WRITERS; writer++) {
                int known = acknowledged.getOrDefault("single " + writer, 0);
                int single = Integer.parseInt(store.get("single", "" + writer).orElse("0"));
                assertThat(single).isBetween(known, known + 1);
                acknowledged.put("single " + writer, single);
                int batch = batch(store.list("batch-" + writer).items());
                assertThat(batch).isIn(acknowledged.getOrDefault("batch " + writer, 0), single);
                acknowledged.put("batch " + writer, batch);
            }
            assertThat(database.column("PRAGMA integrity_check")).containsExactly("ok");
            long head = store.list("single").revision();
            assertThat(head).isGreaterThan(headBefore);
            assertThat(database.number("SELECT head FROM zestor_meta")).isEqualTo(head);
            assertThat(database.number("SELECT max(revision) - min(revision) + 1 FROM zestor_outbox"))
                    .isEqualTo(database.number("SELECT count(*) FROM zestor_outbox"))
                    .isEqualTo(head);
            assertThat(replayed(store, head)).isEqualTo(stored(store));
            return head;
        }
    }

    /** The count that all entries of a batch agree on; 0 without entries. */
    private static int batch(List<Entry<String>> entries) {
        if (entries.isEmpty()) {
            return 0;
        }
        List<String> values = entries.stream().map(Entry::value).toList();
        int count = Integer.parseInt(values.get(0));
        assertThat(values).hasSize(count % 2 == 0 ? 5 : 6).containsOnly(values.get(0));
        return count;
    }

    private static Map<String, String> stored(Store<String> store) {
        Map<String, String> stored = new HashMap<>();
        for (String kind : store.kinds()) {
            store.list(kind).items().forEach(entry -> stored.put(kind + "/" + entry.key(), entry.value()));
        }
        return stored;
    }

    /** What the whole history amounts to. */
    private static Map<String, String> replayed(Store<String> store, long head) throws InterruptedException {
        Map<String, String> state = new HashMap<>();
        Watch<String> watch = store.watch(WatchOptions.defaults().withStartAfter(0));
        while (watch.revision() < head) {
            Change<String> change = watch.poll(Duration.ofSeconds(60)).orElseThrow();
            String name = change.kind() + "/" + change.key();
            if (change.type() == Change.Type.DELETED) {
                state.remove(name);
            } else {
                state.put(name, change.value());
            }
        }
        return state;
    }
}

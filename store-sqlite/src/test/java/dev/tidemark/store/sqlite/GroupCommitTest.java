package dev.tidemark.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemark.store.ConflictException;
import dev.tidemark.store.Entry;
import dev.tidemark.store.Store;
import dev.tidemark.store.Watch;
import dev.tidemark.store.WatchOptions;
import dev.tidemark.store.WriteBatch;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Writers that share transactions. */
class GroupCommitTest {
    private static final int WRITERS = 12;
    private static final int KEYS = 4;
    private static final int WRITES = 250;
    private static final long BLIND = -1;

    /** A write that succeeded; {@code replaced} is the tag it was conditional on, 0 for an absent key. */
    private record Done(long invoked, long returned, String key, long replaced, long revision) {}

    @TempDir
    Path directory;

    private Path file;
    private SqliteBackend backend;
    private Store<String> store;

    @BeforeEach
    void open() {
        file = directory.resolve("app.db");
        backend = SqliteBackend.open(SqliteOptions.at(file).withTimeout(Duration.ofSeconds(60)));
        store = backend.store(Texts.CODEC);
    }

    @AfterEach
    void close() {
        backend.close();
    }

    @Test
    void k6_oneConflictInATransactionFailsOnlyItself() throws Exception {
        long tag = store.create("k", "shared", "0");
        ExecutorService executor = Executors.newFixedThreadPool(WRITERS);
        try (Database other = new Database(file)) {
            other.execute("BEGIN IMMEDIATE");
            List<Future<Boolean>> results = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                String own = "own-" + i;
                results.add(executor.submit(() -> replacedShared(own, tag)));
            }
            await().atMost(Duration.ofMinutes(1)).until(() -> Writers.in("submit") == WRITERS);
            other.execute("ROLLBACK");

            List<Boolean> outcomes = new ArrayList<>();
            for (Future<Boolean> result : results) {
                outcomes.add(result.get());
            }
            assertThat(outcomes).containsOnlyOnce(true);
            assertThat(store.keys("k")).hasSize(2).contains("shared");
            assertThat(store.list("k").revision()).isEqualTo(3);
            assertThat(other.number("SELECT count(DISTINCT at) FROM zestor_outbox WHERE revision > 1"))
                    .isEqualTo(1);
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    void k9_recordedWritesAreLinearizableAndTheWatchIsTheHistory() throws Exception {
        Watch<String> watch = store.watch(WatchOptions.defaults().withBufferSize(WRITERS * WRITES));
        ConcurrentLinkedQueue<Done> done = new ConcurrentLinkedQueue<>();
        List<CompletableFuture<Void>> running = IntStream.range(0, WRITERS)
                .mapToObj(writer ->
                        CompletableFuture.runAsync(() -> write(writer, done), task -> new Thread(task).start()))
                .toList();
        CompletableFuture.allOf(running.toArray(CompletableFuture[]::new)).join();

        try (Database database = new Database(file)) {
            List<String> history = database.history();
            long head = store.list("k").revision();
            assertThat(history).hasSize((int) head).hasSameSizeAs(done);
            assertThat(done).hasSizeGreaterThan(WRITERS * WRITES / 4);
            assertThat(Watcher.upTo(head, watch)).containsExactlyElementsOf(history);
            assertThat(database.number("SELECT count(DISTINCT at) FROM zestor_outbox"))
                    .as("transactions")
                    .isLessThan(head);
            for (Done write : done) {
                checkReplaced(database, write);
            }
        }
        checkRealTime(done);
    }

    private boolean replacedShared(String own, long tag) {
        try {
            store.write(new WriteBatch<String>().set("k", own, "x").replace("k", "shared", own, tag));
            return true;
        } catch (ConflictException conflict) {
            return false;
        }
    }

    private void write(int writer, ConcurrentLinkedQueue<Done> done) {
        Random random = new Random(writer);
        for (int i = 0; i < WRITES; i++) {
            String key = "key-" + random.nextInt(KEYS);
            String value = writer + "." + i;
            long invoked = System.nanoTime();
            Entry<String> seen = store.entry("k", key).orElse(null);
            long seenTag = seen == null ? 0 : seen.tag();
            try {
                boolean blind = random.nextInt(3) == 0;
                WriteBatch<String> batch = new WriteBatch<>();
                long revision = store.write(
                                blind
                                        ? batch.set("k", key, value)
                                        : seen == null
                                                ? batch.create("k", key, value)
                                                : batch.replace("k", key, value, seenTag))
                        .revision();
                done.add(new Done(invoked, System.nanoTime(), key, blind ? BLIND : seenTag, revision));
            } catch (ConflictException overtaken) {
                assertThat(store.entry("k", key).map(Entry::tag).orElse(0L)).isNotEqualTo(seenTag);
            }
        }
    }

    /** What a conditional write replaced is what the history has just before it for the key. */
    private static void checkReplaced(Database database, Done write) throws Exception {
        long before =
                database.number("SELECT coalesce(max(revision), 0) FROM zestor_outbox WHERE kind = 'k' AND key = '"
                        + write.key + "' AND revision < " + write.revision);
        assertThat(write.replaced).as("%s", write).isIn(BLIND, before);
    }

    /** A write that began after another had returned has the higher revision. */
    private static void checkRealTime(Iterable<Done> done) {
        PriorityQueue<Done> running = new PriorityQueue<>(Comparator.comparingLong(Done::returned));
        List<Done> inOrder = new ArrayList<>();
        done.forEach(inOrder::add);
        inOrder.sort(Comparator.comparingLong(Done::invoked));
        long highestReturned = 0;
        for (Done write : inOrder) {
            while (!running.isEmpty() && running.peek().returned < write.invoked) {
                highestReturned = Math.max(highestReturned, running.remove().revision);
            }
            assertThat(write.revision).isGreaterThan(highestReturned);
            running.add(write);
        }
    }
}

package dev.tidemark.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tidemark.store.HistoryCompactedException;
import dev.tidemark.store.RevisionAheadException;
import dev.tidemark.store.Store;
import dev.tidemark.store.StoreOptions;
import dev.tidemark.store.Watch;
import dev.tidemark.store.WatchOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetentionTest {
    @TempDir
    Path directory;

    private Path file;
    private SqliteOptions options;

    @BeforeEach
    void options() {
        file = directory.resolve("app.db");
        options = SqliteOptions.at(file);
    }

    @Test
    void w6_theFloorItselfCanBeResumedFrom() throws Exception {
        try (SqliteBackend backend = SqliteBackend.open(options.withHistoryLimit(1000));
                Database database = new Database(file)) {
            Store<String> store = backend.store(Texts.CODEC);
            Store<String> other =
                    backend.store(Texts.CODEC, StoreOptions.<String>defaults().withNamespace(7));
            other.set("k", "a", "1");
            fill(store, 0, 2600);
            backend.engine().retention().drop();

            assertThat(database.number("SELECT floor FROM zestor_meta WHERE ns_id = 0"))
                    .isEqualTo(1600);
            assertThat(Watcher.upTo(2600, store.watch(after(1600)))).containsExactlyElementsOf(database.history());
            assertThatThrownBy(() -> store.watch(after(1599)))
                    .isInstanceOfSatisfying(HistoryCompactedException.class, compacted -> {
                        assertThat(compacted.requested()).isEqualTo(1599);
                        assertThat(compacted.oldest()).isEqualTo(1600);
                    });
            assertThat(store.watch(after(2600)).poll(Duration.ZERO)).isEmpty();
            assertThatThrownBy(() -> store.watch(after(2601)))
                    .isInstanceOfSatisfying(
                            RevisionAheadException.class,
                            ahead -> assertThat(ahead.newest()).isEqualTo(2600));
            assertThat(Watcher.upTo(1, other.watch(after(0)))).hasSize(1);
        }
    }

    @Test
    void k1_revisionsGoOnAfterAllHistoryIsGone() throws Exception {
        try (SqliteBackend backend = SqliteBackend.open(options.withRetention(Duration.ofMillis(1)))) {
            Store<String> store = backend.store(Texts.CODEC);
            fill(store, 0, 700);
            await().atMost(Duration.ofMinutes(1))
                    .untilAsserted(() -> assertThatThrownBy(() -> store.watch(after(699)))
                            .isInstanceOf(HistoryCompactedException.class));
        }
        try (SqliteBackend backend = SqliteBackend.open(options);
                Database database = new Database(file)) {
            assertThat(database.number("SELECT count(*) FROM zestor_outbox")).isZero();
            Store<String> store = backend.store(Texts.CODEC);
            Watch<String> watch = store.watch(after(700));
            assertThat(store.create("k", "new", "x")).isEqualTo(701);
            assertThat(Watcher.upTo(701, watch)).containsExactly("701 create k/new 1 x");
        }
    }

    @Test
    void writersMakeItDropWhatIsTooMuchAndNoAttachedWatchLosesAnything() throws Exception {
        try (SqliteBackend backend = SqliteBackend.open(options.withHistoryLimit(500));
                Database database = new Database(file)) {
            Store<String> store = backend.store(Texts.CODEC);
            Watch<String> watch = store.watch(WatchOptions.defaults());
            for (int i = 0; i < 3000; i += 100) {
                fill(store, i, i + 100);
                assertThat(Watcher.upTo(i + 100, watch)).hasSize(100);
            }
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> database.number("SELECT count(*) FROM zestor_outbox") <= 550);
            assertThat(database.number("SELECT head - floor - (SELECT count(*) FROM zestor_outbox) FROM zestor_meta"))
                    .isZero();
        }
    }

    /** As others do who use up the memory of the process. */
    @Test
    void anErrorIsNotTheEndOfIt() throws Exception {
        try (SqliteBackend backend = SqliteBackend.open(options);
                Database database = new Database(file)) {
            fill(backend.store(Texts.CODEC), 0, 100);
            Sessions sessions = backend.engine().sessions();
            AtomicInteger errors = new AtomicInteger();
            SqliteOptions brief = options.withRetention(Duration.ofMillis(1));
            Retention retention = new Retention(
                    brief,
                    sessions.readers(),
                    new Sql("zestor"),
                    backend.engine().writer(),
                    namespace -> {
                        if (errors.incrementAndGet() < 3) {
                            throw new OutOfMemoryError("on purpose");
                        }
                        return Long.MAX_VALUE;
                    });
            retention.start();
            await().atMost(Duration.ofMinutes(1)).until(() -> database.number("SELECT floor FROM zestor_meta") == 100);
            retention.close();
        }
    }

    private static void fill(Store<String> store, int from, int to) {
        store.setAll(
                "k",
                IntStream.range(from, to)
                        .boxed()
                        .collect(java.util.stream.Collectors.toMap("%06d"::formatted, i -> "v" + i)));
    }

    private static WatchOptions after(long revision) {
        return WatchOptions.defaults().withStartAfter(revision);
    }
}

package dev.tidemark.store.postgres;

import static dev.tidemark.store.postgres.Changes.foreignSet;
import static dev.tidemark.store.postgres.Changes.next;
import static dev.tidemark.store.postgres.Changes.number;
import static dev.tidemark.store.postgres.TextCodec.TEXT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemark.store.Backend;
import dev.tidemark.store.Change;
import dev.tidemark.store.Store;
import dev.tidemark.store.StoreOptions;
import dev.tidemark.store.Watch;
import dev.tidemark.store.WatchOptions;
import dev.tidemark.store.WriteBatch;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Revision order is commit order, whoever writes: one transaction is held open while another commits. */
class OrderTest {
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private PostgresServer.Database database;
    private PostgresBackend backend;
    private Store<String> store;

    /** Ways to write that can be held open before their commit. */
    enum Held {
        FOREIGN,
        JOINED
    }

    /** Ways to write at once. */
    enum Quick {
        LONE,
        PLAIN,
        BATCH,
        FOREIGN,
        JOINED
    }

    @BeforeEach
    void open() throws Exception {
        database = PostgresServer.shared().newDatabase();
        backend = PostgresBackend.open(database.options());
        store = backend.store(TEXT);
    }

    @AfterEach
    void close() throws Exception {
        threads.shutdownNow();
        backend.close();
        database.close();
    }

    @ParameterizedTest
    @CsvSource({
        "FOREIGN,LONE", "FOREIGN,PLAIN", "FOREIGN,BATCH", "FOREIGN,FOREIGN", "FOREIGN,JOINED",
        "JOINED,LONE", "JOINED,PLAIN", "JOINED,BATCH", "JOINED,FOREIGN", "JOINED,JOINED"
    })
    void whatCommitsLaterComesLater(Held held, Quick quick) throws Exception {
        try (Watch<String> watch = store.watch(WatchOptions.defaults());
                Connection first = database.connect()) {
            first.setAutoCommit(false);
            hold(held, first, "first");
            write(quick, "second");
            assertThat(next(watch, 1)).extracting(Change::key).containsExactly("second");
            first.commit();
            assertThat(next(watch, 1)).extracting(Change::key).containsExactly("first");
            write(quick, "third");
            assertThat(next(watch, 1)).extracting(Change::key).containsExactly("third");
        }
        try (Watch<String> again = store.watch(WatchOptions.defaults().withStartAfter(0))) {
            assertThat(next(again, 3)).extracting(Change::key).containsExactly("second", "first", "third");
        }
    }

    private void hold(Held held, Connection connection, String key) throws Exception {
        if (held == Held.FOREIGN) {
            foreignSet(connection, "k", key, "held");
        } else {
            backend.withConnection(connection).store(TEXT).set("k", key, "held");
        }
    }

    private void write(Quick quick, String key) throws Exception {
        switch (quick) {
            case LONE -> store.set("k", key, "quick");
            case PLAIN -> store.setAll("k", Map.of(key, "quick"));
            case BATCH ->
                store.write(new WriteBatch<String>().requireAbsent("k", "none").create("k", key, "quick"));
            case FOREIGN, JOINED -> {
                try (Connection connection = database.connect()) {
                    connection.setAutoCommit(false);
                    hold(quick == Quick.FOREIGN ? Held.FOREIGN : Held.JOINED, connection, key);
                    connection.commit();
                }
            }
        }
    }

    /** What a batch leaves as it is belongs to it as much as what it writes. */
    @Test
    void aBatchThatWaitsForAnotherComesWhollyBehindIt() throws Exception {
        Map<String, String> mine = Map.of("a", "1", "b", "2");
        store.set("k", "a", "1");
        store.set("k", "b", "0");
        try (Connection other = database.connect()) {
            other.setAutoCommit(false);
            backend.withConnection(other).store(TEXT).setAll("k", Map.of("a", "5", "b", "5"));
            Future<?> waiting = threads.submit(() -> store.setAll("k", mine));
            awaitLockWaiter();
            other.commit();
            waiting.get();
        }
        assertThat(store.getAll("k", List.of("a", "b"))).isEqualTo(mine);
    }

    /** The same for a batch of so many bytes that several statements write it. */
    @Test
    void aLargeBatchThatWaitsForAnotherComesWhollyBehindIt() throws Exception {
        Map<String, String> mine = new TreeMap<>(Map.of("a", "1", "z", "2"));
        for (int i = 0; i < 5; i++) {
            mine.put("large-" + i, String.valueOf(i).repeat(8 << 20));
        }
        store.set("k", "a", "1");
        store.set("k", "z", "0");
        try (Connection other = database.connect()) {
            other.setAutoCommit(false);
            backend.withConnection(other).store(TEXT).setAll("k", Map.of("a", "5", "z", "5"));
            Future<?> waiting = threads.submit(() -> store.setAll("k", mine));
            awaitLockWaiter();
            other.commit();
            waiting.get();
        }
        assertThat(store.getAll("k", List.of("a", "z"))).isEqualTo(Map.of("a", "1", "z", "2"));
    }

    /** A key that it deletes and that was not there belongs to it, too. */
    @Test
    void aBatchDeletesWhatTheOneItWaitedForHasCreated() throws Exception {
        store.set("k", "b", "0");
        try (Connection other = database.connect()) {
            other.setAutoCommit(false);
            backend.withConnection(other).store(TEXT).setAll("k", Map.of("a", "5", "b", "5"));
            Future<?> waiting = threads.submit(
                    () -> store.write(new WriteBatch<String>().delete("k", "a").set("k", "b", "2")));
            awaitLockWaiter();
            other.commit();
            waiting.get();
        }
        assertThat(store.getAll("k", List.of("a", "b"))).isEqualTo(Map.of("b", "2"));
    }

    private void awaitLockWaiter() throws Exception {
        try (Connection observer = database.connect()) {
            await().until(() -> number(observer, "SELECT count(*) FROM pg_locks WHERE NOT granted") > 0);
        }
    }

    /** The own path stops where a commit stops: under the lock, before its revision is drawn. */
    @Test
    void anOwnWriteWaitsForACommitThatHasItsRevision() throws Exception {
        try (Watch<String> watch = store.watch(WatchOptions.defaults());
                Connection first = database.connect();
                Connection observer = database.connect()) {
            first.setAutoCommit(false);
            foreignSet(first, "k", "first", "held");
            first.createStatement().execute("SET CONSTRAINTS ALL IMMEDIATE");
            Future<?> second = threads.submit(() -> store.set("k", "second", "own"));
            await().until(() ->
                    number(observer, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted") == 1);
            assertThat(second.isDone()).isFalse();
            first.commit();
            second.get();
            assertThat(next(watch, 2)).extracting(Change::key).containsExactly("first", "second");
        }
    }

    @Test
    void whatIsRolledBackLeavesNoTrace() throws Exception {
        try (Watch<String> watch = store.watch(WatchOptions.defaults());
                Connection connection = database.connect()) {
            connection.setAutoCommit(false);
            hold(Held.FOREIGN, connection, "a");
            hold(Held.JOINED, connection, "b");
            connection.rollback();
            store.set("k", "c", "1");
            assertThat(next(watch, 1)).extracting(Change::key).containsExactly("c");
            assertThat(store.keys("k")).containsExactly("c");
        }
    }

    /** All ways at once on few keys: every watch follows each key from value to value, and ends where the table does. */
    @Test
    void mixedWritersOnHotKeysKeepEveryKeysOrder() throws Exception {
        int writers = 6;
        int writes = 150;
        try (PostgresBackend other = PostgresBackend.open(database.options());
                Watch<String> watch = store.watch(WatchOptions.defaults().withBufferSize(100_000))) {
            List<Future<?>> running = new ArrayList<>();
            for (int writer = 0; writer < writers; writer++) {
                int number = writer;
                running.add(threads.submit(() -> {
                    writeMixed(number, writes, number % 2 == 0 ? backend : other);
                    return null;
                }));
            }
            for (Future<?> done : running) {
                done.get();
            }
            store.set("end", "end", "end");
            assertFollows(watch);
        }
    }

    private void writeMixed(int writer, int writes, Backend own) throws Exception {
        Store<String> mine = own.store(TEXT);
        try (Connection connection = database.connect()) {
            connection.setAutoCommit(false);
            for (int i = 0; i < writes; i++) {
                String key = "key" + (i * 7 + writer) % 5;
                String value = writer + ":" + i;
                switch (writer % 6) {
                    case 0 -> mine.set("k", key, value);
                    case 1 -> mine.setAll("k", Map.of(key, value, key + "x", value));
                    case 2 ->
                        mine.write(new WriteBatch<String>().delete("k", key).set("k", key + "x", value));
                    case 3 -> mine.delete("k", key);
                    case 4 -> foreignSet(connection, "k", key, value);
                    default -> backend.withConnection(connection).store(TEXT).set("k", key, value);
                }
                connection.commit();
            }
        }
    }

    private void assertFollows(Watch<String> watch) throws InterruptedException {
        Map<String, String> state = new HashMap<>();
        long revision = 0;
        while (true) {
            Change<String> change = next(watch, 1).get(0);
            assertThat(change.revision()).isGreaterThan(revision);
            revision = change.revision();
            if (change.kind().equals("end")) {
                break;
            }
            switch (change.type()) {
                case CREATED ->
                    assertThat(state.put(change.key(), change.value()))
                            .as("%s", change)
                            .isNull();
                case UPDATED ->
                    assertThat(state.put(change.key(), change.value()))
                            .as("%s", change)
                            .isNotNull();
                case DELETED ->
                    assertThat(state.remove(change.key())).as("%s", change).isEqualTo(change.value());
            }
        }
        Map<String, String> stored = new HashMap<>();
        store.list("k").items().forEach(entry -> stored.put(entry.key(), entry.value()));
        assertThat(state).isEqualTo(stored);
    }

    @Test
    void revisionsOfABatchAreConsecutiveBesideOtherNamespaces() throws Exception {
        Store<String> same = backend.store(TEXT, StoreOptions.<String>defaults().withNamespace(8));
        Store<String> apart =
                backend.store(TEXT, StoreOptions.<String>defaults().withNamespace(3));
        List<Future<?>> noise = new ArrayList<>();
        for (Store<String> other : List.of(same, apart)) {
            noise.add(threads.submit(() -> {
                for (int i = 0; i < 200; i++) {
                    other.setAll("k", Map.of("a", "" + i, "b", "" + i));
                }
            }));
        }
        try (Watch<String> watch = store.watch(WatchOptions.defaults())) {
            for (int i = 0; i < 50; i++) {
                WriteBatch<String> batch = new WriteBatch<>();
                for (int key = 9; key >= 0; key--) {
                    batch.set("k", "key" + key, "" + i);
                }
                long last = store.write(batch).revision();
                List<Change<String>> changes = next(watch, 10);
                for (int place = 0; place < 10; place++) {
                    assertThat(changes.get(place).key()).isEqualTo("key" + (9 - place));
                    assertThat(changes.get(place).revision()).isEqualTo(last - 9 + place);
                }
            }
        }
        for (Future<?> done : noise) {
            done.get();
        }
    }

    @Test
    void rowsOfOthersGetTagsAndVersions() throws Exception {
        try (Connection connection = database.connect()) {
            foreignSet(connection, "k", "a", "1");
            var first = store.entry("k", "a").orElseThrow();
            assertThat(first.version()).isEqualTo(1);
            connection.createStatement().execute("UPDATE zestor_kv SET value = 'psql' WHERE key = 'a'");
            var second = store.entry("k", "a").orElseThrow();
            assertThat(second.version()).isEqualTo(2);
            assertThat(second.tag()).isNotEqualTo(first.tag());
            connection.createStatement().execute("UPDATE zestor_kv SET value = 'psql' WHERE key = 'a'");
            assertThat(store.entry("k", "a").orElseThrow()).isEqualTo(second);
            foreignSet(connection, "k", "a", "3");
            assertThat(store.entry("k", "a").orElseThrow().version()).isEqualTo(3);
        }
        await().atMost(Duration.ofSeconds(30)).until(() -> store.get("k", "a").isPresent());
    }
}

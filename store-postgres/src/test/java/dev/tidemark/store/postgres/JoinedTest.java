package dev.tidemark.store.postgres;

import static dev.tidemark.store.postgres.Changes.next;
import static dev.tidemark.store.postgres.Changes.number;
import static dev.tidemark.store.postgres.TextCodec.TEXT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.event.Event;
import dev.tidemark.event.EventBatch;
import dev.tidemark.event.EventHook;
import dev.tidemark.event.EventStore;
import dev.tidemark.event.EventStoreOptions;
import dev.tidemark.store.Backend;
import dev.tidemark.store.Change;
import dev.tidemark.store.ConflictException;
import dev.tidemark.store.SetResult;
import dev.tidemark.store.Snapshot;
import dev.tidemark.store.Store;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.StoreTimeoutException;
import dev.tidemark.store.Transaction;
import dev.tidemark.store.Watch;
import dev.tidemark.store.WatchOptions;
import dev.tidemark.store.WriteBatch;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Stores inside the caller's transaction. */
class JoinedTest {
    private PostgresServer.Database database;
    private PostgresBackend backend;
    private Store<String> store;
    private Connection connection;
    private Store<String> joined;

    @BeforeEach
    void open() throws Exception {
        database = PostgresServer.shared().newDatabase();
        backend = PostgresBackend.open(database.options());
        store = backend.store(TEXT);
        database.execute("CREATE TABLE orders (id INT PRIMARY KEY)");
        connection = database.connect();
        connection.setAutoCommit(false);
        joined = backend.withConnection(connection).store(TEXT);
    }

    @AfterEach
    void close() throws Exception {
        connection.close();
        backend.close();
        database.close();
    }

    private void order(int id) throws Exception {
        connection.createStatement().execute("INSERT INTO orders VALUES (" + id + ")");
    }

    @Test
    void everythingIsVisibleInsideAndNothingOutsideUntilTheCommit() throws Exception {
        store.set("k", "old", "1");
        try (Watch<String> watch = store.watch(WatchOptions.defaults())) {
            order(1);
            assertThat(joined.set("k", "a", "1")).isEqualTo(SetResult.CREATED);
            assertThat(joined.set("k", "a", "1")).isEqualTo(SetResult.UNCHANGED);
            assertThat(joined.update("k", "a", value -> value + "2")).isEqualTo("12");
            assertThat(joined.setAll("k", Map.of("b", "1", "c", "1")).created()).isEqualTo(2);
            assertThat(joined.delete("k", "old")).contains("1");
            assertThat(joined.keys("k")).containsExactly("a", "b", "c");
            assertThat(joined.count("k")).isEqualTo(3);
            assertThat(joined.kinds()).containsExactly("k");
            assertThat(joined.values("k")).containsExactly("12", "1", "1");
            try (Snapshot<String> snapshot = joined.snapshot()) {
                assertThat(snapshot.stream("k")).hasSize(3);
            }
            assertThat(store.keys("k")).containsExactly("old");
            store.set("other", "mark", "1");
            assertThat(next(watch, 1)).extracting(Change::key).containsExactly("mark");
            connection.commit();
            assertThat(next(watch, 5).stream().map(change -> change.type() + change.key() + change.version()))
                    .containsExactly("CREATEDa1", "UPDATEDa2", "CREATEDb1", "CREATEDc1", "DELETEDold1");
            assertThat(store.keys("k")).containsExactly("a", "b", "c");
        }
    }

    @Test
    void aRollbackTakesEverythingAlong() throws Exception {
        order(1);
        joined.set("k", "a", "1");
        connection.rollback();
        assertThat(store.get("k", "a")).isEmpty();
        assertThat(number(connection, "SELECT count(*) FROM orders")).isZero();
        assertThat(number(connection, "SELECT count(*) FROM zestor_outbox")).isZero();
    }

    @Test
    void aFailedWriteLeavesTheTransactionAsItWas() throws Exception {
        long tag = store.create("k", "a", "1");
        order(1);
        joined.set("k", "b", "1");
        assertThatThrownBy(() -> joined.create("k", "a", "2")).isInstanceOf(ConflictException.class);
        assertThatThrownBy(() ->
                        joined.write(new WriteBatch<String>().set("k", "c", "1").delete("k", "a", tag + 1_000)))
                .isInstanceOf(ConflictException.class);
        joined.replace("k", "a", "3", tag);
        connection.commit();
        assertThat(store.values("k")).containsExactly("3", "1");
        assertThat(number(connection, "SELECT count(*) FROM orders")).isEqualTo(1);
    }

    /** The key is made by somebody else after the transaction looked, and before it wrote. */
    @Test
    void aKeyThatAppearsMeanwhileIsMet() throws Exception {
        ExecutorService threads = Executors.newCachedThreadPool();
        try (Connection other = database.connect();
                Connection observer = database.connect()) {
            other.setAutoCommit(false);
            backend.withConnection(other).store(TEXT).set("k", "a", "theirs");
            Future<SetResult> blocked = threads.submit(() -> joined.set("k", "a", "ours"));
            Awaitility.await().until(() -> number(observer, "SELECT count(*) FROM pg_locks WHERE NOT granted") > 0);
            other.commit();
            assertThat(blocked.get()).isEqualTo(SetResult.UPDATED);
            connection.commit();
            assertThat(store.get("k", "a")).contains("ours");
        } finally {
            threads.shutdown();
        }
    }

    /** A transaction that reads an older state than there is can't be told to wait. */
    @Test
    void aKeyThatASnapshotCantSeeIsRefusedForWhatItIs() throws Exception {
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        assertThat(joined.get("k", "a")).isEmpty();
        store.set("k", "a", "theirs");
        assertThatThrownBy(() -> joined.create("k", "a", "ours"))
                .isExactlyInstanceOf(StoreException.class)
                .hasMessageContaining("23505");
        joined.set("k", "b", "ours");
        connection.commit();
        assertThat(store.values("k")).containsExactly("theirs", "ours");
    }

    @Test
    void callsAreBoundedAndLeaveTheTransactionUsable() throws Exception {
        store.set("k", "a", "1");
        try (PostgresBackend hasty = PostgresBackend.open(database.options().withTimeout(Duration.ofSeconds(2)));
                Connection other = database.connect()) {
            other.setAutoCommit(false);
            other.createStatement().execute("SELECT FROM zestor_kv FOR UPDATE");
            Store<String> bounded = hasty.withConnection(connection).store(TEXT);
            bounded.set("k", "b", "1");
            assertThatThrownBy(() -> bounded.set("k", "a", "2")).isInstanceOf(StoreTimeoutException.class);
            bounded.set("k", "c", "1");
            connection.commit();
            other.rollback();
        }
        assertThat(store.values("k")).containsExactly("1", "1", "1");
    }

    @Test
    void aLargeMergeWorks() throws Exception {
        Map<String, String> values =
                IntStream.range(0, 5_000).boxed().collect(Collectors.toMap(i -> "key" + i, i -> "" + i));
        assertThat(joined.setAll("k", values).created()).isEqualTo(5_000);
        connection.commit();
        try (Watch<String> watch = store.watch(WatchOptions.defaults().withStartAfter(0))) {
            assertThat(next(watch, 5_000))
                    .extracting(Change::revision)
                    .isSorted()
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void whatATransactionCanNotDoIsRefused() throws Exception {
        assertThatThrownBy(() -> joined.watch(WatchOptions.defaults()))
                .isInstanceOf(UnsupportedOperationException.class);
        connection.setAutoCommit(true);
        assertThatThrownBy(() -> backend.withConnection(connection)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void whatTheCallerDidToTheConnectionIsSaid() throws Exception {
        connection.setReadOnly(true);
        assertThatThrownBy(() -> joined.set("k", "a", "1"))
                .isExactlyInstanceOf(StoreException.class)
                .hasMessage("the caller's transaction is read-only");
        connection.rollback();
        connection.setReadOnly(false);
        connection.setAutoCommit(true);
        assertThatThrownBy(() -> joined.set("k", "a", "1"))
                .isExactlyInstanceOf(StoreException.class)
                .hasMessageContaining("call setAutoCommit(false) first");
        connection.setAutoCommit(false);
        joined.set("k", "a", "1");
        connection.commit();
        assertThat(store.get("k", "a")).contains("1");
    }

    @Test
    void serializableTransactionsKeepTheOrderToo() throws Exception {
        connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
        try (Watch<String> watch = store.watch(WatchOptions.defaults())) {
            joined.set("k", "first", "1");
            store.set("k", "second", "1");
            connection.commit();
            assertThat(next(watch, 2)).extracting(Change::key).containsExactly("second", "first");
        }
    }

    /** Somebody changes the tables. */
    @Test
    void aWriteThatCantEvenBeginLeavesTheTransactionUsable() throws Exception {
        UUID id = UUID.randomUUID();
        backend.events(Deed.BINARY).insert(Event.of("done", "x").withId(id));
        try (PostgresBackend hasty = PostgresBackend.open(database.options().withTimeout(Duration.ofSeconds(2)))) {
            Backend inside = hasty.withConnection(connection);
            Store<String> entries = inside.store(TEXT);
            EventStore events = inside.events(Deed.BINARY);
            hasty.events(Deed.BINARY).find(id);
            order(1);
            assertGivesUp("zestor_outbox", () -> entries.set("k", "a", "1"));
            assertGivesUp("events", () -> events.delete(List.of(id)));
            order(2);
            connection.commit();
        }
        try (Connection other = database.connect()) {
            assertThat(number(other, "SELECT count(*) FROM orders")).isEqualTo(2);
        }
        assertThat(store.keys("k")).isEmpty();
        assertThat(backend.events(Deed.BINARY).find(id)).isPresent();
    }

    private void assertGivesUp(String lockedTable, ThrowingCallable call) throws Exception {
        try (Connection other = database.connect()) {
            other.setAutoCommit(false);
            other.createStatement().execute("LOCK TABLE " + lockedTable + " IN ACCESS EXCLUSIVE MODE");
            assertThatThrownBy(call).isInstanceOf(StoreTimeoutException.class);
        }
    }

    @Test
    void whatAnInterruptEndsLeavesNothingBehind() throws Exception {
        EventHook interrupting = new EventHook() {
            @Override
            public void after(Transaction transaction, List<Event<?>> events) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("no");
            }
        };
        Backend inside = backend.withConnection(connection);
        EventStore events =
                inside.events(Deed.BINARY, EventStoreOptions.defaults().withHook(interrupting));
        Store<String> entries = inside.store(TEXT);
        entries.set("k", "a", "1");
        assertThatThrownBy(() -> inside.transact(transaction -> {
                    transaction.write(entries, new WriteBatch<String>().set("k", "b", "2"));
                    transaction.write(events, new EventBatch().insert(Event.of("done", "x")));
                    return true;
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("no");
        assertThat(Thread.interrupted()).isTrue();
        connection.commit();
        assertThat(store.keys("k")).containsExactly("a");
    }
}

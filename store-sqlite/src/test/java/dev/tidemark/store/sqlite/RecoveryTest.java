package dev.tidemark.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemark.event.AggregateId;
import dev.tidemark.event.Event;
import dev.tidemark.event.EventBatch;
import dev.tidemark.event.EventConflictException;
import dev.tidemark.event.EventHook;
import dev.tidemark.event.EventQuery;
import dev.tidemark.event.EventStore;
import dev.tidemark.event.EventStoreOptions;
import dev.tidemark.event.EventTypes;
import dev.tidemark.event.ExpectedVersion;
import dev.tidemark.store.Change;
import dev.tidemark.store.ConflictException;
import dev.tidemark.store.Entry;
import dev.tidemark.store.OutcomeUnknownException;
import dev.tidemark.store.Snapshot;
import dev.tidemark.store.Store;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.StoreUnavailableException;
import dev.tidemark.store.Transaction;
import dev.tidemark.store.Watch;
import dev.tidemark.store.WatchOptions;
import dev.tidemark.store.WriteBatch;
import dev.tidemark.store.sqlite.FragileConnections.Fault;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each call of each kind of work fails once, in every way, and so does what follows it: what was promised holds, and nothing leaks. */
class RecoveryTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int READERS = 2;
    private static final EventTypes TYPES = EventTypes.none().with("said", String.class, Texts.CODEC);

    @TempDir
    Path directory;

    private final FragileConnections connections = new FragileConnections();
    private SqliteBackend backend;
    private Database other;
    private Store<String> store;
    private EventStore events;
    private EventStore hooked;
    private Watch<String> watch;
    private int round;

    /** Does something with the number of this round, once. */
    private interface Work {
        void run() throws Exception;
    }

    /** @param counting what is 2 when the work of a round was done, and 0 when it was not; null if there is nothing to see */
    private record Kind(String name, Work work, @Nullable String counting) {}

    @BeforeEach
    void open() throws Exception {
        SqliteOptions options = SqliteOptions.at(directory.resolve("app.db"))
                .withReaders(READERS)
                .withTimeout(PATIENCE)
                .withSynchronous(SqliteOptions.Synchronous.NORMAL);
        backend = SqliteBackend.open(options, connections);
        other = new Database(directory.resolve("app.db"));
        other.execute("PRAGMA synchronous = OFF", "CREATE TABLE own (text TEXT UNIQUE)");
        store = backend.store(Texts.CODEC);
        events = backend.events(TYPES);
        hooked = backend.events(TYPES, EventStoreOptions.defaults().withHook(new InsertingHook()));
        watch = store.watch(WatchOptions.defaults().withBufferSize(1_000_000));
        store.set("there", "a", "1");
        store.set("there", "b", "1");
        events.insert(said("there", 1), said("there", 2));
    }

    @AfterEach
    void close() throws Exception {
        backend.close();
        other.close();
        assertThat(connections.open()).isZero();
    }

    private List<Kind> kinds() {
        String changes = "SELECT count(*) FROM zestor_outbox WHERE kind = 'k%d'";
        String made = "SELECT count(*) FROM events WHERE aggregate_name = 'k%d'";
        String own = "SELECT count(*) FROM own WHERE text LIKE 'k%d-%%'";
        return List.of(
                new Kind("batch", this::writeBatch, changes),
                new Kind("map", () -> store.setAll("k" + round, Map.of("a", "1", "b", "1")), changes),
                new Kind("set the same", () -> store.set("there", "a", "1"), null),
                new Kind("update", () -> store.update("there", "b", value -> "" + round), null),
                new Kind("create what is there", this::createWhatIsThere, null),
                new Kind("transaction", this::transact, own),
                new Kind("transaction with entries", this::transact, changes),
                new Kind("append", () -> events.append(aggregate(), ExpectedVersion.NONE, "said", "said"), made),
                new Kind("append with an id", this::appendWithId, made),
                new Kind("append what is there", this::appendWhatIsThere, null),
                new Kind("append with a hook", () -> hooked.insert(said("k" + round, 1), said("k" + round, 2)), own),
                new Kind("first append to a table", this::appendElsewhere, null),
                new Kind(
                        "query",
                        () -> assertThat(events.list(EventQuery.all().withNames("said")))
                                .isNotEmpty(),
                        null),
                new Kind("get", () -> assertThat(store.get("there", "a")).contains("1"), null),
                new Kind("list", () -> assertThat(store.list("there").items()).hasSize(2), null),
                new Kind("snapshot", this::readSnapshot, null),
                new Kind("watch", this::watch, null));
    }

    @ParameterizedTest
    @EnumSource
    void nothingIsLostByAFault(Fault fault) throws Exception {
        for (Kind kind : kinds()) {
            int calls = 1;
            for (int failing = -1; failing < calls; failing++) {
                calls = Math.max(calls, run(kind, fault, Set.of(failing)));
            }
            assertThat(calls).as(kind.name()).isGreaterThan(1);
        }
        checkWatch();
    }

    @ParameterizedTest
    @EnumSource(names = {"BUSY", "BROKEN", "UNSYNCED", "EXHAUSTED_AFTER"})
    void norByOneThatMeetsARecovery(Fault fault) throws Exception {
        for (Kind kind : kinds()) {
            int calls = 1;
            for (int failing = 0; failing < calls; failing++) {
                for (int next = 1; next <= 2; next++) {
                    calls = Math.max(calls, run(kind, fault, Set.of(failing, failing + next)));
                }
            }
        }
        checkWatch();
    }

    /** SQLite ends a transaction that only reads, too, and the next read of it would show what is there now. */
    @Test
    void k8_aSnapshotThatAFaultHasEndedShowsNothingNewer() throws Exception {
        try (Snapshot<String> snapshot = store.snapshot()) {
            store.set("there", "a", "2");
            connections.fail(Set.of(1), Fault.BROKEN);
            assertThat(thrownBy(snapshot::kinds)).isInstanceOf(StoreUnavailableException.class);
            connections.calls();
            assertThat(thrownBy(() -> assertThat(snapshot.stream("there")).isNull()))
                    .isInstanceOf(StoreUnavailableException.class);
        }
    }

    @Test
    void w2_aReplayWhoseSnapshotAFaultHasEndedGoesOnWithANewerOne() throws Exception {
        Map<String, String> many = new TreeMap<>();
        for (int i = 0; i < 3_000; i++) {
            many.put("%05d".formatted(i), "old");
        }
        store.setAll("many", many);
        try (Watch<String> replaying =
                store.watch(WatchOptions.defaults().withKinds("many").withInitialReplay())) {
            Map<String, String> seen = new TreeMap<>();
            take(replaying, seen);
            store.set("many", "00000", "new");
            store.set("many", "02000", "new");
            connections.fail(Set.of(100), Fault.BROKEN);
            while (!replaying.isSynced()) {
                take(replaying, seen);
            }
            connections.calls();
            many.put("00000", "new");
            many.put("02000", "new");
            assertThat(seen).isEqualTo(many);
            assertThat(replaying.poll(Duration.ofMillis(1))).isEmpty();
        }
    }

    private static void take(Watch<String> from, Map<String, String> seen) throws InterruptedException {
        Change<String> change = from.poll(PATIENCE).orElseThrow();
        String before = seen.put(change.key(), change.value());
        assertThat(before).as("value of " + change.key() + " before").isNotEqualTo(change.value());
    }

    private int run(Kind kind, Fault fault, Set<Integer> failing) throws Exception {
        round++;
        connections.fail(failing, fault);
        Throwable thrown = thrownBy(kind.work());
        int calls = connections.calls();
        check(kind, "%s whose calls %s met %s".formatted(kind.name(), failing, fault), thrown);
        return calls;
    }

    private static @Nullable Throwable thrownBy(Work work) throws Exception {
        try {
            work.run();
            return null;
        } catch (StoreException | StackOverflowError failure) {
            return failure;
        } catch (IllegalStateException failure) {
            assertThat(failure).hasMessage("on purpose");
            return failure;
        }
    }

    private void check(Kind kind, String what, @Nullable Throwable thrown) throws Exception {
        boolean told =
                thrown == null || (thrown instanceof StoreException && !(thrown instanceof OutcomeUnknownException));
        if (kind.counting() != null) {
            long found = other.number(kind.counting().formatted(round));
            if (told) {
                assertThat(found)
                        .as("what is there after a " + what + ", told " + thrown)
                        .isEqualTo(thrown == null ? 2 : 0);
            } else {
                assertThat(found)
                        .as("what is there after a " + what + ", told " + thrown)
                        .isIn(0L, 2L);
            }
        }
        assertThat(other.number("SELECT head - (SELECT max(revision) FROM zestor_outbox) FROM zestor_meta"))
                .as("changes that the history lacks after a " + what)
                .isZero();
        other.execute("BEGIN IMMEDIATE", "ROLLBACK");
        await("nothing being read after a " + what)
                .pollDelay(Duration.ZERO)
                .atMost(PATIENCE)
                .until(() -> other.number("PRAGMA wal_checkpoint(TRUNCATE)") == 0);
        assertThat(connections.open()).as("open after a " + what).isLessThanOrEqualTo(1 + 2 * READERS);
        try {
            store.set("after", "" + round, "1");
        } catch (StoreException failure) {
            throw new AssertionError("after a " + what + ", told " + thrown, failure);
        }
    }

    private void checkWatch() throws Exception {
        long head = other.number("SELECT head FROM zestor_meta WHERE ns_id = 0");
        assertThat(Watcher.upTo(head, watch)).containsExactlyElementsOf(other.history());
    }

    private AggregateId aggregate() {
        return new AggregateId("k" + round, new UUID(0, round));
    }

    private static Event<?> said(String name, int version) {
        return Event.of("said", "text").withAggregate(new AggregateId(name, new UUID(0, 0)), version);
    }

    private void writeBatch() {
        store.write(new WriteBatch<String>()
                .create("k" + round, "a", "1")
                .delete("there", "none")
                .set("k" + round, "b", "1"));
    }

    private void createWhatIsThere() {
        try {
            store.create("there", "a", "2");
        } catch (ConflictException expected) {
            assertThat(expected.key()).isEqualTo("a");
        }
    }

    private void appendWithId() {
        events.write(new EventBatch()
                .append(aggregate(), ExpectedVersion.NONE, "said", "said")
                .appendId("round " + round));
    }

    private void appendWhatIsThere() {
        try {
            events.insert(said("k" + round, 1), said("there", 2));
        } catch (EventConflictException expected) {
            assertThat(expected).hasMessageContaining("there");
        }
    }

    private void appendElsewhere() {
        backend.events(TYPES, EventStoreOptions.defaults().withTable("events" + round))
                .insert(said("k", 1));
    }

    private void transact() {
        backend.transact(transaction -> {
            transaction.write(store, new WriteBatch<String>().set("k" + round, "a", "1"));
            insert(transaction, "k" + round + "-a");
            insert(transaction, "k" + round + "-b");
            transaction.write(store, new WriteBatch<String>().set("k" + round, "b", "1"));
            return round;
        });
    }

    private void readSnapshot() {
        try (Snapshot<String> snapshot = store.snapshot();
                Stream<Entry<String>> entries = snapshot.stream("there")) {
            assertThat(entries).hasSize(2);
        }
    }

    private void watch() throws Exception {
        try (Watch<String> replaying =
                store.watch(WatchOptions.defaults().withKinds("there").withInitialReplay())) {
            for (String key : List.of("a", "b")) {
                assertThat(replaying.poll(PATIENCE).orElseThrow().key()).isEqualTo(key);
            }
        }
    }

    /** What goes wrong is left to the transaction to notice. */
    private static void insert(Transaction transaction, String text) {
        Connection connection = transaction.unwrap(Connection.class).orElseThrow();
        try (Statement statement = connection.createStatement()) {
            assertThat(statement.executeUpdate("INSERT INTO own VALUES ('" + text + "')"))
                    .isEqualTo(1);
        } catch (SQLException failure) {
            throw new StoreException("the caller's own statement failed", failure);
        }
    }

    private final class InsertingHook implements EventHook {
        @Override
        public void before(Transaction transaction, List<Event<?>> inserting) {
            insert(transaction, "k" + round + "-before");
        }

        @Override
        public void after(Transaction transaction, List<Event<?>> inserted) {
            insert(transaction, "k" + round + "-after");
        }
    }
}

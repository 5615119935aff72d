package dev.tidemark.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.event.Event;
import dev.tidemark.event.EventBatch;
import dev.tidemark.event.EventHook;
import dev.tidemark.event.EventStore;
import dev.tidemark.event.EventStoreOptions;
import dev.tidemark.event.ExpectedVersion;
import dev.tidemark.event.Subscription;
import dev.tidemark.event.SubscriptionOptions;
import dev.tidemark.store.Store;
import dev.tidemark.store.StoreUnavailableException;
import dev.tidemark.store.Transaction;
import dev.tidemark.store.WriteBatch;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Transactions of several statements, and what happens to them that is nobody's fault. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class EventTransactionTest extends OnEvents {
    private static final SubscriptionOptions NAMED =
            SubscriptionOptions.fromStart().withName("named");

    private Store<String> entries;

    @Override
    PostgresOptions options() {
        return super.options().withPoolSize(1);
    }

    @BeforeEach
    void fill() {
        entries = backend.store(TextCodec.TEXT);
        entries.set("k", "a", "1");
        entries.set("k", "b", "1");
        store.position();
    }

    private static String value(Connection connection, String sql) {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? row.getString(1) : "";
        } catch (SQLException failure) {
            throw new AssertionError(failure);
        }
    }

    private String value(String sql) throws SQLException {
        try (Connection connection = database.connect()) {
            return value(connection, sql);
        }
    }

    private static Connection connection(Transaction transaction) {
        return transaction.unwrap(Connection.class).orElseThrow();
    }

    private static void assertHandled(Subscription subscription, long position) {
        Awaitility.await()
                .until(() -> subscription.position() >= position
                        || subscription.failure().isPresent());
        assertThat(subscription.failure()).isEmpty();
    }

    /** Had it not, it would fail as soon as somebody else held a lock for a moment. */
    @Test
    void whatFollowsARepeatedWriteWaitsForLocksAsEver() {
        EventBatch batch = new EventBatch()
                .append(Deed.aggregate(), ExpectedVersion.NONE, new Deed("us", 1))
                .appendId("once");
        store.write(batch);
        List<String> seen = new CopyOnWriteArrayList<>();
        EventStore watching =
                backend.events(Deed.TYPES, EventStoreOptions.defaults().withHook(new EventHook() {
                    @Override
                    public void before(Transaction transaction, List<Event<?>> events) {
                        seen.add(value(connection(transaction), "SELECT current_setting('lock_timeout')"));
                    }
                }));
        backend.transact(transaction -> {
            transaction.write(store, batch);
            transaction.write(watching, new EventBatch().insert(Deed.event(2)));
            return true;
        });
        assertThat(seen).containsExactly("0");
    }

    /** As after a failover that leaves the old primary running, or when an operator stops writes for a while. */
    private void makeReadOnly() {
        backend.transact(transaction ->
                value(connection(transaction), "SELECT set_config('default_transaction_read_only', 'on', false)"));
    }

    @Test
    void aSessionThatTakesNoWritesIsReplaced() {
        EventStore hooked =
                backend.events(Deed.TYPES, EventStoreOptions.defaults().withHook(new EventHook() {}));
        makeReadOnly();
        assertThatThrownBy(() -> hooked.insert(Deed.event(1))).isInstanceOf(StoreUnavailableException.class);
        hooked.insert(Deed.event(1));
        assertThat(store.position()).isPositive();
    }

    @Test
    void aSubscriptionOutlivesASessionThatTakesNoWrites() throws Exception {
        try (PostgresBackend other = PostgresBackend.open(database.options());
                Subscription subscription = store.subscribe(NAMED, (event, transaction) -> {})) {
            EventStore elsewhere = other.events(Deed.TYPES);
            assertHandled(subscription, elsewhere.insert(Deed.event(1)).position());
            makeReadOnly();
            assertHandled(subscription, elsewhere.insert(Deed.event(2)).position());
        }
    }

    @Test
    void aSubscriptionOutlivesADeadlock() throws Exception {
        try (Connection stranger = database.connect();
                Subscription subscription = store.subscribe(
                        NAMED,
                        (event, transaction) -> transaction.write(
                                entries,
                                new WriteBatch<String>().set("k", "a", "2").set("k", "b", "2")))) {
            stranger.setAutoCommit(false);
            value(stranger, "SELECT set_config('deadlock_timeout', '1h', true)");
            value(stranger, "SELECT 1 FROM zestor_kv WHERE key = 'b' FOR UPDATE");
            try (PostgresBackend other = PostgresBackend.open(database.options())) {
                long position = other.events(Deed.TYPES).insert(Deed.event(1)).position();
                Awaitility.await()
                        .until(() -> value("SELECT count(*) FROM pg_locks WHERE NOT granted")
                                .equals("1"));
                value(stranger, "SELECT 1 FROM zestor_kv WHERE key = 'a' FOR UPDATE");
                stranger.rollback();
                assertHandled(subscription, position);
                assertThat(other.store(TextCodec.TEXT).values("k")).containsExactly("2", "2");
            }
        }
    }

    @Test
    void aSubscriptionOutlivesASessionThatWasIdleForTooLong() throws Exception {
        List<String> sessions = new CopyOnWriteArrayList<>();
        try (Subscription subscription = store.subscribe(NAMED, (event, transaction) -> {
            Connection connection = connection(transaction);
            String session = value(connection, "SELECT pg_backend_pid()");
            if (sessions.isEmpty()) {
                value(connection, "SELECT set_config('idle_in_transaction_session_timeout', '50', false)");
                Awaitility.await()
                        .until(() -> value("SELECT 1 FROM pg_stat_activity WHERE pid = " + session)
                                .isEmpty());
            }
            sessions.add(session);
        })) {
            assertHandled(subscription, store.insert(Deed.event(1)).position());
        }
        assertThat(sessions).hasSize(2).doesNotHaveDuplicates();
    }

    /** In the middle of a statement, which waits for a stranger; what is rolled back then has no connection any more. */
    @Test
    void aSubscriptionOutlivesTheEndOfItsSession() throws Exception {
        String waiting = "SELECT pid FROM pg_locks WHERE NOT granted";
        try (Connection stranger = database.connect();
                PostgresBackend other = PostgresBackend.open(database.options());
                Subscription subscription = store.subscribe(
                        NAMED,
                        (event, transaction) ->
                                transaction.write(entries, new WriteBatch<String>().set("k", "a", "2")))) {
            stranger.setAutoCommit(false);
            value(stranger, "SELECT 1 FROM zestor_kv WHERE key = 'a' FOR UPDATE");
            long position = other.events(Deed.TYPES).insert(Deed.event(1)).position();
            Awaitility.await().until(() -> !value(waiting).isEmpty());
            value("SELECT pg_terminate_backend(pid, 60000) FROM (" + waiting + ") w");
            stranger.rollback();
            assertHandled(subscription, position);
            assertThat(other.store(TextCodec.TEXT).get("k", "a")).contains("2");
        }
    }

    @Test
    void aSubscriptionOutlivesTheEndOfASessionThatItsHandlerUses() throws Exception {
        List<String> sessions = new CopyOnWriteArrayList<>();
        try (Subscription subscription = store.subscribe(NAMED, (event, transaction) -> {
            Connection connection = connection(transaction);
            sessions.add(value(connection, "SELECT pg_backend_pid()"));
            if (sessions.size() == 1) {
                value("SELECT pg_terminate_backend(" + sessions.get(0) + ", 60000)");
            }
            try (Statement statement = connection.createStatement()) {
                statement.execute("SELECT 1");
            }
        })) {
            assertHandled(subscription, store.insert(Deed.event(1)).position());
        }
        assertThat(sessions).hasSize(2);
    }

    @Test
    void aSessionThatEndsIsNoFaultOfTheWrite() throws Exception {
        String waiting = "SELECT pid FROM pg_locks WHERE NOT granted";
        EventStore hooked =
                backend.events(Deed.TYPES, EventStoreOptions.defaults().withHook(new EventHook() {}));
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try (Connection stranger = database.connect()) {
            stranger.setAutoCommit(false);
            value(stranger, "SELECT pg_advisory_xact_lock(('events'::regclass::oid::bigint - 2147483648)::int, 0)");
            Future<?> write = thread.submit(() -> hooked.insert(Deed.event(1)));
            Awaitility.await().until(() -> !value(waiting).isEmpty());
            value("SELECT pg_terminate_backend(pid) FROM (" + waiting + ") w");
            assertThatThrownBy(write::get).hasCauseInstanceOf(StoreUnavailableException.class);
        } finally {
            thread.shutdownNow();
        }
    }

    @Test
    void anInterruptThatAHandlerLeavesBehindWasMeantForIt() {
        try (Subscription subscription = store.subscribe(
                NAMED, (event, transaction) -> Thread.currentThread().interrupt())) {
            assertHandled(subscription, store.insert(Deed.event(1)).position());
        }
    }
}

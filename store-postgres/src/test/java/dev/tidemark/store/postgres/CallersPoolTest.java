package dev.tidemark.store.postgres;

import static dev.tidemark.store.postgres.Changes.next;
import static dev.tidemark.store.postgres.Changes.number;
import static dev.tidemark.store.postgres.TextCodec.TEXT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import dev.tidemark.event.ExpectedVersion;
import dev.tidemark.store.Store;
import dev.tidemark.store.StoreTimeoutException;
import dev.tidemark.store.Watch;
import dev.tidemark.store.WatchOptions;
import dev.tidemark.store.WriteBatch;
import java.lang.Thread.UncaughtExceptionHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** Pools that belong to somebody else, and are set up for the sake of others. */
@Tag("alone")
class CallersPoolTest {
    private static final String LISTENING =
            "datname = current_database() AND state = 'idle' AND query IN ('LISTEN zestor_events', 'SELECT 1')";

    private static final int ENTRIES = 3_000;
    private static final Duration LONG = Duration.ofMinutes(1);

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
    void aDataSourceOfTheCallersIsUsedAndLeftOpen() throws Exception {
        PostgresUri uri = PostgresUri.parse(database.uri());
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setURL(uri.jdbcUrl());
        source.setUser(uri.properties().getProperty("user"));
        source.setPassword(uri.properties().getProperty("password"));
        try (PostgresBackend backend =
                PostgresBackend.open(PostgresOptions.defaults().withDataSource(source))) {
            assertThat(backend.dataSource()).isSameAs(source);
            Store<String> store = backend.store(TEXT);
            try (Watch<String> watch = store.watch(WatchOptions.defaults().withInitialReplay())) {
                store.set("k", "a", "1");
                store.setAll("k", Map.of("b", "1", "c", "1"));
                assertThat(next(watch, 3)).hasSize(3);
            }
        }
        try (Connection still = source.getConnection()) {
            assertThat(still.isValid(1)).isTrue();
        }
    }

    /** Many pools are set up so, for the sake of what else uses them. */
    @Test
    void aPoolOfTheCallersMayLeaveCommitsToItsUsers() throws Exception {
        try (HikariDataSource pool = pool(4)) {
            pool.setAutoCommit(false);
            try (PostgresBackend backend =
                    PostgresBackend.open(PostgresOptions.defaults().withDataSource(pool))) {
                Store<String> store = backend.store(TEXT);
                store.set("k", "a", "1");
                store.setAll("k", Map.of("b", "1", "c", "1"));
                store.write(new WriteBatch<String>().set("k", "d", "1").delete("k", "c"));
            }
            try (Connection returned = pool.getConnection()) {
                assertThat(returned.getAutoCommit()).isFalse();
            }
        }
        try (PostgresBackend backend = PostgresBackend.open(database.options())) {
            assertThat(backend.store(TEXT).keys("k")).containsExactly("a", "b", "d");
        }
    }

    private HikariDataSource pool(int size) {
        PostgresUri uri = PostgresUri.parse(database.uri());
        HikariDataSource pool = new HikariDataSource();
        pool.setJdbcUrl(uri.jdbcUrl());
        pool.setDataSourceProperties(uri.properties());
        pool.setMaximumPoolSize(size);
        pool.setConnectionTimeout(500);
        return pool;
    }

    @Test
    void aPoolOfTheCallersGetsEverythingBack() throws Exception {
        List<Throwable> uncaught = new CopyOnWriteArrayList<>();
        UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> uncaught.add(failure));
        try (HikariDataSource pool = pool(4)) {
            for (int round = 1; round <= 5; round++) {
                try (PostgresBackend backend =
                                PostgresBackend.open(PostgresOptions.defaults().withDataSource(pool));
                        Watch<String> watch = backend.store(TEXT).watch(WatchOptions.defaults())) {
                    backend.store(TEXT).set("k", "a", "round " + round);
                    assertThat(next(watch, 1)).hasSize(1);
                    await().until(() -> isListening());
                }
                await("what was about to read at the end")
                        .until(() -> pool.getHikariPoolMXBean().getActiveConnections() == 0);
            }
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before);
        }
        assertThat(uncaught).isEmpty();
    }

    private boolean isListening() throws Exception {
        try (Connection connection = database.connect()) {
            return OperatorsPage.rows(connection, "SELECT FROM pg_stat_activity WHERE " + LISTENING)
                            .size()
                    == 1;
        }
    }

    @Test
    void aPoolOfTheCallersWithNothingFreeIsNamed() throws Exception {
        PostgresBackend.open(database.options()).close();
        try (HikariDataSource pool = pool(1);
                PostgresBackend backend = PostgresBackend.open(
                        PostgresOptions.defaults().withDataSource(pool).withTimeout(Duration.ofSeconds(1)));
                Connection taken = pool.getConnection()) {
            assertThat(taken.isValid(1)).isTrue();
            assertThatThrownBy(() -> backend.store(TEXT).get("k", "a"))
                    .isInstanceOf(StoreTimeoutException.class)
                    .hasMessageContaining("waiting for a pooled connection");
        }
    }

    /** Each replay holds a connection until it was read; who waits for one must hold none. */
    @Test
    void moreReplaysThanConnectionsTakeTurns() throws Exception {
        ExecutorService threads = Executors.newCachedThreadPool();
        try (HikariDataSource pool = pool(2)) {
            pool.setConnectionTimeout(LONG.toMillis());
            PostgresOptions options =
                    PostgresOptions.defaults().withDataSource(pool).withTimeout(LONG);
            try (PostgresBackend backend = PostgresBackend.open(options)) {
                Store<String> store = backend.store(TEXT);
                store.setAll("k", entries());
                List<Future<Integer>> replays = new ArrayList<>();
                for (int i = 0; i < 8; i++) {
                    replays.add(threads.submit(() -> {
                        try (Watch<String> watch =
                                store.watch(WatchOptions.defaults().withInitialReplay())) {
                            return next(watch, ENTRIES).size();
                        }
                    }));
                }
                for (Future<Integer> replay : replays) {
                    assertThat(replay.get()).isEqualTo(ENTRIES);
                }
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static Map<String, String> entries() {
        Map<String, String> entries = new TreeMap<>();
        for (int i = 0; i < ENTRIES; i++) {
            entries.put("key" + i, "value");
        }
        return entries;
    }

    @Test
    void aPoolOfTheCallersMayBeForReaders() throws Exception {
        try (HikariDataSource pool = pool(4)) {
            pool.setReadOnly(true);
            try (PostgresBackend backend =
                    PostgresBackend.open(PostgresOptions.defaults().withDataSource(pool))) {
                Store<String> store = backend.store(TEXT);
                store.set("k", "a", "1");
                store.write(new WriteBatch<String>().set("k", "b", "1").delete("k", "a"));
                backend.events(Deed.TYPES).append(Deed.aggregate(), ExpectedVersion.NONE, Deed.event(1));
                assertThat(backend.<Boolean>transact(transaction -> {
                            transaction.write(store, new WriteBatch<String>().set("k", "c", "1"));
                            return true;
                        }))
                        .isTrue();
                assertThat(store.keys("k")).containsExactly("b", "c");
            }
            try (Connection returned = pool.getConnection()) {
                assertThat(returned.isReadOnly()).isTrue();
            }
        }
    }

    /** A pool that has to throw a connection away complains of it. What takes longer than a second is broken off, though. */
    @Test
    void whoListenedGivesItsConnectionBackAsItCame() throws Exception {
        try (HikariDataSource pool = pool(2)) {
            pool.setConnectionTimeout(LONG.toMillis());
            await().atMost(LONG).until(() -> {
                long listener = listen(pool);
                return pidsOf(pool).contains(listener);
            });
        }
    }

    /** Returns who listened, until the backend was closed. */
    private long listen(HikariDataSource pool) throws Exception {
        try (Connection admin = database.connect();
                PostgresBackend backend =
                        PostgresBackend.open(PostgresOptions.defaults().withDataSource(pool));
                Watch<String> watch = backend.store(TEXT).watch(WatchOptions.defaults())) {
            assertThat(watch.revision()).isZero();
            await().until(this::isListening);
            return number(
                    admin, "SELECT pid FROM pg_stat_activity WHERE " + LISTENING + " AND pid <> pg_backend_pid()");
        }
    }

    private static List<Long> pidsOf(HikariDataSource pool) throws SQLException {
        List<Long> present = new ArrayList<>();
        try (Connection one = pool.getConnection();
                Connection other = pool.getConnection()) {
            for (Connection connection : List.of(one, other)) {
                present.add(number(connection, "SELECT pg_backend_pid()"));
                assertThat(number(connection, "SELECT count(*) FROM pg_listening_channels()"))
                        .isZero();
                assertThat(connection.getNetworkTimeout()).isZero();
            }
        }
        return present;
    }

    /** The pool's own statements begin a transaction then. */
    @Test
    void aPoolOfTheCallersMayTestItsConnectionsInTransactions() throws Exception {
        try (HikariDataSource pool = pool(2)) {
            pool.setAutoCommit(false);
            pool.setSchema("public");
            pool.setConnectionInitSql("SELECT 1");
            try (PostgresBackend backend =
                    PostgresBackend.open(PostgresOptions.defaults().withDataSource(pool))) {
                Store<String> store = backend.store(TEXT);
                store.set("k", "a", "1");
                assertThat(store.get("k", "a")).contains("1");
            }
        }
    }

    /** As Spring's TransactionAwareDataSourceProxy: within a transaction of a thread, it always gets the same connection. */
    private static final class Sharing extends PGSimpleDataSource {
        private static final long serialVersionUID = 1L;

        private static final ThreadLocal<Connection> SHARED = new ThreadLocal<>();

        Sharing(PostgresServer.Database database) {
            setUrl(database.uriAs("jdbc:postgresql"));
        }

        @Override
        public Connection getConnection() throws SQLException {
            Connection present = SHARED.get();
            return present == null ? super.getConnection() : unclosable(present);
        }

        private static Connection unclosable(Connection connection) {
            return (Connection) Proxy.newProxyInstance(
                    Sharing.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                        try {
                            return method.getName().equals("close") ? null : method.invoke(connection, arguments);
                        } catch (InvocationTargetException failure) {
                            throw failure.getCause();
                        }
                    });
        }
    }

    @Test
    void aTransactionOfTheCallersIsNeitherCommittedNorEnded() throws Exception {
        database.execute("CREATE TABLE audit (what TEXT)");
        Sharing source = new Sharing(database);
        try (PostgresBackend backend =
                        PostgresBackend.open(PostgresOptions.defaults().withDataSource(source));
                Connection application = database.connect()) {
            Store<String> store = backend.store(TEXT);
            application.setAutoCommit(false);
            Sharing.SHARED.set(application);

            assertThat(store.create("k", "before", "1")).isPositive();
            application.createStatement().execute("INSERT INTO audit VALUES ('x')");
            assertThatThrownBy(() -> store.set("k", "within", "1"))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("in the middle of a transaction");
            assertThatThrownBy(() -> store.get("k", "before")).isInstanceOf(IllegalStateException.class);
            assertThat(number(application, "SELECT count(*) FROM audit")).isOne();
            application.rollback();
            assertThat(number(application, "SELECT count(*) FROM audit")).isZero();
            application.rollback();
            assertThat(application.getAutoCommit()).isFalse();

            assertThat(store.keys("k")).containsExactly("before");
            Sharing.SHARED.remove();
        }
    }
}

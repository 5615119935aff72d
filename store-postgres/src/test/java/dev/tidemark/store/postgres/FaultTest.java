package dev.tidemark.store.postgres;

import static dev.tidemark.store.postgres.Changes.next;
import static dev.tidemark.store.postgres.Changes.number;
import static dev.tidemark.store.postgres.TextCodec.TEXT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import dev.tidemark.store.Change;
import dev.tidemark.store.Snapshot;
import dev.tidemark.store.Store;
import dev.tidemark.store.StoreClosedException;
import dev.tidemark.store.StoreInterruptedException;
import dev.tidemark.store.StoreTimeoutException;
import dev.tidemark.store.StoreUnavailableException;
import dev.tidemark.store.Watch;
import dev.tidemark.store.WatchOptions;
import dev.tidemark.store.spi.Deadline;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.PGConnection;

/** Connections that break, fall silent, or run out. */
@Tag("alone")
class FaultTest {
    private static final String LISTENERS =
            "FROM pg_stat_activity WHERE datname = current_database() AND (query LIKE 'LISTEN %' OR query = 'SELECT 1')";

    private PostgresServer.Database database;
    private Proxy proxy;
    private PostgresOptions options;

    @BeforeEach
    void open() throws Exception {
        database = PostgresServer.shared().newDatabase();
        proxy = new Proxy(database.host(), database.port());
        options = PostgresOptions.of(database.uriThrough(proxy, "ApplicationName=faulty"));
    }

    @AfterEach
    void close() throws Exception {
        proxy.close();
        database.close();
    }

    /** For those whose short time-out is not about this. */
    private void createTables() {
        PostgresBackend.open(database.options()).close();
    }

    @Test
    void aTerminatedListenerListensAgain() throws Exception {
        PostgresOptions patient = database.options().withPollInterval(Duration.ofMinutes(10));
        try (PostgresBackend watching = PostgresBackend.open(patient);
                PostgresBackend writing = PostgresBackend.open(database.options());
                Connection admin = database.connect();
                Watch<String> watch = watching.store(TEXT).watch(WatchOptions.defaults())) {
            long last = 0;
            for (int round = 0; round < 3; round++) {
                // The last one may not have ended yet.
                String another = "SELECT coalesce(max(pid), 0) " + LISTENERS + " AND pid <> " + last;
                last = await().until(() -> number(admin, another), pid -> pid > 0);
                assertThat(number(admin, "SELECT pg_terminate_backend(" + last + ")::int"))
                        .isEqualTo(1);
                writing.store(TEXT).set("k", "a", "" + round);
                assertThat(next(watch, 1)).extracting(Change::value).containsExactly("" + round);
            }
        }
    }

    /** As behind a proxy that pools transactions: LISTEN succeeds, and no notification ever comes. */
    @Test
    void withoutNotificationsWatchesPoll() throws Exception {
        proxy.actAsPool(true);
        try (PostgresBackend watching = PostgresBackend.open(options.withPollInterval(Duration.ofMillis(50)));
                PostgresBackend writing = PostgresBackend.open(database.options());
                Watch<String> watch = watching.store(TEXT).watch(WatchOptions.defaults())) {
            await("the listener to listen, in vain").until(() -> proxy.droppedNotifications() > 0);
            for (int i = 0; i < 20; i++) {
                writing.store(TEXT).set("k", "a", "" + i);
                assertThat(next(watch, 1)).extracting(Change::value).containsExactly("" + i);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "false, ApplicationName=faulty, true",
        "true, ApplicationName=faulty, false",
        "true, prepareThreshold=5, true"
    })
    void nothingIsPreparedWhereOthersCouldMeetIt(boolean pooling, String parameter, boolean prepared) throws Exception {
        proxy.actAsPool(pooling);
        PostgresOptions through = PostgresOptions.of(database.uriThrough(proxy, parameter))
                .withPoolSize(1)
                .withListening(false);
        try (PostgresBackend backend = PostgresBackend.open(through)) {
            Store<String> store = backend.store(TEXT);
            for (int i = 0; i < 20; i++) {
                store.set("k", "a", "" + i);
            }
            try (Connection pooled = backend.dataSource().getConnection()) {
                assertThat(number(pooled, "SELECT count(*) FROM pg_prepared_statements") > 0)
                        .isEqualTo(prepared);
            }
        }
    }

    /** The connection that looks for the tables is there before the pool's, which know of the proxy. */
    @Test
    void nothingIsPreparedBeforeThePoolIsThere() throws Exception {
        proxy.actAsPool(true);
        try (Connections connections = new Connections(options, "early");
                Connection first = connections.open()) {
            assertThat(first.unwrap(PGConnection.class).getPrepareThreshold()).isZero();
        }
    }

    @Test
    void withoutAListenerWatchesPoll() throws Exception {
        PostgresOptions deaf = database.options().withListening(false).withPollInterval(Duration.ofMillis(20));
        try (PostgresBackend watching = PostgresBackend.open(deaf);
                PostgresBackend writing = PostgresBackend.open(database.options());
                Connection admin = database.connect();
                Watch<String> watch = watching.store(TEXT).watch(WatchOptions.defaults())) {
            writing.store(TEXT).set("k", "a", "1");
            assertThat(next(watch, 1)).hasSize(1);
            assertThat(number(admin, "SELECT count(*) " + LISTENERS)).isZero();
        }
    }

    /** A peer that falls silent looks healthy; only asking shows that it is not. */
    @Test
    void aSilentPeerIsGivenUp() throws Exception {
        PostgresOptions quick = options.withTimeout(Duration.ofSeconds(4)).withPollInterval(Duration.ofMinutes(10));
        try (PostgresBackend writing = PostgresBackend.open(database.options());
                PostgresBackend watching = PostgresBackend.open(quick);
                Watch<String> watch = watching.store(TEXT).watch(WatchOptions.defaults())) {
            writing.store(TEXT).set("k", "before", "1");
            assertThat(next(watch, 1)).hasSize(1);
            proxy.silence(true);
            assertThatThrownBy(() -> watching.store(TEXT).get("k", "a"))
                    .isInstanceOfAny(StoreTimeoutException.class, StoreUnavailableException.class);
            proxy.silenceOnlyPresent();
            writing.store(TEXT).set("k", "a", "1");
            assertThat(next(watch, 1)).extracting(Change::key).containsExactly("a");
            await().ignoreExceptions()
                    .until(() -> watching.store(TEXT).get("k", "a").isPresent());
        }
    }

    @Test
    void aReplaySurvivesTheLossOfItsConnection() throws Exception {
        int keys = 5_000;
        Map<String, String> values =
                IntStream.range(0, keys).boxed().collect(Collectors.toMap(FaultTest::key, i -> "before"));
        try (PostgresBackend watching = PostgresBackend.open(options);
                PostgresBackend writing = PostgresBackend.open(database.options())) {
            Store<String> writer = writing.store(TEXT);
            writer.setAll("k", values);
            writer.set("l", "untouched", "1");
            try (Watch<String> watch =
                    watching.store(TEXT).watch(WatchOptions.defaults().withInitialReplay())) {
                List<Change<String>> seen = new ArrayList<>(next(watch, 600));
                writer.setAll("k", Map.of(key(3), "changed", key(4_000), "changed"));
                writer.delete("k", key(4));
                writer.delete("k", key(4_001));
                writer.set("a", "earlier kind", "1");
                writer.set("m", "later kind", "1");
                proxy.cut();
                while (!watch.isSynced()) {
                    watch.poll(Duration.ofMillis(100)).ifPresent(seen::add);
                }
                assertStateOf(seen, writer);
                assertThat(proxy.cuts()).isPositive();
                writer.set("k", "after", "1");
                assertThat(next(watch, 1)).extracting(Change::key).containsExactly("after");
            }
        }
    }

    private static String key(int number) {
        return String.format("key%05d", number);
    }

    /** No key comes twice as replayed, nothing is lost, and at the end of the replay the state is that of the table. */
    private static void assertStateOf(List<Change<String>> seen, Store<String> store) {
        Map<String, String> state = new HashMap<>();
        for (Change<String> change : seen) {
            String name = change.kind() + "/" + change.key();
            String before = change.type() == Change.Type.DELETED ? state.remove(name) : state.put(name, change.value());
            assertThat(before == null).as("%s", change).isEqualTo(change.type() == Change.Type.CREATED);
        }
        Map<String, String> stored = new HashMap<>();
        for (String kind : store.kinds()) {
            store.list(kind).items().forEach(entry -> stored.put(kind + "/" + entry.key(), entry.value()));
        }
        assertThat(state).isEqualTo(stored);
    }

    @Test
    void onePooledConnectionIsEnough() throws Exception {
        try (PostgresBackend backend = PostgresBackend.open(database.options().withPoolSize(1))) {
            Store<String> store = backend.store(TEXT);
            store.setAll("k", IntStream.range(0, 2_000).boxed().collect(Collectors.toMap(FaultTest::key, i -> "" + i)));
            try (Watch<String> replaying = store.watch(WatchOptions.defaults().withInitialReplay());
                    Snapshot<String> snapshot = store.snapshot()) {
                ExecutorService threads = Executors.newFixedThreadPool(8);
                List<Future<?>> writers = new ArrayList<>();
                for (int i = 0; i < 8; i++) {
                    String key = "live" + i;
                    writers.add(threads.submit(() -> {
                        for (int n = 0; n < 50; n++) {
                            store.set("k", key, "" + n);
                            store.get("k", key);
                        }
                    }));
                }
                for (Future<?> writer : writers) {
                    writer.get();
                }
                threads.shutdown();
                assertThat(snapshot.stream("k")).hasSize(2_000);
                assertThat(next(replaying, 2_400)).hasSize(2_400);
            }
        }
    }

    @Test
    void thePoolIsWaitedForNoLongerThanTheCallMayTake() {
        proxy.refuse(true);
        PostgresOptions patient = options.withTimeout(PostgresServer.PATIENCE);
        try (Calls calls = new Calls("patient");
                Connections connections = new Connections(patient, "patient")) {
            Deadline soon = Deadline.after(Duration.ofMillis(500));
            long start = System.nanoTime();
            assertThatThrownBy(() -> calls.run(soon, "a connection", connections::borrow))
                    .isInstanceOf(SQLException.class);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(PostgresServer.PATIENCE);
        }
    }

    @Test
    void anExhaustedPoolIsATimeout() throws Exception {
        createTables();
        PostgresOptions small = database.options().withPoolSize(1).withTimeout(Duration.ofSeconds(2));
        try (PostgresBackend backend = PostgresBackend.open(small);
                Connection taken = backend.dataSource().getConnection()) {
            assertThat(taken.isValid(1)).isTrue();
            assertThatThrownBy(() -> backend.store(TEXT).set("k", "a", "1"))
                    .isInstanceOf(StoreTimeoutException.class)
                    .hasMessageContaining("waiting for a pooled connection");
            assertThatThrownBy(() -> backend.store(TEXT).get("k", "a"))
                    .isInstanceOf(StoreTimeoutException.class)
                    .hasMessageContaining("waiting for a pooled connection");
        }
    }

    /** Some of them wait in the pool, and some for a turn there. */
    @Test
    void whoWaitsForAConnectionLearnsThatTheBackendWasClosed() throws Exception {
        createTables();
        int callers = 8;
        ExecutorService threads = Executors.newFixedThreadPool(callers);
        PostgresBackend backend = PostgresBackend.open(
                database.options().withPoolSize(2).withTimeout(PostgresServer.PATIENCE.multipliedBy(5)));
        HikariPoolMXBean pool =
                backend.dataSource().unwrap(HikariDataSource.class).getHikariPoolMXBean();
        Store<String> store = backend.store(TEXT);
        List<Future<?>> waiting = new ArrayList<>();
        try (Connection one = backend.dataSource().getConnection();
                Connection other = backend.dataSource().getConnection()) {
            assertThat(one.isValid(1) && other.isValid(1)).isTrue();
            for (int i = 0; i < callers; i++) {
                waiting.add(threads.submit(() -> store.get("k", "a")));
            }
            await().until(() -> pool.getThreadsAwaitingConnection() == 3);
            backend.close();
            for (Future<?> call : waiting) {
                assertThat(call)
                        .failsWithin(PostgresServer.PATIENCE)
                        .withThrowableOfType(ExecutionException.class)
                        .withCauseInstanceOf(StoreClosedException.class);
            }
        } finally {
            backend.close();
            threads.shutdownNow();
        }
    }

    /** As in a deadlock that is there again at every try. */
    @Test
    void aWriteThatGivesWayUntilItsDeadlineIsATimeout() throws Exception {
        createTables();
        PostgresOptions hasty = database.options().withTimeout(Duration.ofMillis(400));
        try (PostgresBackend backend =
                await().ignoreExceptions().until(() -> PostgresBackend.open(hasty), Objects::nonNull)) {
            database.execute("""
                    CREATE FUNCTION give_way() RETURNS TRIGGER LANGUAGE plpgsql AS
                      $$ BEGIN RAISE EXCEPTION 'gave way' USING ERRCODE = 'deadlock_detected'; END $$;
                    CREATE TRIGGER give_way BEFORE INSERT ON zestor_kv FOR EACH ROW EXECUTE FUNCTION give_way();
                    """);
            Store<String> store = backend.store(TEXT);
            assertThatThrownBy(() -> store.set("k", "a", "1")).isInstanceOf(StoreTimeoutException.class);
            assertThatThrownBy(() -> store.setAll("k", Map.of("a", "1", "b", "1")))
                    .isInstanceOf(StoreTimeoutException.class);
        }
    }

    @Test
    void aServerThatIsAwayAndComesBack() throws Exception {
        createTables();
        PostgresOptions quick = options.withTimeout(Duration.ofSeconds(3));
        try (PostgresBackend backend = PostgresBackend.open(quick);
                Watch<String> watch = backend.store(TEXT).watch(WatchOptions.defaults())) {
            Store<String> store = backend.store(TEXT);
            store.set("k", "a", "before");
            assertThat(next(watch, 1)).hasSize(1);
            proxy.refuse(true);
            for (int i = 0; i < 4; i++) {
                assertThatThrownBy(() -> store.get("k", "a")).isInstanceOf(StoreUnavailableException.class);
            }
            proxy.refuse(false);
            await().ignoreExceptions().until(() -> store.get("k", "a").isPresent());
            store.set("k", "a", "after");
            assertThat(next(watch, 1)).extracting(Change::value).containsExactly("after");
        }
    }

    /** The waiting caller is not the one whose transaction is stuck. */
    @Test
    void aWaitingWriterIsInterruptedAtOnce() throws Exception {
        try (PostgresBackend backend = PostgresBackend.open(database.options());
                Connection holder = database.connect()) {
            Store<String> store = backend.store(TEXT);
            store.set("k", "a", "1");
            holder.setAutoCommit(false);
            holder.createStatement().execute("SELECT FROM zestor_kv FOR UPDATE");
            ExecutorService threads = Executors.newFixedThreadPool(2);
            Future<?> leader = threads.submit(() -> store.set("k", "a", "2"));
            try (Connection observer = database.connect()) {
                await().until(() -> number(observer, "SELECT count(*) FROM pg_locks WHERE NOT granted") > 0);
            }
            Thread[] waiting = new Thread[1];
            CountDownLatch there = new CountDownLatch(1);
            Future<Boolean> follower = threads.submit(() -> {
                waiting[0] = Thread.currentThread();
                there.countDown();
                assertThatThrownBy(() -> store.set("k", "a", "3")).isInstanceOf(StoreInterruptedException.class);
                return Thread.interrupted();
            });
            there.await();
            waiting[0].interrupt();
            assertThat(follower.get(1, TimeUnit.MINUTES)).isTrue();
            assertThat(leader.isDone()).isFalse();
            holder.rollback();
            leader.get();
            threads.shutdown();
            assertThat(store.get("k", "a")).contains("2");
        }
    }
}

package dev.tidemark.store.postgres;

import static dev.tidemark.store.postgres.Changes.next;
import static dev.tidemark.store.postgres.TextCodec.TEXT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.store.Change;
import dev.tidemark.store.Store;
import dev.tidemark.store.Watch;
import dev.tidemark.store.WatchOptions;
import dev.tidemark.store.WriteBatch;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

class DoorbellTest {
    private static final Duration NEVER = Duration.ofHours(1);
    private static final String MARK = "mark";

    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void close() {
        threads.shutdownNow();
    }

    /** Nobody polls here, so the last write of each burst is seen only if somebody announces it. */
    @Test
    void everyBurstIsAnnouncedToItsEnd() throws Exception {
        try (PostgresServer.Database database = PostgresServer.shared().newDatabase();
                PostgresBackend here = PostgresBackend.open(database.options());
                PostgresBackend there = PostgresBackend.open(database.options().withPollInterval(NEVER));
                Watch<String> watch = there.store(TEXT).watch(WatchOptions.defaults())) {
            Store<String> store = here.store(TEXT);
            for (int burst = 0; burst < 100; burst++) {
                for (int i = 0; i <= burst % 5; i++) {
                    store.set("k" + i, "a", String.valueOf(burst));
                }
                store.write(new WriteBatch<String>().set("k", "a", "a" + burst).delete("k0", "a"));
                List<Change<String>> seen = next(watch, burst % 5 + 3);
                assertThat(seen).last().extracting(Change::kind).isEqualTo("k0");
            }
        }
    }

    @Test
    void afterAPauseAFewWritesAnnounceThemselves() throws Exception {
        try (PostgresServer.Database database = PostgresServer.shared().newDatabase();
                Connections connections = new Connections(database.options(), "test");
                Doorbell doorbell = new Doorbell(connections, "zestor_events", "test")) {
            List<Boolean> announced = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                doorbell.announced(announced::add, added -> List.of("k"));
            }
            assertThat(announced).containsOnly(true);
        }
    }

    @Test
    void whatChangesNothingIsNotAnnounced() throws Exception {
        try (PostgresServer.Database database = PostgresServer.shared().newDatabase();
                PostgresBackend backend = PostgresBackend.open(database.options());
                Connection listening = database.connect()) {
            Store<String> store = backend.store(TEXT);
            listen(listening);
            store.set("k", "a", "1");
            assertThat(heardUntilMark(listening)).contains("0|k||update|0");
            for (int i = 0; i < 50; i++) {
                store.set("k", "a", "1");
                store.setAll("k", Map.of("a", "1"));
                store.delete("k", "none");
            }
            assertThat(heardUntilMark(listening)).isEmpty();
        }
    }

    /** Somebody who listens and takes nothing fills the server's queue of notifications; that must not hold up any write. */
    @Test
    void aFullQueueRefusesNoWrite() throws Exception {
        try (EmbeddedPostgres server = EmbeddedPostgres.builder()
                        .setServerConfig("max_notify_queue_pages", "64")
                        .setPGStartupWait(PostgresServer.PATIENCE)
                        .start();
                Connection idle = server.getPostgresDatabase().getConnection();
                Connection loud = server.getPostgresDatabase().getConnection()) {
            fill(idle, loud);
            String uri = "postgresql://postgres@localhost:" + server.getPort() + "/postgres";
            try (PostgresBackend backend = PostgresBackend.open(PostgresOptions.of(uri));
                    Watch<String> watch = backend.store(TEXT).watch(WatchOptions.defaults())) {
                Store<String> store = backend.store(TEXT);
                for (int i = 0; i < 20; i++) {
                    store.set("k", "a", "lone" + i);
                    store.setAll("k", Map.of("b", "many" + i, "c", "many" + i));
                }
                assertThat(next(watch, 60)).last().extracting(Change::key).isIn("b", "c");
            }
        }
    }

    /** The driver by itself waits for a pause between notifications, which does not come here until one is heard. */
    @Test
    void aNotificationIsHeardWhileMoreArrive() throws Exception {
        try (PostgresServer.Database database = PostgresServer.shared().newDatabase();
                Connections connections = new Connections(database.options(), "test");
                Connection listening = connections.openListening();
                Connection loud = database.connect()) {
            listen(listening);
            AtomicBoolean heard = new AtomicBoolean();
            Future<Boolean> sender = threads.submit(() -> {
                long start = System.nanoTime();
                while (!heard.get() && System.nanoTime() - start < PostgresServer.PATIENCE.toNanos()) {
                    execute(loud, "SELECT pg_notify('zestor_events', 'again')");
                }
                return heard.get();
            });
            assertThat(listening.unwrap(PGConnection.class).getNotifications(0)).isNotEmpty();
            heard.set(true);
            assertThat(sender.get()).isTrue();
        }
    }

    /** Another write takes every turn as soon as it is due, and puts off the next one for a second. */
    @Test
    void whatIsAnnouncedLateWaitsForNoPauseOfOtherWrites() throws Exception {
        try (PostgresServer.Database database = PostgresServer.shared().newDatabase();
                Connections connections = new Connections(database.options(), "test");
                Doorbell doorbell = new Doorbell(connections, "zestor_events", "test");
                Connection listening = database.connect()) {
            listen(listening);
            AtomicBoolean done = new AtomicBoolean();
            AtomicInteger turns = new AtomicInteger();
            Future<Boolean> busy = threads.submit(() -> {
                while (!done.get()) {
                    doorbell.announced(rings -> rings ? refused(turns) : "nothing", result -> List.of());
                }
                return true;
            });
            for (int i = 0; i < 30; i++) {
                doorbell.send("rare" + i);
                assertThat(heard(listening, "rare" + i)).isTrue();
            }
            assertThat(turns.get()).isLessThan(30);
            done.set(true);
            assertThat(busy.get()).isTrue();
        }
    }

    private static String refused(AtomicInteger turns) throws SQLException {
        turns.incrementAndGet();
        throw new SQLException("too many notifications in the NOTIFY queue", "54000");
    }

    @Test
    void aBrokenConnectionLosesNoAnnouncement() throws Exception {
        try (PostgresServer.Database database = PostgresServer.shared().newDatabase();
                Connections connections = new Connections(database.options(), "test");
                Doorbell doorbell = new Doorbell(connections, "zestor_events", "test");
                Connection listening = database.connect()) {
            listen(listening);
            doorbell.send("before");
            assertThat(heard(listening, "before")).isTrue();
            execute(
                    listening,
                    "SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity"
                            + " WHERE datname = current_database() AND query LIKE 'SELECT pg_notify%'");
            doorbell.send("after");
            assertThat(heard(listening, "after")).isTrue();
        }
    }

    @Test
    void closingAnnouncesWhatIsLeft() throws Exception {
        try (PostgresServer.Database database = PostgresServer.shared().newDatabase();
                Connections connections = new Connections(database.options(), "test");
                Connection listening = database.connect()) {
            listen(listening);
            try (Doorbell doorbell = new Doorbell(connections, "zestor_events", "test")) {
                doorbell.announced(rings -> "done", done -> List.of("first"));
                doorbell.send("last");
            }
            assertThat(heardUntilMark(listening)).containsExactly("last");
        }
    }

    @Test
    void ofABatchOnlyTheKindsThatChangedAreAnnounced() throws Exception {
        try (PostgresServer.Database database = PostgresServer.shared().newDatabase();
                PostgresBackend backend = PostgresBackend.open(database.options());
                Connection listening = database.connect()) {
            Store<String> store = backend.store(TEXT);
            store.set("same", "a", "1");
            listen(listening);
            heardUntilMark(listening);
            for (int i = 0; i < 100; i++) {
                String value = String.valueOf(i);
                Future<?> other = threads.submit(() -> store.set("k", "b", value));
                store.write(new WriteBatch<String>().set("same", "a", "1").set("k", "a", value));
                other.get();
            }
            assertThat(heardUntilMark(listening)).contains("0|k||update|0").doesNotContain("0|same||update|0");
        }
    }

    private static boolean heard(Connection listening, String payload) throws SQLException {
        long start = System.nanoTime();
        while (System.nanoTime() - start < PostgresServer.PATIENCE.toNanos()) {
            for (PGNotification some : listening.unwrap(PGConnection.class).getNotifications(1_000)) {
                if (some.getParameter().equals(payload)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static void fill(Connection idle, Connection loud) throws SQLException {
        listen(idle);
        idle.setAutoCommit(false);
        execute(idle, "SELECT 1");
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 1_000; i++) {
                        execute(loud, "SELECT pg_notify('zestor_events', repeat('x', 7000) || " + i + ")");
                    }
                })
                .isInstanceOfSatisfying(
                        SQLException.class,
                        failure -> assertThat(SqlErrors.isQueueFull(failure)).isTrue());
    }

    private static void listen(Connection connection) throws SQLException {
        execute(connection, "LISTEN zestor_events");
    }

    /** What arrived before a notification that the listener sends to itself. */
    private static List<String> heardUntilMark(Connection listening) throws SQLException {
        execute(listening, "SELECT pg_notify('zestor_events', '" + MARK + "')");
        List<String> heard = new ArrayList<>();
        while (true) {
            PGNotification[] some = listening.unwrap(PGConnection.class).getNotifications(0);
            for (PGNotification notification : some) {
                if (notification.getParameter().equals(MARK)) {
                    return heard;
                }
                heard.add(notification.getParameter());
            }
        }
    }

    private static void execute(Connection connection, String text) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(text);
        }
    }
}

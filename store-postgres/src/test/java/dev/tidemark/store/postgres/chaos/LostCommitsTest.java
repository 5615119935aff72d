package dev.tidemark.store.postgres.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import dev.tidemark.codec.json.JsonCodec;
import dev.tidemark.store.Change;
import dev.tidemark.store.ConflictException;
import dev.tidemark.store.RevisionAheadException;
import dev.tidemark.store.Store;
import dev.tidemark.store.Watch;
import dev.tidemark.store.WatchOptions;
import dev.tidemark.store.Watches;
import dev.tidemark.store.postgres.PostgresBackend;
import dev.tidemark.store.postgres.PostgresOptions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A server loses commits that watches have seen, and newer ones overtake them: who stood among the lost is told, and who stood before
 * them goes on exactly.
 */
@Tag("alone")
class LostCommitsTest {
    /** More than a sequence writes ahead to its log, so that a server would give the lost numbers again. */
    private static final int LOST = 100;

    private static final Duration RECOVERY = Duration.ofMinutes(2);

    private final List<Server> servers = new ArrayList<>();
    private Server first;
    private Server second;

    @BeforeEach
    void startServer() throws Exception {
        first = Server.start();
        servers.add(first);
        open(first).close();
        first.stop();
        second = first.copy();
        servers.add(second);
    }

    @AfterEach
    void stopServers() throws Exception {
        for (Server server : servers) {
            server.close();
        }
    }

    /** A watch that reads only when its own backend has written, and so finds out late. */
    private static PostgresBackend open(Server... servers) {
        List<String> hosts = new ArrayList<>();
        for (Server server : servers) {
            hosts.add("localhost:" + server.port());
        }
        String uri = "postgresql://postgres@" + String.join(",", hosts) + "/postgres";
        return PostgresBackend.open(PostgresOptions.of(uri).withListening(false).withPollInterval(Duration.ofHours(1)));
    }

    private static Store<String> store(PostgresBackend backend) {
        return backend.store(JsonCodec.of(String.class));
    }

    private static void write(Store<String> store, String what, int count) {
        for (int i = 0; i < count; i++) {
            store.set("k", "key", what + i);
        }
    }

    private static List<String> take(Watch<String> watch, int count) throws InterruptedException {
        List<String> values = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            values.add(watch.poll(RECOVERY).map(Change::value).orElse("nothing"));
        }
        return values;
    }

    /** The standby receives nothing any more while the primary goes on; then the primary dies, and the standby takes its place. */
    @Test
    void aStandbyThatWasBehindTakesOver() throws Exception {
        second.follow(first);
        first.restart();
        second.restart();
        try (PostgresBackend backend = open(first, second);
                Watch<String> attached = store(backend).watch(WatchOptions.defaults());
                Watch<String> resilient = Watches.resilient(
                        store(backend),
                        WatchOptions.defaults(),
                        told -> store(backend).set("told", "at", "" + told))) {
            Store<String> store = store(backend);
            write(store, "kept", 10);
            take(attached, 10);
            take(resilient, 10);
            long kept = attached.revision();
            await().atMost(RECOVERY)
                    .ignoreExceptions()
                    .until(() -> number(second, "SELECT count(*) FROM zestor_outbox") == 10);
            isolate(second);
            write(store, "lost", LOST);
            take(attached, LOST);
            take(resilient, LOST);
            long lost = attached.revision();
            long lostTag = store.entry("k", "key").orElseThrow().tag();
            first.kill();
            assertThat(number(second, "SELECT pg_promote()::int")).isEqualTo(1);
            overtake();
            reconnect(backend);
            store.set("k", "other", "late");

            assertThatThrownBy(() -> attached.poll(RECOVERY)).isInstanceOf(RevisionAheadException.class);
            assertThat(take(resilient, 2)).containsExactly("new" + (LOST + 9), "late");
            assertThat(store.get("told", "at")).contains("" + lost);
            assertThatThrownBy(() -> store.replace("k", "key", "wrong", lostTag))
                    .isInstanceOf(ConflictException.class);
            assertResumes(store, kept, lost);
        }
    }

    /** No promotion and no other server: the files are those of an earlier moment. */
    @Test
    void filesAreRestored() throws Exception {
        first.restart();
        long kept;
        long lost;
        try (PostgresBackend backend = open(first);
                Watch<String> watch = store(backend).watch(WatchOptions.defaults())) {
            write(store(backend), "kept", 10);
            take(watch, 10);
            kept = watch.revision();
            first.stop();
            servers.remove(second);
            second.close();
            second = first.copy();
            servers.add(second);
            first.restart();
            reconnect(backend);
            write(store(backend), "lost", LOST);
            take(watch, LOST);
            lost = watch.revision();
        }
        first.stop();
        second.restart();
        overtake();
        try (PostgresBackend backend = open(second)) {
            assertResumes(store(backend), kept, lost);
        }
    }

    /** A write on a connection that broke would not know what became of it, and the pool may not have looked at all of them yet. */
    private static void reconnect(PostgresBackend backend) throws SQLException {
        HikariDataSource pool = backend.dataSource().unwrap(HikariDataSource.class);
        pool.getHikariPoolMXBean().softEvictConnections();
        await().atMost(RECOVERY)
                .ignoreExceptions()
                .until(() -> store(backend).get("k", "key").isPresent());
    }

    private void overtake() {
        try (PostgresBackend other = open(second)) {
            write(store(other), "new", LOST + 10);
        }
    }

    private static void assertResumes(Store<String> store, long kept, long lost) throws Exception {
        for (long gone : List.of(lost, lost - 1, lost - LOST / 2)) {
            assertThatThrownBy(
                            () -> store.watch(WatchOptions.defaults().withStartAfter(gone)),
                            "resuming after %d, of %d to %d that were lost",
                            gone,
                            kept + 1,
                            lost)
                    .isInstanceOf(RevisionAheadException.class)
                    .hasMessageContaining("does not have it any more");
        }
        try (Watch<String> exact = store.watch(WatchOptions.defaults().withStartAfter(kept))) {
            assertThat(take(exact, 2)).containsExactly("new0", "new1");
        }
    }

    private static void isolate(Server standby) throws SQLException {
        execute(standby, "ALTER SYSTEM SET primary_conninfo = ''");
        execute(standby, "SELECT pg_reload_conf()");
        await().atMost(RECOVERY)
                .ignoreExceptions()
                .until(() -> number(standby, "SELECT count(*) FROM pg_stat_wal_receiver") == 0);
    }

    private static void execute(Server server, String sql) throws SQLException {
        try (Connection connection = server.connect("postgres");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static long number(Server server, String query) throws SQLException {
        try (Connection connection = server.connect("postgres");
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }
}

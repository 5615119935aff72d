package dev.tidemark.store.postgres.chaos;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import org.awaitility.Awaitility;

/** What befalls a cluster. Each fault makes sure that it happens, and waits until everybody has got over it. */
final class Faults {
    /** Long enough for a listener to find out by its own heartbeat, whatever the calls of others told. */
    private static final Duration LONG_FREEZE = Duration.ofSeconds(12);

    private static final String LISTENERS = "application_name LIKE 'watcher%' AND query ~ '^(LISTEN|SELECT 1$)'";
    private static final Duration LIMIT = Duration.ofMinutes(1);

    private final Cluster cluster;
    private final Random random;
    private final Map<Fault, Integer> counts = new EnumMap<>(Fault.class);

    Faults(Cluster cluster, Random random) {
        this.cluster = cluster;
        this.random = random;
    }

    enum Fault {
        /** The connections that listen are terminated by the server. */
        LISTENERS_TERMINATED(false),
        /** Connections on which a watch reads what it replays are terminated by the server. */
        REPLAYS_TERMINATED(false),
        /** Some connections of writers are terminated by the server. */
        WRITERS_TERMINATED(false),
        /** A process of the server is killed, and the server recovers. */
        BACKEND_KILLED(false),
        /** The server is killed, and started again. */
        SERVER_KILLED(false),
        /** The server is stopped until every writer has felt it, and continued. */
        SERVER_FROZEN(false),
        /** The server is stopped for longer than any timeout, and continued. */
        SERVER_FROZEN_LONG(false),
        /** A writing process is killed, and another one takes its place. */
        WRITER_KILLED(false),
        /** A watching process is killed, and goes on where its record ends. */
        WATCHER_KILLED(false),
        /** Connections are cut. */
        CUT(true),
        /** Connections are closed in one direction. */
        HALF_CLOSED(true),
        /** Everything is late. */
        DELAYED(true),
        /** Nothing gets through; later it does. */
        SILENCED(true),
        /** Nothing gets through; then the connections are cut. */
        SILENCED_AND_CUT(true);

        private final boolean wired;

        Fault(boolean wired) {
            this.wired = wired;
        }

        /** Whether it takes a wire. */
        boolean isWired() {
            return wired;
        }
    }

    Map<Fault, Integer> counts() {
        return counts;
    }

    void inject(Fault fault) throws Exception {
        cluster.awaitReplay();
        switch (fault) {
            case LISTENERS_TERMINATED -> terminate(LISTENERS);
            case REPLAYS_TERMINATED -> terminate(Cluster.REPLAYS);
            case WRITERS_TERMINATED -> terminate("application_name LIKE 'writer%'");
            case BACKEND_KILLED -> killBackend();
            case SERVER_KILLED -> {
                cluster.server().kill();
                cluster.server().restart();
            }
            case SERVER_FROZEN -> freeze(Duration.ZERO);
            case SERVER_FROZEN_LONG -> freeze(LONG_FREEZE);
            case WRITER_KILLED -> cluster.killWriter();
            case WATCHER_KILLED -> cluster.killWatcher();
            case CUT -> await("connections to cut", () -> cluster.wire().cut(random) > 0);
            case HALF_CLOSED ->
                await("connections to half close", () -> cluster.wire().halfClose(random) > 0);
            case DELAYED -> delay();
            case SILENCED -> silence(false);
            case SILENCED_AND_CUT -> silence(true);
        }
        counts.merge(fault, 1, Integer::sum);
        cluster.awaitProgress();
    }

    private interface Happening {
        boolean happens() throws Exception;
    }

    /** Right after another fault there may be nobody to befall. */
    private static void await(String what, Happening happening) {
        Awaitility.await(what).atMost(LIMIT).until(happening::happens);
    }

    /** At most five. */
    private void terminate(String whose) {
        String sql = "SELECT count(pg_terminate_backend(pid)) FROM (SELECT pid FROM pg_stat_activity"
                + " WHERE datname = current_database() AND " + whose + " ORDER BY random() LIMIT 5) s";
        await("connections to terminate", () -> {
            try (Connection connection = cluster.connect()) {
                return Database.number(connection, sql) > 0;
            }
        });
    }

    /** The chosen one may be about to end anyway, and then it takes another. */
    private void killBackend() throws SQLException {
        String sql = "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
                + " AND application_name LIKE 'writer%' ORDER BY random() LIMIT 1";
        try (Connection connection = cluster.connect()) {
            await("the server to drop its connections", () -> connection.isClosed() || !killOne(connection, sql));
        }
        cluster.server().restart();
    }

    /** False when the server has dropped the connection. */
    private boolean killOne(Connection connection, String choice) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(choice);
                ResultSet row = statement.executeQuery()) {
            if (row.next()) {
                cluster.server().killOneBackend(row.getLong(1));
            }
        } catch (SQLException dropped) {
            return connection.isValid(1);
        }
        return connection.isValid(1);
    }

    private void freeze(Duration atLeast) throws Exception {
        Progress before = cluster.mark();
        cluster.server().freeze();
        try {
            last(atLeast);
            cluster.awaitFailures(before);
        } finally {
            cluster.server().thaw();
        }
    }

    private void silence(boolean cut) {
        Progress before = cluster.mark();
        cluster.wire().silence(true);
        cluster.awaitFailures(before);
        if (cut) {
            cluster.wire().cut(random);
        }
        cluster.wire().silence(false);
    }

    private void delay() {
        cluster.wire().delay(5 + random.nextInt(60));
        cluster.awaitProgress();
        cluster.wire().delay(0);
    }

    /** How long a fault lasts is part of the fault; nothing is waited for. */
    private static void last(Duration duration) {
        if (!duration.isZero()) {
            Awaitility.await().pollDelay(duration).atMost(duration.plus(LIMIT)).until(() -> true);
        }
    }
}

package dev.tidemark.store.postgres;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/**
 * Hears notifications, on a connection of its own, and pokes the watches they may concern. Nothing depends on hearing every one:
 * after each reconnection everybody is poked, and watches poll besides.
 *
 * <p>A driver that waits for notifications can't tell a silent peer from a dead one. So the connection is asked something every few
 * seconds, and given up when it does not answer. And since a proxy that pools transactions takes LISTEN and delivers nothing, a
 * notification to itself shows whether any arrive.
 */
final class Listener implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Listener.class.getName());
    private static final int HEARTBEAT_MILLIS = 5_000;
    private static final int ANSWER_MILLIS = 5_000;

    /** How long the end of listening waits on a connection that is given back in order, and not just broken off. */
    private static final int LOOK_MILLIS = 100;

    private static final long FIRST_PAUSE = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long LONGEST_PAUSE = TimeUnit.SECONDS.toNanos(5);
    private static final String ECHO = "tidemark-echo:";

    private final Connections connections;
    private final Doorbell doorbell;
    private final String channel;
    private final Consumer<@Nullable Long> poke;
    private final Consumer<@Nullable Long> pokeTable;
    private final Thread thread;
    private final AtomicBoolean started = new AtomicBoolean();
    private final String echo = ECHO + UUID.randomUUID();
    private volatile @Nullable Connection connection;
    private volatile boolean closed;
    private int networkTimeout;
    private boolean echoed;
    private boolean doubted;
    private boolean deafnessTold;

    /**
     * Makes a listener that does nothing yet.
     *
     * @param poke takes the namespace in which something may have happened; null for all of them
     * @param pokeTable takes the table of events to which something may have happened; null for all of them
     */
    Listener(
            Connections connections,
            Doorbell doorbell,
            String channel,
            String name,
            Consumer<@Nullable Long> poke,
            Consumer<@Nullable Long> pokeTable) {
        this.connections = connections;
        this.doorbell = doorbell;
        this.channel = channel;
        this.poke = poke;
        this.pokeTable = pokeTable;
        this.thread = Calls.daemon(this::run, name + "-listener");
    }

    /** Starts to listen, once. */
    void start() {
        if (!closed && started.compareAndSet(false, true)) {
            thread.start();
        }
    }

    private void run() {
        int failures = 0;
        while (!closed) {
            try {
                Connection open = connect();
                poke.accept(null);
                pokeTable.accept(null);
                failures = 0;
                listen(open);
                giveBack(open);
            } catch (SQLException | RuntimeException failure) {
                if (!closed) {
                    Level level = failures == 0 ? Level.WARNING : Level.DEBUG;
                    LOG.log(
                            level,
                            "not listening for changes, polling until it works again: {0}",
                            failure.getMessage());
                    pause(failures++);
                }
            } catch (Error exhausted) {
                Calls.tellExhausted(LOG, "not listening for changes, polling until it works again", exhausted);
                pause(failures++);
            } finally {
                hangUp();
            }
        }
    }

    private Connection connect() throws SQLException {
        Connection open = connections.openListening();
        connection = open;
        networkTimeout = open.getNetworkTimeout();
        open.setNetworkTimeout(Runnable::run, ANSWER_MILLIS);
        execute(open, "LISTEN " + channel);
        echoed = false;
        doubted = false;
        doorbell.send(echo);
        return open;
    }

    private void listen(Connection open) throws SQLException {
        PGConnection driver = open.unwrap(PGConnection.class);
        int wait = connections.areShared() ? LOOK_MILLIS : HEARTBEAT_MILLIS;
        int silent = 0;
        while (!closed) {
            PGNotification[] heard = driver.getNotifications(wait);
            silent = heard == null || heard.length == 0 ? silent + wait : 0;
            if (silent >= HEARTBEAT_MILLIS) {
                silent = 0;
                execute(open, "SELECT 1");
                tellIfDeaf();
            } else if (heard != null) {
                for (PGNotification notification : heard) {
                    hear(notification);
                }
            }
        }
    }

    private void hear(PGNotification notification) {
        String payload = notification.getParameter();
        if (payload.equals(echo)) {
            echoed = true;
        } else if (!payload.startsWith(ECHO)) {
            Long table = EventTable.announced(payload);
            if (table != null) {
                pokeTable.accept(table);
            } else {
                poke.accept(namespaceOf(payload));
            }
        }
    }

    /** Only the first field is needed, and may be trusted to hold no separator; what can't be read concerns everybody. */
    private static @Nullable Long namespaceOf(String payload) {
        int end = payload.indexOf('|');
        try {
            return end < 0 ? null : Long.valueOf(payload.substring(0, end));
        } catch (NumberFormatException notOurs) {
            return null;
        }
    }

    /** Tries twice, since the first notification may have been lost with an old connection of the doorbell. */
    private void tellIfDeaf() {
        if (!echoed && !doubted) {
            doubted = true;
            doorbell.send(echo);
        } else if (!echoed && !deafnessTold) {
            deafnessTold = true;
            LOG.log(
                    Level.WARNING,
                    "notifications do not arrive, so changes of other processes are found by polling only; is there a proxy that"
                            + " pools transactions between here and the server?");
        }
    }

    /** Leaves nothing behind that whoever gets the connection next could notice. */
    private void giveBack(Connection open) throws SQLException {
        execute(open, "UNLISTEN " + channel);
        open.setNetworkTimeout(Runnable::run, networkTimeout);
        connection = null;
        Connections.close(open);
    }

    private void pause(int failures) {
        long longest = Math.min(LONGEST_PAUSE, FIRST_PAUSE << Math.min(failures, 10));
        LockSupport.parkNanos(this, ThreadLocalRandom.current().nextLong(longest / 2, longest + 1));
    }

    private void hangUp() {
        Connection open = connection;
        connection = null;
        if (open != null) {
            Connections.breakOff(open);
            Connections.close(open);
        }
    }

    private static void execute(Connection open, String text) throws SQLException {
        try (Statement statement = open.createStatement()) {
            statement.execute(text);
        }
    }

    /** Stops to listen, and gives its connection back, or leaves that to its thread if it takes longer than a moment. */
    @Override
    public void close() {
        closed = true;
        if (connections.areShared()) {
            Calls.awaitEnd(thread);
        }
        Connection open = connection;
        if (open != null) {
            Connections.breakOff(open);
        }
        Calls.awaitEnd(thread);
    }
}

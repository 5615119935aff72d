package dev.tidemark.store.postgres;

import dev.tidemark.store.spi.Op;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/**
 * Tells other processes that something was committed. A notification inside the writing transaction would make all commits of the
 * server wait for each other, so one thread sends them afterwards: the first at once, then at most one in a few milliseconds, however
 * many writes there were. They are hints; what can't be sent is dropped.
 */
final class Doorbell implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Doorbell.class.getName());
    private static final long GAP_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Connections connections;
    private final String channel;
    private final Thread thread;
    private final Set<String> payloads = ConcurrentHashMap.newKeySet();
    private @Nullable Connection connection;
    private final AtomicBoolean started = new AtomicBoolean();
    private volatile int backend;
    private volatile boolean waiting;
    private volatile boolean closed;

    Doorbell(Connections connections, String channel, String name) {
        this.connections = connections;
        this.channel = channel;
        this.thread = Calls.daemon(this::run, name + "-doorbell");
    }

    /** Announces changes of the kinds of these operations. Cheap, and never blocks. */
    void ring(long namespace, List<Op<byte[]>> operations) {
        String last = null;
        for (Op<byte[]> op : operations) {
            if (!op.kind().equals(last)) {
                last = op.kind();
                // The form that a zestor service reads, too: namespace, kind, key, type and id.
                payloads.add(namespace + "|" + last + "||update|0");
            }
        }
        wake();
    }

    /** Sends a payload that only its sender understands. */
    void send(String payload) {
        payloads.add(payload);
        wake();
    }

    /** Whether a notification came from here. */
    boolean isOwn(int pid) {
        return pid == backend;
    }

    private void wake() {
        if (started.compareAndSet(false, true)) {
            thread.start();
        } else if (waiting) {
            LockSupport.unpark(thread);
        }
    }

    private void run() {
        while (!closed) {
            awaitPayloads();
            List<String> ringing = List.copyOf(payloads);
            ringing.forEach(payloads::remove);
            try {
                announce(ringing);
                LockSupport.parkNanos(this, GAP_NANOS);
            } catch (SQLException failure) {
                LOG.log(Level.DEBUG, "can''t notify other processes: {0}", failure.getMessage());
                hangUp();
                LockSupport.parkNanos(this, PAUSE_NANOS);
            }
        }
        hangUp();
    }

    private void awaitPayloads() {
        while (payloads.isEmpty() && !closed) {
            waiting = true;
            if (payloads.isEmpty() && !closed) {
                LockSupport.park(this);
            }
            waiting = false;
        }
    }

    private void announce(List<String> ringing) throws SQLException {
        if (ringing.isEmpty()) {
            return;
        }
        Connection open = connect();
        try (PreparedStatement statement = open.prepareStatement("SELECT pg_notify(?, p) FROM unnest(?::text[]) p")) {
            statement.setString(1, channel);
            statement.setArray(2, open.createArrayOf("text", ringing.toArray()));
            statement.execute();
        }
        if (connections.areShared()) {
            hangUp();
        }
    }

    private Connection connect() throws SQLException {
        Connection open = connection;
        if (open == null) {
            open = connections.open();
            connection = open;
            backend = connections.areShared()
                    ? 0
                    : open.unwrap(PGConnection.class).getBackendPID();
        }
        return open;
    }

    private void hangUp() {
        Connection open = connection;
        connection = null;
        if (open != null) {
            try {
                open.close();
            } catch (SQLException brokenAnyway) {
                LOG.log(Level.DEBUG, "can''t close a connection: {0}", brokenAnyway.getMessage());
            }
        }
    }

    /** Stops the thread, which closes its connection. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }
}

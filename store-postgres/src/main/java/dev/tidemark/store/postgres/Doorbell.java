package dev.tidemark.store.postgres;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Tells other processes that something was committed. Transactions that notify commit one after the other in all of the server, so few
 * of them do: a write announces itself, and with it all before it, if little was announced of late. What the last write of a stream
 * leaves is announced by a thread, a little later, when no write came to do it; sooner or later, even if other writes never pause.
 * These are hints: whoever misses one polls.
 */
final class Doorbell implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Doorbell.class.getName());
    private static final long GAP_NANOS = TimeUnit.MICROSECONDS.toNanos(500);
    private static final long BURST_NANOS = TimeUnit.MICROSECONDS.toNanos(1_500);
    private static final long GRACE_NANOS = TimeUnit.MICROSECONDS.toNanos(1_500);
    private static final long AWAKE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long LATE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Connections connections;
    private final String channel;
    private final Thread thread;
    private final Map<String, Pending> payloads = new ConcurrentHashMap<>();
    private final AtomicLong nextTurn = new AtomicLong(System.nanoTime() - BURST_NANOS);
    private @Nullable Connection connection;
    private final AtomicBoolean started = new AtomicBoolean();
    private volatile boolean waiting;
    private volatile boolean closed;

    Doorbell(Connections connections, String channel, String name) {
        this.connections = connections;
        this.channel = channel;
        this.thread = Calls.daemon(this::run, name + "-doorbell");
    }

    /** The channel of an installation. */
    static String channel(String tablePrefix) {
        return tablePrefix + "_events";
    }

    /** When something was first to be announced, and when it last was. */
    private record Pending(long first, long last) {
        @Nullable
        Pending after(long sent) {
            return last - sent < 0 ? null : new Pending(first - sent < 0 ? sent : first, last);
        }
    }

    /** A transaction that announces its changes by itself if it is told to; null when nothing was written and another try may help. */
    interface Write<T> {
        @Nullable
        T run(boolean rings) throws SQLException;
    }

    /**
     * Runs a write and sees to it that what it changed is announced.
     *
     * @param changed the payloads for what a write did
     */
    <T> @Nullable T announced(Write<T> write, Function<? super T, ? extends Collection<String>> changed)
            throws SQLException {
        long now = System.nanoTime();
        boolean rings = takeTurn(now);
        try {
            T result = write.run(rings);
            if (result != null && rings) {
                changed.apply(result).forEach(payload -> covered(payload, now));
            } else if (result != null) {
                changed.apply(result).forEach(this::send);
            }
            return result;
        } catch (SQLException failure) {
            if (!rings || !SqlErrors.isQueueFull(failure)) {
                throw failure;
            }
            nextTurn.set(System.nanoTime() + PAUSE_NANOS);
            return null;
        }
    }

    /** Turns come up every so often; a few of those that nobody took may be taken at once. */
    private boolean takeTurn(long now) {
        long due = nextTurn.get();
        long unspent = Math.min(now - due, BURST_NANOS);
        return unspent >= 0 && nextTurn.compareAndSet(due, now - unspent + GAP_NANOS);
    }

    /** What was to be announced before a write that has announced the same was sent. */
    private void covered(String payload, long sent) {
        payloads.computeIfPresent(payload, (same, pending) -> pending.after(sent));
    }

    /** The form that a zestor service reads, too: namespace, kind, key, type and id. */
    static String payload(long namespace, String kind) {
        return namespace + "|" + kind + "||update|0";
    }

    /** Announces something, soon. Cheap, and never blocks. */
    void send(String payload) {
        long now = System.nanoTime();
        payloads.merge(payload, new Pending(now, now), (old, added) -> new Pending(old.first(), added.last()));
        wake();
    }

    private void wake() {
        if (started.compareAndSet(false, true)) {
            thread.start();
        } else if (waiting) {
            LockSupport.unpark(thread);
        }
    }

    private void run() {
        boolean hopeful = true;
        while (!closed || (hopeful && !payloads.isEmpty())) {
            try {
                awaitPayloads();
                awaitTurn();
                hopeful = announcePayloads();
            } catch (Error exhausted) {
                hopeful = false;
                Calls.tellExhausted(LOG, "can't notify other processes, trying again later", exhausted);
                breakOff();
                pause();
            }
        }
        hangUp();
    }

    /** False when there is no way now; what a connection did not take waits for the next one, which is opened at once if that was old. */
    private boolean announcePayloads() {
        boolean old = connection != null;
        Map<String, Pending> ringing = Map.copyOf(payloads);
        ringing.forEach(payloads::remove);
        boolean announced = false;
        try {
            announce(ringing.keySet());
            announced = true;
        } catch (SQLException | RuntimeException failure) {
            LOG.log(Level.DEBUG, "can''t notify other processes: {0}", failure.getMessage());
            hangUp();
        } finally {
            if (!announced) {
                ringing.forEach(payloads::putIfAbsent);
            }
        }
        if (!announced && !old) {
            pause();
        }
        return announced || old;
    }

    private void pause() {
        long until = System.nanoTime() + PAUSE_NANOS;
        while (!closed && until - System.nanoTime() > 0) {
            LockSupport.parkNanos(this, until - System.nanoTime());
        }
    }

    /** Naps while writes follow one another: to be woken by them would take a tenth of their time. */
    private void awaitPayloads() {
        long drowsy = System.nanoTime() + AWAKE_NANOS;
        while (payloads.isEmpty() && !closed) {
            if (drowsy - System.nanoTime() > 0) {
                LockSupport.parkNanos(this, GRACE_NANOS);
            } else {
                sleep();
            }
        }
    }

    private void sleep() {
        waiting = true;
        if (payloads.isEmpty() && !closed) {
            LockSupport.park(this);
        }
        waiting = false;
    }

    /** A moment longer than writes wait, so that one of a steady stream of writes does it, unless all of those are about something else. */
    private void awaitTurn() {
        while (!payloads.isEmpty() && !closed) {
            long now = System.nanoTime();
            long wait = nextTurn.get() + GRACE_NANOS - now;
            if (wait <= 0 && takeTurn(now)) {
                return;
            }
            long late = lateNanos(now);
            if (late <= 0) {
                nextTurn.accumulateAndGet(now + GAP_NANOS, (due, mine) -> due - mine > 0 ? due : mine);
                return;
            }
            LockSupport.parkNanos(this, Math.min(wait, late));
        }
    }

    /** How long until what waits longest has waited too long. */
    private long lateNanos(long now) {
        long least = LATE_NANOS;
        for (Pending pending : payloads.values()) {
            least = Math.min(least, pending.first() + LATE_NANOS - now);
        }
        return least;
    }

    private void announce(Set<String> ringing) throws SQLException {
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
        }
        return open;
    }

    /** Of a connection in the middle of something. */
    private void breakOff() {
        Connection open = connection;
        if (open != null) {
            Connections.breakOff(open);
        }
        hangUp();
    }

    private void hangUp() {
        Connection open = connection;
        connection = null;
        if (open != null) {
            Connections.close(open);
        }
    }

    /** Lets the thread announce what is left, for a moment, and stops it. */
    @Override
    public void close() {
        closed = true;
        Calls.awaitEnd(thread);
    }
}

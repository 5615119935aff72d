package dev.tidemark.store.postgres;

import dev.tidemark.store.StoreClosedException;
import dev.tidemark.store.StoreInterruptedException;
import dev.tidemark.store.StoreTimeoutException;
import dev.tidemark.store.spi.Deadline;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/**
 * Bounds what waits for the server: a call whose deadline passes or whose thread is interrupted is cancelled there, which leaves it
 * clean, and when the server does not react to that, its connection is broken off.
 *
 * <p>One thread looks at all running calls many times a second; so a call costs two entries in a set, and no timer.
 */
final class Calls implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Calls.class.getName());
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long GOODBYE_MILLIS = 1_000;

    /** More than a call takes, with TLS and before it is compiled. */
    private static final int STACK_FRAMES = 256;

    /** The work of a call; it attaches the connections that it uses. */
    interface Work<T> {
        T run(Call call) throws SQLException;
    }

    /** How a call was stopped. */
    enum Stop {
        NONE,
        TIMED_OUT,
        INTERRUPTED
    }

    private final Set<Call> running = ConcurrentHashMap.newKeySet();
    private final ExecutorService helpers;
    private final Thread watchdog;
    private volatile boolean dozing;
    private volatile boolean closed;

    Calls(String name) {
        this(name, task -> daemon(task, name + "-calls"));
    }

    /** @param helpers makes the threads that talk to the server about what another one waits for */
    Calls(String name, ThreadFactory helpers) {
        this.helpers = Executors.newCachedThreadPool(helpers);
        watchdog = daemon(this::watch, name + "-timeouts");
        watchdog.start();
    }

    static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    /** Tells of an error that a thread outlives, as far as there is memory for that. */
    static void tellExhausted(Logger log, String what, Error exhausted) {
        try {
            log.log(Level.ERROR, what, exhausted);
        } catch (Error again) {
            exhausted.addSuppressed(again);
        }
    }

    /** Wakes a thread that was told to end, and gives it a moment to do so. */
    static void awaitEnd(Thread thread) {
        LockSupport.unpark(thread);
        try {
            thread.join(GOODBYE_MILLIS);
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
        }
    }

    /** Runs work that ends by the deadline; {@code waitingFor} tells what for if it does not. */
    <T> T run(Deadline deadline, String waitingFor, Work<T> work) throws SQLException {
        if (closed) {
            throw new StoreClosedException();
        }
        deadline.check(waitingFor);
        reserveStack(STACK_FRAMES, 1, 2, 3, 4);
        Call call = new Call(deadline, waitingFor, Thread.currentThread());
        running.add(call);
        if (dozing) {
            LockSupport.unpark(watchdog);
        }
        try {
            return VirtualThreads.isCurrent() ? runOnPlatformThread(call, work) : work.run(call);
        } finally {
            call.finish();
            running.remove(call);
        }
    }

    /**
     * Runs out of stack now if it has to: later it would happen between a question and its answer, or before a connection is given
     * back. Frames that have something to remember are a hundred bytes at least.
     */
    private static long reserveStack(int frames, long a, long b, long c, long d) {
        return frames == 0 ? a : reserveStack(frames - 1, b, c, d, a + frames) + a + b * c + d;
    }

    /** An interrupt would close the socket under a virtual thread; here it only cancels. */
    private <T> T runOnPlatformThread(Call call, Work<T> work) throws SQLException {
        Future<T> result = helpers.submit(() -> call.lend(work));
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return result.get();
                } catch (InterruptedException interrupt) {
                    interrupted = true;
                    call.interrupt();
                }
            }
        } catch (ExecutionException failure) {
            throw rethrown(failure.getCause());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static SQLException rethrown(@Nullable Throwable cause) {
        if (cause instanceof RuntimeException unchecked) {
            throw unchecked;
        }
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof SQLException failure ? failure : new SQLException("the call failed", cause);
    }

    private void watch() {
        long idleSince = System.nanoTime();
        while (!closed) {
            if (!running.isEmpty()) {
                idleSince = System.nanoTime();
                running.forEach(Calls::check);
            }
            dozing = System.nanoTime() - idleSince > IDLE_NANOS;
            if (dozing && running.isEmpty()) {
                LockSupport.park(this);
            } else {
                LockSupport.parkNanos(this, TICK_NANOS);
            }
        }
    }

    /** When there is no thread to be had to stop a call, there may be one a moment later. */
    private static void check(Call call) {
        try {
            call.check();
        } catch (RuntimeException | OutOfMemoryError exhausted) {
            LOG.log(Level.DEBUG, "can''t stop a call yet: {0}", exhausted.getMessage());
        }
    }

    /** Cancels what runs and stops the thread. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(watchdog);
        helpers.shutdown();
    }

    /** One piece of work in one thread. */
    final class Call {
        private final Deadline deadline;
        private final String waitingFor;
        private final Thread thread;
        private final long graceNanos;
        private final long begun = System.nanoTime();
        private volatile @Nullable Connection connection;
        private volatile boolean interrupted;
        private @Nullable Thread helper;
        private volatile Stop stop = Stop.NONE;
        private final ReentrantLock lock = new ReentrantLock();
        private volatile @Nullable Future<?> cancelling;
        private boolean finished;
        private volatile long cancelledAt;
        private volatile long graceEnd;
        private boolean brokenOff;

        private Call(Deadline deadline, String waitingFor, Thread thread) {
            this.deadline = deadline;
            this.waitingFor = waitingFor;
            this.thread = thread;
            long whole = Math.max(0, deadline.remainingNanos());
            this.graceNanos =
                    Math.max(TimeUnit.MILLISECONDS.toNanos(250), Math.min(TimeUnit.SECONDS.toNanos(1), whole / 5));
        }

        Deadline deadline() {
            return deadline;
        }

        /** Runs work in a helper's thread. */
        private <T> T lend(Work<T> work) throws SQLException {
            setHelper(Thread.currentThread());
            try {
                return work.run(this);
            } finally {
                setHelper(null);
            }
        }

        private void setHelper(@Nullable Thread thread) {
            lock.lock();
            try {
                helper = thread;
            } finally {
                lock.unlock();
            }
        }

        /** What waits for the server is cancelled there; what still waits for a connection is woken. */
        private void interrupt() {
            lock.lock();
            try {
                interrupted = true;
                if (helper != null && connection == null) {
                    helper.interrupt();
                }
            } finally {
                lock.unlock();
            }
        }

        /** From now on the call waits for this connection. */
        <C extends Connection> C attach(C connection) {
            this.connection = connection;
            return connection;
        }

        void detach() {
            this.connection = null;
        }

        /** Whether the server was told to stop, so that a late signal may still be on its way to the connection. */
        boolean wasStopped() {
            return stop != Stop.NONE;
        }

        Stop stop() {
            return stop;
        }

        /** Returns what to throw when the call was stopped and nothing was written. */
        RuntimeException stopped(SQLException failure) {
            return stopped(failure, waitingFor);
        }

        /** The same for a call that was still waiting for something else. */
        RuntimeException stopped(SQLException failure, String awaited) {
            if (stop == Stop.INTERRUPTED || Thread.currentThread().isInterrupted()) {
                return new StoreInterruptedException("interrupted while waiting for " + awaited, failure);
            }
            if (stop == Stop.NONE && !deadline.hasPassed()) {
                return othersLimit(failure, awaited);
            }
            RuntimeException reason = deadline.expired(awaited);
            reason.addSuppressed(failure);
            return reason;
        }

        /** What the server allows this role, by {@code statement_timeout} for instance, or a pool of the caller's. */
        private StoreTimeoutException othersLimit(SQLException failure, String awaited) {
            return new StoreTimeoutException(
                    awaited + ", by a limit that is not of this call: " + SqlErrors.messageOf(failure),
                    Duration.ofNanos(System.nanoTime() - begun),
                    failure);
        }

        private void check() {
            Connection busy = connection;
            if (busy == null) {
                return;
            }
            if (stop != Stop.NONE) {
                insist(busy);
            } else if (interrupted || thread.isInterrupted()) {
                cancel(busy, Stop.INTERRUPTED);
            } else if (deadline.hasPassed()) {
                cancel(busy, Stop.TIMED_OUT);
            }
        }

        private void cancel(Connection busy, Stop why) {
            lock.lock();
            try {
                if (!finished) {
                    cancelledAt = System.nanoTime();
                    graceEnd = stop == Stop.NONE ? cancelledAt + graceNanos : graceEnd;
                    stop = why;
                    cancelling = helpers.submit(() -> sendCancel(busy));
                }
            } finally {
                lock.unlock();
            }
        }

        /** A signal that came before the statement did had no effect, so it is sent again; and in the end the connection goes. */
        private void insist(Connection busy) {
            long now = System.nanoTime();
            Future<?> sent = cancelling;
            if (!brokenOff && now - graceEnd > 0) {
                helpers.execute(() -> Connections.breakOff(busy));
                brokenOff = true;
            } else if (!brokenOff && now - cancelledAt > AGAIN_NANOS && (sent == null || sent.isDone())) {
                cancel(busy, stop);
            }
        }

        /** Returns when no cancellation is on its way any more, so that it can't hit what the connection does next. */
        private void finish() {
            Future<?> pending;
            lock.lock();
            try {
                finished = true;
                pending = cancelling;
            } finally {
                lock.unlock();
            }
            if (pending != null) {
                await(pending);
            }
        }

        private void await(Future<?> pending) {
            boolean interruptedHere = Thread.interrupted();
            try {
                pending.get(graceNanos, TimeUnit.NANOSECONDS);
            } catch (InterruptedException interrupt) {
                interruptedHere = true;
            } catch (ExecutionException | TimeoutException failure) {
                LOG.log(Level.DEBUG, "a cancellation did not come through", failure);
            } finally {
                if (interruptedHere) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }

    private static void sendCancel(Connection busy) {
        try {
            busy.unwrap(PGConnection.class).cancelQuery();
        } catch (SQLException failure) {
            LOG.log(Level.DEBUG, "can''t cancel a statement: {0}", failure.getMessage());
        }
    }
}

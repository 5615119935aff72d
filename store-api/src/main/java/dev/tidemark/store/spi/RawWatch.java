package dev.tidemark.store.spi;

import dev.tidemark.store.StoreException;
import dev.tidemark.store.StoreInterruptedException;
import dev.tidemark.store.StoreTimeoutException;
import dev.tidemark.store.StoreUnavailableException;
import dev.tidemark.store.WatchClosedException;
import dev.tidemark.store.WatchOptions;
import dev.tidemark.store.WatchOverflowException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A watch before its values are decoded. It replays a snapshot, catches up with the history, and is then live, when the hub
 * fills its buffer; each of the first two may be missing.
 *
 * <p>Locks: {@code consumer} guards the backlog: it admits one poller at a time while snapshot and history are read. {@code lock} guards the
 * buffer and the end, and is a leaf; the hub takes it, and so it is never held while anything is read.
 *
 * @param <R> the stored representation
 * @since 0.1
 */
public final class RawWatch<R> implements AutoCloseable {

    /**
     * A change for the consumer.
     *
     * @param change what was committed
     * @param replayed whether it stands for an entry of the initial replay
     * @param <R> the stored representation
     */
    public record Delivery<R>(Committed<R> change, boolean replayed) {}

    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final WatchHub<R> hub;
    private final ChangeFilter filter;
    private final int bufferSize;

    private final ReentrantLock consumer = new ReentrantLock();
    private volatile @Nullable Backlog<R> backlog;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Committed<R>> buffer = new ArrayDeque<>();
    /** How far the hub is, once this watch is live. */
    private @Nullable AtomicLong cursor;

    private boolean endTold;
    private @Nullable RuntimeException reason;

    /** What the page at hand holds for this watch; guarded by the lock of the hub, like {@code since}. */
    private final List<Committed<R>> noted = new ArrayList<>();

    private long since;

    private volatile boolean ended;
    private volatile boolean synced;
    private volatile long delivered;

    RawWatch(WatchHub<R> hub, WatchOptions options, ChangeFilter filter, @Nullable Backlog<R> backlog) {
        this.hub = hub;
        this.filter = filter;
        this.bufferSize = options.bufferSize();
        this.backlog = backlog;
    }

    /**
     * Returns the next change, waiting for it up to {@code timeout}, or null; otherwise as {@link dev.tidemark.store.Watch#poll}.
     */
    public @Nullable Delivery<R> poll(Duration timeout) throws InterruptedException {
        Deadline deadline = Deadline.after(timeout);
        while (backlog != null) {
            if (!consumer.tryLock(deadline.remainingNanos(), TimeUnit.NANOSECONDS)) {
                return null;
            }
            try {
                Delivery<R> delivery = ofBacklog(deadline);
                if (delivery != null || backlog != null) {
                    return delivery;
                }
            } finally {
                consumer.unlock();
                if (ended) {
                    releaseBacklog();
                }
            }
        }
        return awaitLive(deadline);
    }

    /** Whether the initial replay has been delivered in full; true from the start without one. */
    public boolean isSynced() {
        return synced;
    }

    /** The revision up to which everything that matches has been delivered; 0 during the replay. */
    public long revision() {
        lock.lock();
        try {
            return reached();
        } finally {
            lock.unlock();
        }
    }

    /** Ends the watch on behalf of its owner. Calling it again does nothing. */
    @Override
    public void close() {
        end(null);
        hub.remove(this);
    }

    /** Reads ahead for the first time; faults come out, since nobody has the watch yet. */
    void prepare() {
        consumer.lock();
        try {
            readAhead();
        } finally {
            consumer.unlock();
            if (ended) {
                releaseBacklog();
            }
        }
    }

    /** What this watch has to be told of. */
    List<Audience.Topic> topics() {
        return filter.topics();
    }

    /** Everything up to {@code revision} has been delivered, and what the hub puts to this watch follows it. */
    void goLive(long revision, AtomicLong cursor) {
        lock.lock();
        try {
            this.since = revision;
            this.delivered = revision;
            this.cursor = cursor;
        } finally {
            lock.unlock();
        }
    }

    /** Whether the hub has had to serve this watch with changes from before {@code revision} on. */
    boolean isLiveSinceBefore(long revision) {
        return cursor != null && since < revision;
    }

    /** Takes a change of the page at hand if it matches; true for the first one. */
    boolean note(Committed<R> change) {
        boolean matches = change.revision() > since && filter.matches(change);
        return matches && noted.add(change) && noted.size() == 1;
    }

    /** Lets the consumer have what was noted; false when the watch has ended, which overflow makes it do. */
    boolean publish() {
        lock.lock();
        try {
            if (!ended && buffer.size() + noted.size() > bufferSize) {
                end(new WatchOverflowException(bufferSize, reached()));
            } else if (!ended) {
                buffer.addAll(noted);
                changed.signalAll();
            }
            return !ended;
        } finally {
            noted.clear();
            lock.unlock();
        }
    }

    /** Ends the watch, once; null stands for its owner. */
    void end(@Nullable RuntimeException why) {
        lock.lock();
        try {
            if (!ended) {
                delivered = cursor == null ? delivered : reached();
                ended = true;
                reason = why;
                buffer.clear();
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
        releaseBacklog();
    }

    /** Everything up to here was delivered or did not match; holds the lock. */
    private long reached() {
        Committed<R> next = buffer.peek();
        if (next != null) {
            return next.revision() - 1;
        }
        return cursor == null || ended ? delivered : Math.max(delivered, cursor.get());
    }

    /** Null when the deadline passed, or when the watch is live and nothing is left here. */
    private @Nullable Delivery<R> ofBacklog(Deadline deadline) throws InterruptedException {
        while (true) {
            throwIfEnded();
            Backlog<R> open = backlog;
            if (open == null) {
                return null;
            }
            if (open.hasNext()) {
                return take(open);
            }
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            boolean read = tryReadAhead();
            if (deadline.hasPassed() && !open.hasNext() && backlog != null) {
                return null;
            }
            if (!read) {
                awaitRetry(deadline);
            }
        }
    }

    private Delivery<R> take(Backlog<R> open) {
        Delivery<R> delivery = open.next();
        delivered = open.delivered();
        tryReadAhead();
        return delivery;
    }

    /**
     * False when a fault that may heal stood in the way, or an interrupt, whose flag is set; anything else ends the watch.
     */
    private boolean tryReadAhead() {
        try {
            readAhead();
            return true;
        } catch (StoreUnavailableException | StoreTimeoutException | StoreInterruptedException passing) {
            return false;
        } catch (RuntimeException fatal) {
            fail(fatal);
            return true;
        } catch (Error broken) {
            fail(new StoreException("reading changes failed: " + broken, broken));
            return true;
        }
    }

    private void fail(RuntimeException fatal) {
        end(fatal);
        hub.remove(this);
    }

    /** Reads until a change waits, the end of the replay is known, or a page of history held no match; then goes live if it can. */
    private void readAhead() {
        Backlog<R> open = backlog;
        if (open == null) {
            synced = true;
            return;
        }
        while (!open.hasNext() && !open.isSynced()) {
            open.read();
        }
        if (!open.hasNext()) {
            open.read();
        }
        delivered = open.delivered();
        synced = open.isSynced();
        if (!open.hasNext() && hub.tryGoLive(this, open.revision())) {
            backlog = null;
        }
    }

    private @Nullable Delivery<R> awaitLive(Deadline deadline) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (buffer.isEmpty() && !ended) {
                long left = deadline.remainingNanos();
                if (left <= 0) {
                    return null;
                }
                boolean unused = changed.await(left, TimeUnit.NANOSECONDS);
            }
            throwIfEnded();
            Committed<R> next = buffer.remove();
            delivered = next.revision();
            return new Delivery<>(next, false);
        } finally {
            lock.unlock();
        }
    }

    private void awaitRetry(Deadline deadline) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = Math.min(RETRY_NANOS, deadline.remainingNanos());
            while (!ended && left > 0) {
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    private void throwIfEnded() {
        lock.lock();
        try {
            if (!ended) {
                return;
            }
            if (reason != null && !endTold) {
                endTold = true;
                throw reason;
            }
            throw new WatchClosedException(reason);
        } finally {
            lock.unlock();
        }
    }

    private void releaseBacklog() {
        Backlog<R> open = backlog;
        if (open != null && consumer.tryLock()) {
            try {
                open.close();
            } finally {
                consumer.unlock();
            }
        }
    }
}

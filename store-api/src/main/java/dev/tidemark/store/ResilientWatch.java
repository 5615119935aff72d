package dev.tidemark.store;

import dev.tidemark.store.spi.Deadline;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;

/** Replaces its watch by a new one when that ends by overflow, compaction or a lost revision. */
final class ResilientWatch<V> implements Watch<V> {
    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final WatchableStore<V> store;
    private final WatchOptions options;
    private final LongConsumer onRelist;

    /** Guards what follows; held while a watch is opened. */
    private final ReentrantLock lock = new ReentrantLock();

    private WatchOptions next;
    private boolean relist;

    /** The last watch that was opened; it has ended when {@code attached} is false. */
    private volatile Watch<V> current;

    private boolean attached = true;
    private volatile boolean closed;

    ResilientWatch(WatchableStore<V> store, WatchOptions options, LongConsumer onRelist) {
        this.store = store;
        this.options = options;
        this.onRelist = onRelist;
        this.next = options;
        this.current = store.watch(options);
    }

    @Override
    public Optional<Change<V>> poll(Duration timeout) throws InterruptedException {
        Deadline deadline = Deadline.after(timeout);
        while (true) {
            Watch<V> watch;
            try {
                watch = attached();
            } catch (StoreUnavailableException | StoreTimeoutException passing) {
                if (deadline.hasPassed()) {
                    return Optional.empty();
                }
                awaitRetry(deadline);
                continue;
            } catch (StoreInterruptedException interrupt) {
                throw interrupted(interrupt);
            }
            try {
                return watch.poll(Duration.ofNanos(Math.max(0, deadline.remainingNanos())));
            } catch (WatchOverflowException behind) {
                detach(watch, !watch.isSynced());
            } catch (HistoryCompactedException | RevisionAheadException gone) {
                detach(watch, true);
            } catch (WatchClosedException ended) {
                if (isAttached(watch)) {
                    throw ended;
                }
            }
        }
    }

    @Override
    public boolean isSynced() {
        return current.isSynced();
    }

    @Override
    public long revision() {
        return current.revision();
    }

    @Override
    public void close() {
        closed = true;
        current.close();
    }

    /** A fault that may heal stood in the way of attaching anew. */
    private void awaitRetry(Deadline deadline) throws InterruptedException {
        LockSupport.parkNanos(this, Math.min(RETRY_NANOS, deadline.remainingNanos()));
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    private static InterruptedException interrupted(StoreInterruptedException interrupt) {
        boolean unused = Thread.interrupted();
        InterruptedException thrown = new InterruptedException(interrupt.getMessage());
        thrown.initCause(interrupt);
        return thrown;
    }

    private boolean isAttached(Watch<V> watch) {
        lock.lock();
        try {
            return closed || (attached && current == watch);
        } finally {
            lock.unlock();
        }
    }

    private void detach(Watch<V> ended, boolean fromScratch) {
        lock.lock();
        try {
            if (current == ended) {
                attached = false;
                relist = fromScratch;
                next = fromScratch
                        ? options.withStartNow().withInitialReplay()
                        : options.withStartNow().withStartAfter(ended.revision());
            }
        } finally {
            lock.unlock();
        }
    }

    private Watch<V> attached() {
        lock.lock();
        try {
            if (!attached && !closed) {
                current = reopen();
                attached = true;
            }
            if (closed) {
                current.close();
            }
            return current;
        } finally {
            lock.unlock();
        }
    }

    private Watch<V> reopen() {
        if (!relist) {
            try {
                return store.watch(next);
            } catch (HistoryCompactedException | RevisionAheadException gone) {
                detach(current, true);
            }
        }
        Watch<V> replay = store.watch(next);
        boolean told = false;
        try {
            onRelist.accept(current.revision());
            told = true;
        } finally {
            if (!told) {
                replay.close();
            }
        }
        return replay;
    }
}

package dev.tidemark.store.inmemory;

import java.util.Collections;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/** The revisions that open snapshots look at. Its lock is a leaf. */
final class Snapshots {
    private final ReentrantLock lock = new ReentrantLock();
    private final TreeMap<Long, Integer> holders = new TreeMap<>();
    private volatile boolean held;

    /**
     * Holds the committed revision. Under the lock, so that whoever drops versions later knows of it; announced before the revision
     * is read, so that a writer who didn't see that has committed before.
     */
    long hold(ChangeLog log) {
        lock.lock();
        try {
            held = true;
            long revision = log.newest();
            holders.merge(revision, 1, Integer::sum);
            return revision;
        } finally {
            lock.unlock();
        }
    }

    /** Whether that was the last one who held the revision. */
    boolean release(long revision) {
        lock.lock();
        try {
            boolean last = holders.computeIfPresent(revision, (same, count) -> count == 1 ? null : count - 1) == null;
            held = !holders.isEmpty();
            return last;
        } finally {
            lock.unlock();
        }
    }

    /** For the writer: whether a revision below the one that is committed now may be held. */
    boolean isAnyHeld() {
        return held;
    }

    /** Runs {@code action} with the held revisions while none is added or dropped. */
    void whileHeld(Consumer<NavigableSet<Long>> action) {
        lock.lock();
        try {
            action.accept(Collections.unmodifiableNavigableSet(holders.navigableKeySet()));
        } finally {
            lock.unlock();
        }
    }
}

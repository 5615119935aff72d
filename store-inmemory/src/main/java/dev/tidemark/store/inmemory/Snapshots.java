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

    /** Holds the committed revision. Under the lock, so that whoever drops versions later knows of it. */
    long hold(ChangeLog log) {
        lock.lock();
        try {
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
            return holders.computeIfPresent(revision, (held, count) -> count == 1 ? null : count - 1) == null;
        } finally {
            lock.unlock();
        }
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

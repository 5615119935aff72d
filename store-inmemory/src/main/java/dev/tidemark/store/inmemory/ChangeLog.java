package dev.tidemark.store.inmemory;

import dev.tidemark.store.HistoryCompactedException;
import dev.tidemark.store.RevisionAheadException;
import dev.tidemark.store.spi.Committed;
import dev.tidemark.store.spi.History;
import dev.tidemark.store.spi.WatchHub;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The newest changes of a namespace, and with their last revision the point up to which everything is committed. Revisions are
 * consecutive, so a change is found by subtraction. Its lock is a leaf.
 *
 * <p>Changes that the hub has not read yet stay beyond the size, so that a burst of writes cuts off no watch that keeps up.
 */
final class ChangeLog implements History<Object> {
    private final int size;
    private final ReentrantLock lock = new ReentrantLock();
    private final List<Committed<Object>> changes = new ArrayList<>();

    /** How many changes at the start of the list are dropped already; the list is cut when they are most of it. */
    private int dropped;

    private @Nullable WatchHub<Object> hub;
    private volatile long newest;

    ChangeLog(int size) {
        this.size = size;
    }

    void keepFor(WatchHub<Object> hub) {
        this.hub = hub;
    }

    /** Commits changes, whose revisions follow the newest one: from now on everybody sees them. */
    void append(List<Committed<Object>> committed) {
        if (committed.isEmpty()) {
            return;
        }
        lock.lock();
        try {
            changes.addAll(committed);
            newest = committed.get(committed.size() - 1).revision();
            drop();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long newest() {
        return newest;
    }

    @Override
    public Page<Object> after(long revision, int limit) {
        lock.lock();
        try {
            if (revision > newest) {
                throw new RevisionAheadException(revision, newest);
            }
            if (revision < retained() || (revision < floor() && revision != drained())) {
                throw new HistoryCompactedException(revision, floor());
            }
            int from = (int) (changes.size() - (newest - revision));
            int to = (int) Math.min(changes.size(), (long) from + limit);
            return new Page<>(List.copyOf(changes.subList(from, to)), to == changes.size());
        } finally {
            lock.unlock();
        }
    }

    /** The revision before the oldest change that is still there. */
    private long retained() {
        return newest - changes.size() + dropped;
    }

    private long floor() {
        return Math.max(0, newest - size);
    }

    private long drained() {
        return hub == null ? Long.MAX_VALUE : hub.drained();
    }

    private void drop() {
        long target = Math.min(floor(), drained());
        dropped += (int) Math.max(0, target - retained());
        if (dropped > changes.size() / 2) {
            changes.subList(0, dropped).clear();
            dropped = 0;
        }
    }
}

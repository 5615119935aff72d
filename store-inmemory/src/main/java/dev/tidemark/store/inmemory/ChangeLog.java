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
 * consecutive, so a change is found by division. The one writer appends without a lock what nobody reads before it is committed; the
 * lock, a leaf, guards the list of chunks.
 *
 * <p>Changes that the hub has not read yet stay beyond the size, so that a burst of writes cuts off no watch that keeps up.
 */
final class ChangeLog implements History<Object> {
    private static final int LARGEST_CHUNK = 1024;

    private final int size;
    private final int chunkSize;
    private final ReentrantLock lock = new ReentrantLock();
    private final List<Version[]> chunks = new ArrayList<>();

    /** The revision before the oldest change that is still there. Changed by the writer alone. */
    private long retained;

    private Version[] last = {};
    private int filled;
    private @Nullable WatchHub<Object> hub;
    private volatile long newest;

    ChangeLog(int size) {
        this.size = size;
        this.chunkSize = Math.min(size, LARGEST_CHUNK);
    }

    void keepFor(WatchHub<Object> hub) {
        this.hub = hub;
    }

    /** For the writer: adds the change that follows the last one. Nobody sees it before {@link #commit}. */
    void append(Version change) {
        if (filled == last.length) {
            addChunk();
        }
        last[filled++] = change;
    }

    /** For the writer: from now on everybody sees the changes up to a revision. */
    void commit(long revision) {
        newest = revision;
        if (revision - retained >= (long) size + chunkSize) {
            drop();
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
            long end = newest;
            long floor = Math.max(0, end - size);
            if (revision > end) {
                throw new RevisionAheadException(revision, end);
            }
            if (revision < retained || (revision < floor && revision != drained())) {
                throw new HistoryCompactedException(revision, floor);
            }
            List<Committed<Object>> changes = new ArrayList<>((int) Math.min(end - revision, limit));
            for (long at = revision; at < end && changes.size() < limit; at++) {
                Version[] chunk = chunks.get((int) ((at - retained) / chunkSize));
                changes.add(chunk[(int) (at % chunkSize)]);
            }
            return new Page<>(changes, revision + changes.size() == end);
        } finally {
            lock.unlock();
        }
    }

    private long drained() {
        return hub == null ? Long.MAX_VALUE : hub.drained();
    }

    private void addChunk() {
        lock.lock();
        try {
            last = new Version[chunkSize];
            filled = 0;
            chunks.add(last);
        } finally {
            lock.unlock();
        }
    }

    private void drop() {
        lock.lock();
        try {
            long needless = Math.min(newest - size, drained()) - retained;
            int dropped = (int) Math.max(0, needless / chunkSize);
            chunks.subList(0, dropped).clear();
            retained += (long) dropped * chunkSize;
        } finally {
            lock.unlock();
        }
    }
}

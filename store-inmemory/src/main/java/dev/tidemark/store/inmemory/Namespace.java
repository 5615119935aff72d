package dev.tidemark.store.inmemory;

import dev.tidemark.store.spi.Commit;
import dev.tidemark.store.spi.Deadline;
import dev.tidemark.store.spi.Op;
import dev.tidemark.store.spi.Outcome;
import dev.tidemark.store.spi.Stored;
import dev.tidemark.store.spi.WatchHub;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The entries of one namespace.
 *
 * <p>Locks: {@code writing} is held by the one writer, and by whoever drops versions that nobody needs any more. The locks of
 * {@link Snapshots} and {@link ChangeLog} may be taken under it and are leaves. Readers wait for none of them.
 */
final class Namespace {
    private final long id;
    private final Cells cells = new Cells();
    private final ChangeLog log;
    private final Snapshots snapshots = new Snapshots();
    private final WatchHub<Object> hub;
    private final Duration timeout;
    private final ReentrantLock writing = new ReentrantLock();

    /**
     * Cells with versions that only snapshots need, by the newest snapshot that needs one. Changed under {@code writing}, and added to
     * while that snapshot can't be released, so that who releases it sees what it held.
     */
    private final ConcurrentMap<Long, Set<Cell>> held = new ConcurrentHashMap<>();

    /** Snapshots that are released while what they held is not. */
    private final Queue<Long> released = new ConcurrentLinkedQueue<>();

    Namespace(long id, InMemoryOptions options) {
        this.id = id;
        this.timeout = options.timeout();
        this.log = new ChangeLog(options.historySize());
        this.hub = new WatchHub<>("tidemark-memory-watch-" + id, log, Duration.ZERO);
        log.keepFor(hub);
    }

    long id() {
        return id;
    }

    WatchHub<Object> hub() {
        return hub;
    }

    @Nullable
    Stored<Object> get(String kind, String key) {
        Cell cell = cells.find(kind, key);
        return cell == null ? null : cell.committed(log);
    }

    /** The cell of a key, if it has one. */
    @Nullable
    Cell cell(String kind, String key) {
        return cells.find(kind, key);
    }

    /** The cells of a kind in order, those of keys that were deleted or not committed yet included. */
    NavigableMap<String, Cell> cells(String kind) {
        return cells.inOrder(kind);
    }

    /** The kinds in no order, those without a key included. */
    Set<String> kinds() {
        return cells.kinds();
    }

    /** Holds the present state for reading until {@link #release}, and returns its revision. */
    long hold() {
        return snapshots.hold(log);
    }

    /** Costs as much as the snapshot alone held: in particular a short look at the newest state costs next to nothing. */
    void release(long revision) {
        if (snapshots.release(revision) && held.containsKey(revision)) {
            released.add(revision);
            pruneReleased();
        }
    }

    /** Leaves it to the writer, if there is one: a transaction may take longer than a reader can wait. */
    private void pruneReleased() {
        while (!released.isEmpty() && writing.tryLock()) {
            try {
                for (Long revision = released.poll(); revision != null; revision = released.poll()) {
                    Set<Cell> freed = held.remove(revision);
                    if (freed != null) {
                        prune(freed);
                    }
                }
            } finally {
                writing.unlock();
            }
        }
    }

    /** The one code of others that runs under the lock is that which compares values; what it wrote would share a revision. */
    private void checkNotComparing() {
        if (writing.isHeldByCurrentThread()) {
            throw new IllegalStateException("a value can't write to the store while it is being compared");
        }
    }

    private void endWriting() {
        writing.unlock();
        pruneReleased();
    }

    /** A write like any other, without what only several operations need. */
    Outcome<Object> write(Op<Object> op) {
        Version made;
        checkNotComparing();
        Turns.take(writing, timeout);
        try {
            Version latest = latest(op);
            made = latest.after(op, log.newest() + 1, Version.now());
            if (made == null) {
                return latest.leftBy(op);
            }
            attach(made.cell());
            push(made);
            log.commit(made.revision());
            settle(made.cell());
        } finally {
            endWriting();
        }
        hub.poke();
        return made;
    }

    Commit<Object> write(List<Op<Object>> operations) {
        Commit<Object> commit;
        checkNotComparing();
        Turns.take(writing, timeout);
        try {
            Transaction transaction = new Transaction();
            commit = transaction.write(operations);
            transaction.commit();
        } finally {
            endWriting();
        }
        hub.poke();
        return commit;
    }

    /** Starts a transaction that keeps everybody else from writing until it is {@linkplain Transaction#end ended}. */
    Transaction begin(Deadline deadline) {
        checkNotComparing();
        Turns.take(writing, deadline);
        return new Transaction();
    }

    /** The version that an operation follows. */
    private Version latest(Op<?> op) {
        Cell cell = cells.find(op.kind(), op.key());
        return cell == null ? new Cell(op.kind(), op.key()).latest() : cell.latest();
    }

    private void attach(Cell cell) {
        if (cell.isNew()) {
            cells.add(cell);
        }
    }

    private void push(Version version) {
        version.cell().push(version);
        log.append(version);
    }

    /** Drops what nobody needs any more, now that the newest version of a cell is committed. */
    private void settle(Cell cell) {
        if (snapshots.isAnyHeld()) {
            prune(List.of(cell));
        } else {
            cell.prune();
            removeIfGone(cell);
        }
    }

    private void prune(Collection<Cell> cells) {
        snapshots.whileHeld(revisions ->
                cells.forEach(cell -> cell.prune(revisions, snapshot -> hold(snapshot, cell))));
        cells.forEach(this::removeIfGone);
    }

    private void hold(long snapshot, Cell cell) {
        held.computeIfAbsent(snapshot, absent -> new HashSet<>()).add(cell);
    }

    private void removeIfGone(Cell cell) {
        if (cell.isGone()) {
            cells.remove(cell);
        }
    }

    /** Writes that become visible together, or not at all. For the thread that holds {@code writing}, until it ends this. */
    final class Transaction {
        private final List<Version> staged = new ArrayList<>();
        private final long now = Version.now();
        private long revision = log.newest();

        /** The entries at some keys, as this transaction leaves them so far. */
        List<Stored<Object>> getAll(String kind, Collection<String> keys) {
            List<Stored<Object>> found = new ArrayList<>();
            for (String key : keys) {
                Cell cell = cells.find(kind, key);
                if (cell != null && cell.latest().exists()) {
                    found.add(cell.latest());
                }
            }
            return found;
        }

        /** Checks the conditions of all operations and then does them all, or nothing: whatever may throw is over by then. */
        Commit<Object> write(List<Op<Object>> operations) {
            List<Version> next = new ArrayList<>(operations.size());
            List<Outcome<Object>> outcomes = new ArrayList<>(operations.size());
            for (Op<Object> op : operations) {
                Version latest = latest(op);
                Version made = latest.after(op, revision + next.size() + 1, now);
                outcomes.add(made == null ? latest.leftBy(op) : made);
                if (made != null) {
                    next.add(made);
                }
            }
            next.forEach(this::stage);
            return new Commit<>(revision, outcomes);
        }

        /** Makes what was written visible. */
        void commit() {
            staged.forEach(Namespace.this::push);
            log.commit(revision);
            staged.forEach(version -> settle(version.cell()));
            staged.clear();
        }

        /** Lets others write again; what was not committed is gone. */
        void end() {
            for (Version version : staged) {
                version.cell().stage(null);
                removeIfGone(version.cell());
            }
            endWriting();
            hub.poke();
        }

        private void stage(Version version) {
            attach(version.cell());
            version.cell().stage(version);
            staged.add(version);
            revision = version.revision();
        }
    }
}

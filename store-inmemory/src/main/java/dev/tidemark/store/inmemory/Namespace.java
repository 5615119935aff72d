package dev.tidemark.store.inmemory;

import dev.tidemark.store.Change;
import dev.tidemark.store.spi.Commit;
import dev.tidemark.store.spi.Committed;
import dev.tidemark.store.spi.Names;
import dev.tidemark.store.spi.Op;
import dev.tidemark.store.spi.Outcome;
import dev.tidemark.store.spi.Outcome.Effect;
import dev.tidemark.store.spi.Stored;
import dev.tidemark.store.spi.WatchHub;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The entries of one namespace.
 *
 * <p>Locks: {@code writing} is held by the one writer, and by whoever drops versions that nobody needs any more. The locks of
 * {@link Snapshots} and {@link ChangeLog} may be taken under it and are leaves. Readers take none of them.
 */
final class Namespace {

    /** The cells of a kind: by hash for single keys, in order for listings. */
    private static final class Kind {
        final ConcurrentMap<String, Cell> cells = new ConcurrentHashMap<>();
        final ConcurrentNavigableMap<String, Cell> inOrder = new ConcurrentSkipListMap<>(Names.ORDER);
    }

    private final ConcurrentMap<String, Kind> kinds = new ConcurrentHashMap<>();
    private final ChangeLog log;
    private final Snapshots snapshots = new Snapshots();
    private final WatchHub<Object> hub;
    private final ReentrantLock writing = new ReentrantLock();

    /**
     * Cells with versions that only snapshots need, by the newest snapshot that needs one. Changed under {@code writing}, and added to
     * while that snapshot can't be released, so that who releases it sees what it held.
     */
    private final ConcurrentMap<Long, Set<Cell>> held = new ConcurrentHashMap<>();

    Namespace(long id, int historySize) {
        this.log = new ChangeLog(historySize);
        this.hub = new WatchHub<>("tidemark-memory-watch-" + id, log, Duration.ZERO);
        log.keepFor(hub);
    }

    WatchHub<Object> hub() {
        return hub;
    }

    long committed() {
        return log.newest();
    }

    @Nullable
    Stored<Object> get(String kind, String key) {
        Kind cells = kinds.get(kind);
        Cell cell = cells == null ? null : cells.cells.get(key);
        return cell == null ? null : cell.committed(this);
    }

    /** The cells of a kind in order, those of keys that were deleted or not committed yet included. */
    NavigableMap<String, Cell> cells(String kind) {
        Kind cells = kinds.get(kind);
        return cells == null ? new ConcurrentSkipListMap<>() : cells.inOrder;
    }

    /** The kinds in no order, those without a key included. */
    Set<String> kinds() {
        return kinds.keySet();
    }

    /** Holds the present state for reading until {@link #release}, and returns its revision. */
    long hold() {
        return snapshots.hold(log);
    }

    /** Costs as much as the snapshot alone held: in particular a short look at the newest state costs next to nothing. */
    void release(long revision) {
        if (!snapshots.release(revision) || !held.containsKey(revision)) {
            return;
        }
        writing.lock();
        try {
            Set<Cell> freed = held.remove(revision);
            if (freed != null) {
                prune(freed);
            }
        } finally {
            writing.unlock();
        }
    }

    Commit<Object> write(List<Op<Object>> operations) {
        Commit<Object> commit;
        writing.lock();
        try {
            Transaction transaction = new Transaction();
            commit = transaction.write(operations);
            transaction.commit();
        } finally {
            writing.unlock();
        }
        hub.poke();
        return commit;
    }

    /** Starts a transaction that keeps everybody else from writing until it is {@linkplain Transaction#end ended}. */
    Transaction begin() {
        writing.lock();
        return new Transaction();
    }

    private @Nullable Stored<Object> newest(Op<Object> op) {
        Kind cells = kinds.get(op.kind());
        Cell cell = cells == null ? null : cells.cells.get(op.key());
        return cell == null ? null : cell.newest();
    }

    private Cell cell(String kind, String key) {
        Kind cells = kinds.computeIfAbsent(kind, absent -> new Kind());
        return cells.cells.computeIfAbsent(key, absent -> {
            Cell cell = new Cell(kind, key);
            cells.inOrder.put(key, cell);
            return cell;
        });
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
        Kind cells = kinds.get(cell.kind);
        if (cell.isGone() && cells != null) {
            cells.cells.remove(cell.key, cell);
            cells.inOrder.remove(cell.key, cell);
            if (cells.cells.isEmpty()) {
                kinds.remove(cell.kind);
            }
        }
    }

    private record Name(String kind, String key) {
        static Name of(Op<?> op) {
            return new Name(op.kind(), op.key());
        }
    }

    /** A change to come, and what it leaves at its key: nothing when it is a deletion. */
    private record Step(Committed<Object> change, @Nullable Stored<Object> next) {}

    /** Writes that become visible together, or not at all. For the thread that holds {@code writing}, until it ends this. */
    final class Transaction {
        private final List<Step> steps = new ArrayList<>();
        private final Map<Name, Step> newest = new HashMap<>();
        private final Instant now = Instant.now();
        private long revision = committed();

        /** Checks the conditions of all operations and then does them all, or nothing. */
        Commit<Object> write(List<Op<Object>> operations) {
            operations.forEach(this::check);
            boolean[] unchanged = unchanged(operations);
            List<Outcome<Object>> outcomes = new ArrayList<>(operations.size());
            for (int i = 0; i < operations.size(); i++) {
                outcomes.add(apply(operations.get(i), unchanged[i]));
            }
            return new Commit<>(revision, outcomes);
        }

        /** Makes what was written visible. */
        void commit() {
            List<Cell> touched = new ArrayList<>(steps.size());
            for (Step step : steps) {
                Committed<Object> change = step.change();
                Cell cell = cell(change.kind(), change.key());
                cell.push(change.revision(), step.next());
                touched.add(cell);
            }
            log.append(steps.stream().map(Step::change).toList());
            prune(touched);
        }

        /** Lets others write again; what was not committed is gone. */
        void end() {
            writing.unlock();
            hub.poke();
        }

        private void check(Op<Object> op) {
            Stored<Object> present = present(op);
            Long tag = present == null ? null : Long.valueOf(present.tag());
            if (!op.condition().holds(tag)) {
                throw op.conflict(tag);
            }
        }

        /** Which operations put what is there already. Comparing calls code of the values, so it is over before any is applied. */
        private boolean[] unchanged(List<Op<Object>> operations) {
            boolean[] unchanged = new boolean[operations.size()];
            for (int i = 0; i < unchanged.length; i++) {
                if (operations.get(i) instanceof Op.Put<Object> put && !put.evenIfEqual()) {
                    Stored<Object> present = present(put);
                    unchanged[i] = present != null && Objects.deepEquals(present.value(), put.value());
                }
            }
            return unchanged;
        }

        private @Nullable Stored<Object> present(Op<Object> op) {
            Step step = newest.isEmpty() ? null : newest.get(Name.of(op));
            return step != null ? step.next() : Namespace.this.newest(op);
        }

        private Outcome<Object> apply(Op<Object> op, boolean unchanged) {
            Stored<Object> present = present(op);
            if (unchanged && present != null) {
                return new Outcome<>(Effect.UNCHANGED, present.tag(), null);
            } else if (op instanceof Op.Put<Object> put) {
                return put(put, present);
            } else if (op instanceof Op.Delete<Object> && present != null) {
                add(Change.Type.DELETED, present, null);
                return new Outcome<>(Effect.DELETED, 0, present.value());
            }
            return new Outcome<>(Effect.NONE, present == null ? 0 : present.tag(), null);
        }

        private Outcome<Object> put(Op.Put<Object> put, @Nullable Stored<Object> present) {
            long version = present == null ? 1 : present.version() + 1;
            long tag = revision + 1;
            Stored<Object> next = Stored.of(put.kind(), put.key(), put.value(), version, tag, now);
            add(present == null ? Change.Type.CREATED : Change.Type.UPDATED, next, next);
            return new Outcome<>(present == null ? Effect.CREATED : Effect.UPDATED, tag, null);
        }

        private void add(Change.Type type, Stored<Object> shown, @Nullable Stored<Object> next) {
            revision++;
            Step step = new Step(
                    Committed.of(type, shown.kind(), shown.key(), shown.value(), shown.version(), revision, now),
                    next);
            steps.add(step);
            newest.put(new Name(shown.kind(), shown.key()), step);
        }
    }
}

package dev.tidemark.store.tck.samples;

import dev.tidemark.store.Change;
import dev.tidemark.store.RevisionAheadException;
import dev.tidemark.store.spi.Commit;
import dev.tidemark.store.spi.Committed;
import dev.tidemark.store.spi.EngineSnapshot;
import dev.tidemark.store.spi.History;
import dev.tidemark.store.spi.Names;
import dev.tidemark.store.spi.Op;
import dev.tidemark.store.spi.Outcome;
import dev.tidemark.store.spi.Stored;
import dev.tidemark.store.spi.WatchHub;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The entries of a namespace and the history that led to them, behind one lock. */
public final class MapNamespace implements History<byte[]> {
    private final MapEngine engine;
    private final ReentrantLock lock = new ReentrantLock();
    private final NavigableMap<String, NavigableMap<String, Stored<byte[]>>> kinds = new TreeMap<>(Names.ORDER);

    /** Revision r is at index r - 1. */
    private final List<Committed<byte[]>> history = new ArrayList<>();

    private final WatchHub<byte[]> hub = new WatchHub<>("map-watch", this, Duration.ZERO);

    MapNamespace(MapEngine engine) {
        this.engine = engine;
    }

    WatchHub<byte[]> hub() {
        return hub;
    }

    @Nullable
    Stored<byte[]> get(String kind, String key) {
        lock.lock();
        try {
            NavigableMap<String, Stored<byte[]>> ofKind = kinds.get(kind);
            return ofKind == null ? null : ofKind.get(key);
        } finally {
            lock.unlock();
        }
    }

    EngineSnapshot<byte[]> snapshot() {
        lock.lock();
        try {
            NavigableMap<String, NavigableMap<String, Stored<byte[]>>> copy = new TreeMap<>(Names.ORDER);
            kinds.forEach((kind, entries) -> copy.put(kind, new TreeMap<>(entries)));
            return new MapSnapshot(engine, copy, history.size());
        } finally {
            lock.unlock();
        }
    }

    Commit<byte[]> write(List<Op<byte[]>> operations) {
        lock.lock();
        try {
            for (Op<byte[]> op : operations) { // all conditions first: a write is atomic
                Stored<byte[]> present = get(op.kind(), op.key());
                Long tag = present == null ? null : Long.valueOf(present.tag());
                if (!op.condition().holds(tag)) {
                    throw op.conflict(tag);
                }
            }
            List<Outcome<byte[]>> outcomes =
                    operations.stream().map(this::apply).toList();
            return new Commit<>(history.size(), outcomes);
        } finally {
            lock.unlock();
            hub.poke(); // only a hint that the history may have grown
        }
    }

    private Outcome<byte[]> apply(Op<byte[]> op) {
        Stored<byte[]> present = get(op.kind(), op.key());
        long tag = present == null ? 0 : present.tag();
        if (op instanceof Op.Put<byte[]> put) {
            boolean same = present != null && Objects.deepEquals(present.value(), put.value());
            return same && !put.evenIfEqual() ? Outcome.of(Outcome.Effect.UNCHANGED, tag, null) : store(put, present);
        }
        return op instanceof Op.Delete<byte[]> && present != null
                ? remove(present)
                : Outcome.of(Outcome.Effect.NONE, tag, null);
    }

    private Outcome<byte[]> store(Op.Put<byte[]> put, @Nullable Stored<byte[]> present) {
        long revision = history.size() + 1L;
        Instant now = Instant.now();
        long version = present == null ? 1 : present.version() + 1;
        kinds.computeIfAbsent(put.kind(), absent -> new TreeMap<>(Names.ORDER))
                .put(put.key(), Stored.of(put.kind(), put.key(), put.value(), version, revision, now));
        Change.Type type = present == null ? Change.Type.CREATED : Change.Type.UPDATED;
        history.add(Committed.of(type, put.kind(), put.key(), put.value(), version, revision, now));
        Outcome.Effect effect = present == null ? Outcome.Effect.CREATED : Outcome.Effect.UPDATED;
        return Outcome.of(effect, revision, null); // a revision is never used twice, so it makes a good tag
    }

    private Outcome<byte[]> remove(Stored<byte[]> present) {
        NavigableMap<String, Stored<byte[]>> ofKind = kinds.get(present.kind());
        ofKind.remove(present.key());
        if (ofKind.isEmpty()) {
            kinds.remove(present.kind());
        }
        long revision = history.size() + 1L;
        history.add(Committed.of(
                Change.Type.DELETED,
                present.kind(),
                present.key(),
                present.value(),
                present.version(),
                revision,
                Instant.now()));
        return Outcome.of(Outcome.Effect.DELETED, 0, present.value());
    }

    @Override
    public long newest() {
        engine.checkOpen();
        lock.lock();
        try {
            return history.size();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Page<byte[]> after(long revision, int limit) {
        engine.checkOpen();
        lock.lock();
        try {
            if (revision > history.size()) {
                throw new RevisionAheadException(revision, history.size());
            }
            int from = (int) revision;
            int to = Math.min(history.size(), from + limit);
            return new Page<>(List.copyOf(history.subList(from, to)), to == history.size());
        } finally {
            lock.unlock();
        }
    }
}

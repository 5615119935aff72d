package dev.tidemark.store.inmemory;

import dev.tidemark.store.spi.EngineSnapshot;
import dev.tidemark.store.spi.KeyRange;
import dev.tidemark.store.spi.Names;
import dev.tidemark.store.spi.Stored;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/** A namespace as of a revision that is held until this is closed. */
final class MemorySnapshot implements EngineSnapshot<Object> {
    private final Namespace namespace;
    private final Runnable checkOpen;
    private final long revision;
    private final AtomicBoolean closed = new AtomicBoolean();

    MemorySnapshot(Namespace namespace, Runnable checkOpen) {
        this.namespace = namespace;
        this.checkOpen = checkOpen;
        this.revision = namespace.hold();
    }

    @Override
    public long revision() {
        return revision;
    }

    @Override
    public List<String> kinds() {
        check();
        return namespace.kinds().stream()
                .filter(kind -> entries(kind, KeyRange.ALL).findAny().isPresent())
                .sorted(Names.ORDER)
                .toList();
    }

    @Override
    public long count(String kind, KeyRange range) {
        check();
        return entries(kind, range).count();
    }

    @Override
    public List<String> keys(String kind, KeyRange range, int limit) {
        check();
        return entries(kind, range).limit(limit).map(Version::key).toList();
    }

    @Override
    public Page<Object> page(String kind, KeyRange range, int limit) {
        check();
        List<Stored<Object>> entries = entries(kind, range)
                .limit(limit)
                .<Stored<Object>>map(version -> version)
                .toList();
        return new Page<>(entries, entries.size() < limit);
    }

    @Override
    public List<Stored<Object>> getAll(String kind, Collection<String> keys) {
        check();
        List<Stored<Object>> found = new ArrayList<>();
        for (String key : keys) {
            Cell cell = namespace.cell(kind, key);
            Version version = cell == null ? null : cell.asOf(revision);
            if (version != null) {
                found.add(version);
            }
        }
        return found;
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            namespace.release(revision);
        }
    }

    private Stream<Version> entries(String kind, KeyRange range) {
        if (range.isEmpty()) {
            return Stream.empty();
        }
        NavigableMap<String, Cell> cells = namespace.cells(kind);
        if (range.lower() != null) {
            cells = cells.tailMap(range.lower(), range.lowerInclusive());
        }
        if (range.upper() != null) {
            cells = cells.headMap(range.upper(), false);
        }
        return cells.values().stream().map(cell -> cell.asOf(revision)).filter(Objects::nonNull);
    }

    private void check() {
        checkOpen.run();
        if (closed.get()) {
            throw new IllegalStateException("the snapshot is closed");
        }
    }
}

package dev.tidemark.store.tck.samples;

import dev.tidemark.store.spi.EngineSnapshot;
import dev.tidemark.store.spi.KeyRange;
import dev.tidemark.store.spi.Stored;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;

/** A copy of the entries of a namespace. */
final class MapSnapshot implements EngineSnapshot<byte[]> {
    private final MapEngine engine;
    private final NavigableMap<String, NavigableMap<String, Stored<byte[]>>> kinds;
    private final long revision;

    MapSnapshot(MapEngine engine, NavigableMap<String, NavigableMap<String, Stored<byte[]>>> kinds, long revision) {
        this.engine = engine;
        this.kinds = kinds;
        this.revision = revision;
    }

    @Override
    public long revision() {
        return revision;
    }

    @Override
    public List<String> kinds() {
        engine.checkOpen();
        return List.copyOf(kinds.keySet());
    }

    @Override
    public long count(String kind, KeyRange range) {
        return within(kind, range).size();
    }

    @Override
    public List<String> keys(String kind, KeyRange range, int limit) {
        return within(kind, range).keySet().stream().limit(limit).toList();
    }

    @Override
    public Page<byte[]> page(String kind, KeyRange range, int limit) {
        NavigableMap<String, Stored<byte[]>> within = within(kind, range);
        List<Stored<byte[]>> entries = within.values().stream().limit(limit).toList();
        return new Page<>(entries, entries.size() < limit || within.size() == limit);
    }

    @Override
    public List<Stored<byte[]>> getAll(String kind, Collection<String> keys) {
        NavigableMap<String, Stored<byte[]>> entries = within(kind, KeyRange.ALL);
        return keys.stream().map(entries::get).filter(Objects::nonNull).toList();
    }

    private NavigableMap<String, Stored<byte[]>> within(String kind, KeyRange range) {
        engine.checkOpen();
        NavigableMap<String, Stored<byte[]>> entries = kinds.get(kind);
        if (entries == null || range.isEmpty()) {
            return Collections.emptyNavigableMap();
        }
        String lower = range.lower();
        String upper = range.upper();
        entries = lower == null ? entries : entries.tailMap(lower, range.lowerInclusive());
        return upper == null ? entries : entries.headMap(upper, false);
    }

    @Override
    public void close() {}
}

package dev.tidemark.store.spi;

import dev.tidemark.store.Condition;
import dev.tidemark.store.Entry;
import dev.tidemark.store.ListOptions;
import dev.tidemark.store.Page;
import dev.tidemark.store.SetResult;
import dev.tidemark.store.Store;
import dev.tidemark.store.StoreOptions;
import dev.tidemark.store.Watch;
import dev.tidemark.store.WatchOptions;
import dev.tidemark.store.WriteBatch;
import dev.tidemark.store.WriteSummary;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The one implementation of {@link Store}: checks names and delegates. */
final class TypedStore<V, R> implements Store<V> {
    private final Engine<R> engine;
    private final long namespace;
    private final ValueMapper<V, R> mapper;
    private final TypedWriter<V, R> writer;

    TypedStore(Engine<R> engine, Representation<V, R> representation, StoreOptions<V> options) {
        this.engine = engine;
        this.namespace = options.namespace();
        this.mapper = new ValueMapper<>(representation, options);
        this.writer = new TypedWriter<>(engine, namespace, mapper);
    }

    @Override
    public Optional<V> get(String kind, String key) {
        Stored<R> stored = stored(kind, key);
        return stored == null ? Optional.empty() : Optional.of(mapper.toValue(stored));
    }

    @Override
    public Optional<Entry<V>> entry(String kind, String key) {
        Stored<R> stored = stored(kind, key);
        return stored == null ? Optional.empty() : Optional.of(mapper.toEntry(stored));
    }

    @Override
    public SortedMap<String, V> getAll(String kind, Collection<String> keys) {
        Names.checkKind(kind);
        keys.forEach(Names::checkKey);
        try (TypedSnapshot<V, R> snapshot = view()) {
            return snapshot.getAll(kind, keys);
        }
    }

    @Override
    public Page<Entry<V>> list(String kind, ListOptions options, Predicate<? super Entry<V>> filter) {
        Names.checkKind(kind);
        KeyRange range = KeyRange.of(options);
        try (TypedSnapshot<V, R> snapshot = view()) {
            return snapshot.list(kind, range, options.limit(), filter);
        }
    }

    @Override
    public Page<V> values(String kind, ListOptions options) {
        Page<Entry<V>> page = list(kind, options);
        return new Page<>(page.items().stream().map(Entry::value).toList(), page.token(), page.revision());
    }

    @Override
    public Page<String> keys(String kind, ListOptions options) {
        Names.checkKind(kind);
        KeyRange range = KeyRange.of(options);
        try (TypedSnapshot<V, R> snapshot = view()) {
            return snapshot.keys(kind, range, options.limit());
        }
    }

    @Override
    public long count(String kind, ListOptions options) {
        Names.checkKind(kind);
        KeyRange range = KeyRange.of(options);
        try (TypedSnapshot<V, R> snapshot = view()) {
            return Math.min(options.limit(), snapshot.count(kind, range));
        }
    }

    @Override
    public List<String> kinds() {
        try (TypedSnapshot<V, R> snapshot = view()) {
            return snapshot.kinds();
        }
    }

    @Override
    public TypedSnapshot<V, R> snapshot() {
        return new TypedSnapshot<>(engine.snapshot(namespace), mapper);
    }

    @Override
    public SetResult set(String kind, String key, V value) {
        return TypedWriter.setResult(writer.put(kind, key, value, Condition.ANY));
    }

    @Override
    public V update(String kind, String key, UnaryOperator<V> change) {
        return writer.update(kind, key, change);
    }

    @Override
    public V upsert(String kind, String key, Function<Optional<V>, V> change) {
        return writer.upsert(kind, key, change);
    }

    @Override
    public WriteSummary setAll(String kind, Map<String, ? extends V> values) {
        return writer.setAll(kind, values);
    }

    @Override
    public Optional<V> delete(String kind, String key) {
        return writer.delete(kind, key, Condition.ANY);
    }

    @Override
    public long create(String kind, String key, V value) {
        return writer.put(kind, key, value, Condition.ABSENT).tag();
    }

    @Override
    public long replace(String kind, String key, V value, long expectedTag) {
        return writer.put(kind, key, value, Condition.tag(expectedTag)).tag();
    }

    @Override
    public V delete(String kind, String key, long expectedTag) {
        return writer.delete(kind, key, Condition.tag(expectedTag)).orElseThrow();
    }

    @Override
    public WriteSummary write(WriteBatch<V> batch) {
        return writer.write(batch);
    }

    @Override
    public Watch<V> watch(WatchOptions options) {
        WatchHub<R> hub = engine.hub(namespace);
        EngineSnapshot<R> replay = options.initialReplay() ? engine.snapshot(namespace) : null;
        return new TypedWatch<>(hub.watch(options, replay), mapper);
    }

    PreparedWrite<R> prepare(WriteBatch<V> batch) {
        return new PreparedWrite<>(engine, namespace, writer.prepare(batch));
    }

    private TypedSnapshot<V, R> view() {
        return new TypedSnapshot<>(engine.view(namespace), mapper);
    }

    private @Nullable Stored<R> stored(String kind, String key) {
        return engine.find(namespace, kind, key);
    }
}

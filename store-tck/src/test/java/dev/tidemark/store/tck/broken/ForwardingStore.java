package dev.tidemark.store.tck.broken;

import dev.tidemark.store.Entry;
import dev.tidemark.store.ListOptions;
import dev.tidemark.store.Page;
import dev.tidemark.store.SetResult;
import dev.tidemark.store.Snapshot;
import dev.tidemark.store.Store;
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

/** A store that leaves everything to another, made to be overridden. */
class ForwardingStore<V> implements Store<V> {
    final Store<V> store;

    ForwardingStore(Store<V> store) {
        this.store = store;
    }

    @Override
    public Optional<V> get(String kind, String key) {
        return store.get(kind, key);
    }

    @Override
    public Optional<Entry<V>> entry(String kind, String key) {
        return store.entry(kind, key);
    }

    @Override
    public SortedMap<String, V> getAll(String kind, Collection<String> keys) {
        return store.getAll(kind, keys);
    }

    @Override
    public Page<Entry<V>> list(String kind, ListOptions options, Predicate<? super Entry<V>> filter) {
        return store.list(kind, options, filter);
    }

    @Override
    public Page<V> values(String kind, ListOptions options) {
        return store.values(kind, options);
    }

    @Override
    public Page<String> keys(String kind, ListOptions options) {
        return store.keys(kind, options);
    }

    @Override
    public long count(String kind, ListOptions options) {
        return store.count(kind, options);
    }

    @Override
    public List<String> kinds() {
        return store.kinds();
    }

    @Override
    public Snapshot<V> snapshot() {
        return store.snapshot();
    }

    @Override
    public SetResult set(String kind, String key, V value) {
        return store.set(kind, key, value);
    }

    @Override
    public V update(String kind, String key, UnaryOperator<V> change) {
        return store.update(kind, key, change);
    }

    @Override
    public V upsert(String kind, String key, Function<Optional<V>, V> change) {
        return store.upsert(kind, key, change);
    }

    @Override
    public WriteSummary setAll(String kind, Map<String, ? extends V> values) {
        return store.setAll(kind, values);
    }

    @Override
    public Optional<V> delete(String kind, String key) {
        return store.delete(kind, key);
    }

    @Override
    public long create(String kind, String key, V value) {
        return store.create(kind, key, value);
    }

    @Override
    public long replace(String kind, String key, V value, long expectedTag) {
        return store.replace(kind, key, value, expectedTag);
    }

    @Override
    public V delete(String kind, String key, long expectedTag) {
        return store.delete(kind, key, expectedTag);
    }

    @Override
    public WriteSummary write(WriteBatch<V> batch) {
        return store.write(batch);
    }

    @Override
    public Watch<V> watch(WatchOptions options) {
        return store.watch(options);
    }
}

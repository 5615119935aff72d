package dev.tidemark.store;

import dev.tidemark.codec.CodecException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Predicate;

/**
 * The reading half of a {@link Store}. Methods that decode values throw {@link CodecException}, naming kind and key, when a
 * value they need can't be decoded.
 *
 * @param <V> the type of the values
 * @since 0.1
 */
public interface ReadableStore<V> {

    /** Returns the value at a key, or empty when there is none. */
    Optional<V> get(String kind, String key);

    /** Returns the value at a key with its version, tag and time, or empty when there is none. */
    Optional<Entry<V>> entry(String kind, String key);

    /** Returns the values of those keys that exist, all from one moment, by key; duplicates in {@code keys} count once. */
    SortedMap<String, V> getAll(String kind, Collection<String> keys);

    /** Returns all entries of a kind, by key, from one moment. The whole kind is held in memory; see {@link #snapshot()}. */
    default Page<Entry<V>> list(String kind) {
        return list(kind, ListOptions.defaults());
    }

    /** Returns the entries that {@code options} select, by key, from one moment. */
    default Page<Entry<V>> list(String kind, ListOptions options) {
        return list(kind, options, entry -> true);
    }

    /**
     * Returns the entries that {@code options} select and {@code filter} accepts, by key, from one moment. The limit counts
     * accepted entries. Several filters combine with {@link Predicate#and}.
     */
    Page<Entry<V>> list(String kind, ListOptions options, Predicate<? super Entry<V>> filter);

    /** Returns all values of a kind, by key. */
    default List<V> values(String kind) {
        return values(kind, ListOptions.defaults()).items();
    }

    /** Returns the values that {@code options} select, by key, from one moment. */
    Page<V> values(String kind, ListOptions options);

    /** Returns all keys of a kind in order. */
    default List<String> keys(String kind) {
        return keys(kind, ListOptions.defaults()).items();
    }

    /** Returns the keys that {@code options} select, in order, from one moment; no value is read or decoded. */
    Page<String> keys(String kind, ListOptions options);

    /** Returns how many keys a kind has. */
    default long count(String kind) {
        return count(kind, ListOptions.defaults());
    }

    /** Returns how many keys {@code options} select. */
    long count(String kind, ListOptions options);

    /** Returns the kinds that have at least one key, in code point order. */
    List<String> kinds();

    /**
     * Opens a consistent view of the whole namespace at one revision, to stream from. The caller closes it; until then it may
     * hold a connection and keep old versions alive.
     */
    Snapshot<V> snapshot();
}

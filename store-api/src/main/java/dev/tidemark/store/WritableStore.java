package dev.tidemark.store;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * The writing half of a {@link Store}.
 *
 * <p>Every write runs the validators of its kind first ({@link ValidationException}) and refuses values above
 * {@code maxValueBytes} ({@link ValueTooLargeException}); then nothing is written. Writing the value that is already there
 * writes nothing, changes no version or tag, and no watch sees it. When the acknowledgement of a commit is lost, a write throws
 * {@link OutcomeUnknownException} and is not tried again.
 *
 * @param <V> the type of the values
 * @since 0.1
 */
public interface WritableStore<V> {

    /** Stores a value, whatever was there before. */
    SetResult set(String kind, String key, V value);

    /**
     * Replaces the value at a key by what {@code change} makes of it, atomically, and returns the new value. The function may run
     * several times and must not call the store, nor change the value it is given, but return a new one; what it throws comes out
     * unchanged and nothing is written.
     *
     * @throws KeyNotFoundException if the key is absent
     */
    V update(String kind, String key, UnaryOperator<V> change);

    /** Creates or replaces the value at a key; otherwise as {@link #update}. */
    V upsert(String kind, String key, Function<Optional<V>, V> change);

    /** Stores all values of a map, all or nothing, in key order; keys that are not in the map stay as they are. */
    WriteSummary setAll(String kind, Map<String, ? extends V> values);

    /**
     * Removes a key and returns the value that it had, or empty when it was absent. Of two racing deletes one gets the value. If the
     * value can't be decoded the key is removed all the same, and {@link dev.tidemark.codec.CodecException} says so.
     */
    Optional<V> delete(String kind, String key);

    /**
     * Stores a value at a key that must be absent, and returns its tag.
     *
     * @throws ConflictException if the key has a value
     */
    long create(String kind, String key, V value);

    /**
     * Stores a value at a key that must have the given tag, and returns its new tag; the same tag when the value is unchanged.
     *
     * @throws ConflictException if the key is absent or has another tag
     */
    long replace(String kind, String key, V value, long expectedTag);

    /**
     * Removes a key that must have the given tag, and returns the value that it had.
     *
     * @throws ConflictException if the key is absent or has another tag
     */
    V delete(String kind, String key, long expectedTag);

    /**
     * Does everything in a batch, or nothing; its changes carry consecutive revisions in the order in which they were added.
     *
     * @throws ConflictException naming the first key whose condition does not hold
     */
    WriteSummary write(WriteBatch<V> batch);
}

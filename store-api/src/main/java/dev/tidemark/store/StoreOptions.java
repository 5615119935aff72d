package dev.tidemark.store;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How a store view treats its values; the same on every backend. Immutable.
 *
 * @param <V> the type of the values
 * @since 0.1
 */
public final class StoreOptions<V> {
    private final long namespace;
    private final int maxValueBytes;
    private final @Nullable BiPredicate<? super V, ? super V> sameValue;
    private final Map<String, List<Consumer<? super V>>> validators;

    private StoreOptions(
            long namespace,
            int maxValueBytes,
            @Nullable BiPredicate<? super V, ? super V> sameValue,
            Map<String, List<Consumer<? super V>>> validators) {
        this.namespace = namespace;
        this.maxValueBytes = maxValueBytes;
        this.sameValue = sameValue;
        this.validators = validators;
    }

    /** Namespace 0, values up to 64 MiB, values are the same when their encoded bytes are, no validators. */
    public static <V> StoreOptions<V> defaults() {
        return new StoreOptions<>(0, 64 << 20, null, Map.of());
    }

    /** Selects a namespace: sealed from all others in reads, writes, watches and revisions. */
    public StoreOptions<V> withNamespace(long namespace) {
        return new StoreOptions<>(namespace, maxValueBytes, sameValue, validators);
    }

    /** Refuses encoded values above so many bytes with {@link ValueTooLargeException}. Must be positive. */
    public StoreOptions<V> withMaxValueBytes(int maxValueBytes) {
        if (maxValueBytes < 1) {
            throw new IllegalArgumentException("maxValueBytes must be positive, not " + maxValueBytes);
        }
        return new StoreOptions<>(namespace, maxValueBytes, sameValue, validators);
    }

    /**
     * Decides when a write changes nothing, in place of comparing encoded bytes. The predicate gets the stored value and the new
     * one; it may run several times and must not call the store.
     */
    public StoreOptions<V> withSameValue(BiPredicate<? super V, ? super V> sameValue) {
        return new StoreOptions<>(namespace, maxValueBytes, Objects.requireNonNull(sameValue), validators);
    }

    /**
     * Adds a check that runs before every kind of write to {@code kind}. What it throws becomes the cause of a
     * {@link ValidationException} and nothing is written, also when the value is part of a batch.
     */
    public StoreOptions<V> withValidator(String kind, Consumer<? super V> validator) {
        Map<String, List<Consumer<? super V>>> added = new HashMap<>(validators);
        List<Consumer<? super V>> ofKind = new ArrayList<>(added.getOrDefault(kind, List.of()));
        ofKind.add(Objects.requireNonNull(validator));
        added.put(kind, List.copyOf(ofKind));
        return new StoreOptions<>(namespace, maxValueBytes, sameValue, Map.copyOf(added));
    }

    /** The namespace. */
    public long namespace() {
        return namespace;
    }

    /** The largest encoded value in bytes. */
    public int maxValueBytes() {
        return maxValueBytes;
    }

    /** What replaces the comparison of encoded bytes, if anything does. */
    public Optional<BiPredicate<? super V, ? super V>> sameValue() {
        return Optional.ofNullable(sameValue);
    }

    /** The validators of a kind, in the order in which they were added. */
    public List<Consumer<? super V>> validators(String kind) {
        return validators.getOrDefault(kind, List.of());
    }
}

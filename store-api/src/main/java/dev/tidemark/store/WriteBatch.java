package dev.tidemark.store;

import dev.tidemark.store.spi.Names;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes and conditions over many keys and kinds, for {@link WritableStore#write}. Each key may be named once. Not thread safe.
 *
 * @param <V> the type of the values
 * @since 0.1
 */
public final class WriteBatch<V> {

    /**
     * One line of a batch.
     *
     * @param action what happens to the key when all conditions of the batch hold
     * @param kind the kind
     * @param key the key
     * @param value the value to store; null unless the action is {@link Action#SET}
     * @param condition what must hold for the key
     * @param <V> the type of the value
     */
    public record Step<V>(
            Action action,
            String kind,
            String key,
            @Nullable V value,
            Condition condition) {}

    /** What happens to a key. */
    public enum Action {
        /** The key gets a value. */
        SET,
        /** The key loses its value, if it has one. */
        DELETE,
        /** Nothing: only the condition counts. */
        REQUIRE
    }

    private record Name(String kind, String key) {}

    private final List<Step<V>> steps = new ArrayList<>();
    private final Set<Name> names = new HashSet<>();

    /** Makes an empty batch. */
    public WriteBatch() {}

    /** Stores a value. */
    public WriteBatch<V> set(String kind, String key, V value) {
        return add(Action.SET, kind, key, Objects.requireNonNull(value, "value"), Condition.ANY);
    }

    /** Stores a value at a key that must be absent. */
    public WriteBatch<V> create(String kind, String key, V value) {
        return add(Action.SET, kind, key, Objects.requireNonNull(value, "value"), Condition.ABSENT);
    }

    /** Stores a value at a key that must have the given tag. */
    public WriteBatch<V> replace(String kind, String key, V value, long expectedTag) {
        return add(Action.SET, kind, key, Objects.requireNonNull(value, "value"), Condition.tag(expectedTag));
    }

    /** Removes a key, if it is there. */
    public WriteBatch<V> delete(String kind, String key) {
        return add(Action.DELETE, kind, key, null, Condition.ANY);
    }

    /** Removes a key that must have the given tag. */
    public WriteBatch<V> delete(String kind, String key, long expectedTag) {
        return add(Action.DELETE, kind, key, null, Condition.tag(expectedTag));
    }

    /** Requires that a key, which the batch does not write, has the given tag. */
    public WriteBatch<V> require(String kind, String key, long expectedTag) {
        return add(Action.REQUIRE, kind, key, null, Condition.tag(expectedTag));
    }

    /** Requires that a key, which the batch does not write, is absent. */
    public WriteBatch<V> requireAbsent(String kind, String key) {
        return add(Action.REQUIRE, kind, key, null, Condition.ABSENT);
    }

    /** What was added so far, in order; a copy. */
    public List<Step<V>> steps() {
        return List.copyOf(steps);
    }

    private WriteBatch<V> add(Action action, String kind, String key, @Nullable V value, Condition condition) {
        Names.checkKind(kind);
        Names.checkKey(key);
        if (!names.add(new Name(kind, key))) {
            throw new IllegalArgumentException("the batch names " + kind + "/" + key + " twice");
        }
        steps.add(new Step<>(action, kind, key, value, condition));
        return this;
    }
}

package dev.tidemark.store.spi;

import dev.tidemark.store.Store;
import dev.tidemark.store.StoreOptions;
import dev.tidemark.store.WriteBatch;

/**
 * Makes typed stores of an engine.
 *
 * @since 0.1
 */
public final class Stores {
    private Stores() {}

    /** Returns a view of {@code engine} whose values are represented by {@code representation}; it needs no closing. */
    public static <V, R> Store<V> over(Engine<R> engine, Representation<V, R> representation, StoreOptions<V> options) {
        return new TypedStore<>(engine, representation, options);
    }

    /**
     * Returns what a batch writes to a store, for a transaction over several stores.
     *
     * @throws IllegalArgumentException if the store is not one that {@link #over} has made
     * @throws dev.tidemark.store.ValidationException if a validator of the store rejects a value
     */
    public static <V> PreparedWrite<?> prepare(Store<V> store, WriteBatch<V> batch) {
        if (store instanceof TypedStore<V, ?> typed) {
            return typed.prepare(batch);
        }
        throw new IllegalArgumentException(
                "the store is not one of a backend, but " + store.getClass().getName());
    }
}

package dev.tidemark.store.spi;

import dev.tidemark.store.Store;
import dev.tidemark.store.StoreOptions;

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
}

package dev.tidemark.store.spi;

import java.util.Collection;
import java.util.List;
import java.util.function.Function;

/**
 * A batch that was validated and encoded, to be written as part of a larger transaction.
 *
 * @param engine the engine of its store
 * @param namespace the namespace of its store
 * @param operations gives what to write; a store with its own idea of sameness compares with the entries that it is given
 * @param <R> the stored representation
 * @since 0.1
 */
public record PreparedWrite<R>(Engine<R> engine, long namespace, Function<Entries<R>, List<Op<R>>> operations) {

    /**
     * What is in a namespace, to whoever writes to it.
     *
     * @param <R> the stored representation
     * @since 0.1
     */
    @FunctionalInterface
    public interface Entries<R> {

        /** The entries at those of the given keys that exist, in any order. */
        List<Stored<R>> getAll(String kind, Collection<String> keys);
    }
}

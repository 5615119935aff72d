package dev.tidemark.store.spi;

import java.util.List;
import java.util.function.Supplier;

/**
 * A batch that was validated and encoded, to be written as part of a larger transaction.
 *
 * @param engine the engine of its store
 * @param namespace the namespace of its store
 * @param operations gives what to write; a store with its own idea of sameness compares with what is there when this is called
 * @param <R> the stored representation
 * @since 0.1
 */
public record PreparedWrite<R>(Engine<R> engine, long namespace, Supplier<List<Op<R>>> operations) {}

package dev.tidemark.event.spi;

import java.util.function.Function;

/**
 * Runs transactions over everything in a database. Thread safe. {@link Transactions} makes typed transactions of it.
 *
 * @since 0.1
 */
public interface TransactionEngine {

    /**
     * Runs {@code work}, once, in the calling thread, and commits; returns what it returned when that is durable. What it throws comes
     * out unchanged after everything was rolled back. Locks that others could wait for are taken by the first call of
     * {@link EngineTransaction}, not before: the work may take its time until then, and use the stores.
     */
    <T> T transact(Function<? super EngineTransaction, T> work);
}

package dev.tidemark.store;

import dev.tidemark.event.EventBatch;
import dev.tidemark.event.EventStore;
import java.util.Optional;

/**
 * One transaction of a database, for entries, events and, where there is SQL, the caller's own statements: they are committed
 * together, or not at all.
 *
 * <p>What is written here happens when the code that was given the transaction returns, in the order of the calls; a condition that does
 * not hold then fails the transaction. Reading a store shows what was committed before. For use by the thread that was given it, until
 * that code returns.
 *
 * @since 0.1
 */
public interface Transaction {

    /**
     * Adds writes to a store.
     *
     * @throws IllegalArgumentException if the store belongs to another backend
     */
    <V> void write(Store<V> store, WriteBatch<V> batch);

    /**
     * Adds events to an event store.
     *
     * @throws IllegalArgumentException if the event store belongs to another backend
     */
    void write(EventStore events, EventBatch batch);

    /**
     * Returns what the backend has underneath: the {@code java.sql.Connection} in whose transaction all this happens, on a backend
     * that has one. The caller runs statements on it, neither commits nor closes it, and does not use it behind the transaction.
     */
    <T> Optional<T> unwrap(Class<T> type);
}

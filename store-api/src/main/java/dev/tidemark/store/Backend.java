package dev.tidemark.store;

import dev.tidemark.codec.Codec;
import dev.tidemark.event.EventStore;
import dev.tidemark.event.EventStoreOptions;
import dev.tidemark.event.EventTypes;
import java.util.function.Function;

/**
 * An open database, and the source of its typed stores.
 *
 * <p>A backend owns everything expensive; the stores it hands out are light views that need no closing and share it. Thread
 * safe. Closing it ends every call and every watch of its stores.
 *
 * @since 0.1
 */
public interface Backend extends AutoCloseable {

    /** Returns a view of the default namespace, with {@link StoreOptions#defaults()}. */
    default <V> Store<V> store(Codec<V> codec) {
        return store(codec, StoreOptions.defaults());
    }

    /**
     * Returns a view that keeps values encoded by {@code codec}. Views are cheap and independent; two views of one namespace see
     * each other's writes, and each decodes what it finds with its own codec, so give each type kinds of its own.
     *
     * @throws StoreClosedException if this backend is closed
     */
    <V> Store<V> store(Codec<V> codec, StoreOptions<V> options);

    /** Returns the event store in the table {@code events}, with {@link EventStoreOptions#defaults()}. */
    default EventStore events(EventTypes types) {
        return events(types, EventStoreOptions.defaults());
    }

    /**
     * Returns a view of a table of events. Views are cheap; the table is made or checked by the first call of one.
     *
     * @throws StoreClosedException if this backend is closed
     * @throws UnsupportedOperationException if this backend keeps no events
     */
    default EventStore events(EventTypes types, EventStoreOptions options) {
        throw new UnsupportedOperationException("this backend keeps no events");
    }

    /**
     * Runs {@code work} and commits what it wrote to the transaction, everything or nothing; returns what it returned, once that is
     * durable. The work runs once, and what it throws comes out unchanged after everything was rolled back.
     *
     * @throws ConflictException if a condition of a write does not hold
     * @throws dev.tidemark.event.EventConflictException if an aggregate is not as expected, or an event exists already
     * @throws UnsupportedOperationException if this backend has no such transactions
     */
    default <T> T transact(Function<? super Transaction, T> work) {
        throw new UnsupportedOperationException("this backend has no transactions over several stores");
    }

    /**
     * Ends every watch with {@link StoreClosedException}, waits for running calls up to the timeout, and releases what the
     * backend owns. Calling it again does nothing.
     */
    @Override
    void close();
}

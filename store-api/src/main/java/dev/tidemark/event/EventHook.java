package dev.tidemark.event;

import dev.tidemark.store.Transaction;
import java.util.List;

/**
 * Takes part in the transaction of every write to an event store. What it throws comes out of the write, and nothing is written.
 *
 * <p>A hook runs in the thread of the writer, at its cost and perhaps under its locks: it should be short, and must write to the
 * database only through the transaction that it is given; what would wait for that transaction's end is refused with {@link
 * IllegalStateException}, or times out. Whether reading a store shows the events to it differs from backend to
 * backend. Deletes don't call it. A repeated append, which writes nothing, may call
 * {@link #before}, but not {@link #after}; what was written to the transaction then is dropped.
 *
 * @since 0.1
 */
public interface EventHook {

    /** Before the events are inserted. They have no positions yet, and version 0 where appending determines it. */
    default void before(Transaction transaction, List<Event<?>> events) {}

    /** After the events were inserted, before the commit. */
    default void after(Transaction transaction, List<Event<?>> events) {}
}

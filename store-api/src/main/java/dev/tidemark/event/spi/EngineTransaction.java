package dev.tidemark.event.spi;

import dev.tidemark.store.spi.Engine;
import dev.tidemark.store.spi.Op;
import dev.tidemark.store.spi.Stored;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * A transaction as an engine runs it. For one thread. A call that throws need not leave the transaction usable: its work ends with
 * that exception.
 *
 * @since 0.1
 */
public interface EngineTransaction {

    /** Whether an engine for entries belongs to the same database, so that {@link #write(Engine, long, List)} takes it. */
    boolean covers(Engine<?> engine);

    /** Returns what the transaction runs on, such as its {@code java.sql.Connection}. */
    <T> Optional<T> unwrap(Class<T> type);

    /** Returns the entries at those of the given keys that exist, in any order, with what the transaction itself has written to them. */
    <R> List<Stored<R>> getAll(Engine<R> engine, long namespace, String kind, Collection<String> keys);

    /**
     * Writes entries, as {@link Engine#write} does.
     *
     * @throws dev.tidemark.store.ConflictException if a condition does not hold
     */
    <R> void write(Engine<R> engine, long namespace, List<Op<R>> operations);

    /** Writes events, as {@link EventEngine#write} does, to a table of an engine whose {@link EventEngine#transactions} runs this. */
    EventReceipt write(EventEngine table, EventWrite write);

    /** Moves a checkpoint, as {@link EventEngine#move} does. */
    boolean move(EventEngine table, Checkpoint step);

    /** Whether the transaction ended without its work, which failed for that and would not in another one. */
    default boolean isLost() {
        return false;
    }
}

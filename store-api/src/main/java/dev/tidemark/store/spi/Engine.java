package dev.tidemark.store.spi;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a backend has to provide; {@link Stores} makes typed stores of it. Thread safe. Names are validated by the caller.
 * Every call is bounded by {@link #timeout()} and throws the exceptions that {@link dev.tidemark.store.Store} describes,
 * {@link dev.tidemark.store.StoreClosedException} after the backend was closed among them.
 *
 * @param <R> the stored representation: {@code byte[]} for engines that keep bytes
 * @since 0.1
 */
public interface Engine<R> {

    /** The longest time a call may take. */
    Duration timeout();

    /** Returns the entry at a key, or null. Linearizable. */
    @Nullable
    Stored<R> get(long namespace, String kind, String key);

    /** Returns what {@link #get} does, for names that nobody has checked yet; an engine may check those alone that it doesn't know. */
    default @Nullable Stored<R> find(long namespace, String kind, String key) {
        return get(namespace, Names.checkKind(kind), Names.checkKey(key));
    }

    /** Opens a view of one moment; the caller closes it. */
    EngineSnapshot<R> snapshot(long namespace);

    /**
     * Opens a view for one short call, which closes it before it returns; an engine may have cheaper means for that than for a view
     * that stays open.
     */
    default EngineSnapshot<R> view(long namespace) {
        return snapshot(namespace);
    }

    /**
     * Checks the conditions of all operations and then does them all, or nothing; returns when the write is durable. Its changes
     * carry consecutive revisions, in the order of the operations, no two of which name the same key.
     *
     * @throws dev.tidemark.store.ConflictException naming the first key whose condition does not hold
     */
    Commit<R> write(long namespace, List<Op<R>> operations);

    /** Does one operation as {@link #write(long, List)} does; an engine may have cheaper means for that. */
    default Outcome<R> write(long namespace, Op<R> operation) {
        return write(namespace, List.of(operation)).outcomes().get(0);
    }

    /** Returns the hub through which this namespace is watched; always the same one. */
    WatchHub<R> hub(long namespace);
}

package dev.tidemark.store;

import dev.tidemark.codec.CodecException;
import java.time.Duration;
import java.util.Iterator;
import java.util.Optional;

/**
 * Changes in revision order, none missing and none twice, until it ends. See {@link Watches} for listeners, publishers and
 * streams.
 *
 * <p>A watch ends exactly once: when its owner closes it, when the backend is closed, or with an exception that says why, which
 * the first call of {@link #poll} after it throws. Thread safe; several pollers share the changes between them.
 *
 * @param <V> the type of the values
 * @since 0.1
 */
public interface Watch<V> extends Iterable<Change<V>>, AutoCloseable {

    /**
     * Returns the next change, waiting for it up to {@code timeout}; empty when none came. Zero does not wait. Replay and
     * history are read from the store by the polling thread, which may add the time of one read.
     *
     * @throws WatchOverflowException if the consumer fell more than the buffer's size behind; the watch has ended
     * @throws HistoryCompactedException if history was deleted before it was read; the watch has ended
     * @throws RevisionAheadException if the database has lost changes that were read, for instance by a failover; the watch has ended
     * @throws StoreClosedException if the backend was closed; the watch has ended
     * @throws WatchClosedException if the watch was closed, or has thrown the reason of its end already
     * @throws CodecException if the next change can't be decoded; the watch goes on behind it
     * @throws InterruptedException if the thread is interrupted; the watch goes on, and no change is lost
     */
    Optional<Change<V>> poll(Duration timeout) throws InterruptedException;

    /** Whether the initial replay has been delivered in full; true from the start without one. */
    boolean isSynced();

    /**
     * The revision up to which everything that matches has been delivered; it advances when other keys change, too. Resume after
     * it with {@link WatchOptions#withStartAfter}. During the replay it is 0.
     */
    long revision();

    /**
     * Iterates over the changes, blocking for each. The iteration ends when the watch is closed by its owner; any other end
     * comes out of {@code hasNext} as the exception that {@link #poll} describes. An interrupt is thrown as
     * {@link StoreInterruptedException} with the flag set. All iterators draw from the one watch.
     */
    @Override
    default Iterator<Change<V>> iterator() {
        return new WatchIterator<>(this);
    }

    /** Ends the watch and wakes a thread that polls it. May be called from any thread, and again. */
    @Override
    void close();
}

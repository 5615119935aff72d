package dev.tidemark.store.spi;

import java.util.List;

/**
 * The committed changes of one namespace, oldest first. Thread safe.
 *
 * @param <R> the stored representation
 * @since 0.1
 */
public interface History<R> {

    /**
     * Some changes that follow a revision.
     *
     * @param changes in revision order, without a gap
     * @param complete whether nothing more was committed when they were read
     * @param <R> the stored representation
     */
    record Page<R>(List<Committed<R>> changes, boolean complete) {}

    /** Returns the revision of the newest committed change; 0 when there is none. May block as {@link #after} does. */
    long newest();

    /**
     * Returns the changes that follow {@code revision}: at least one if there is any, at most {@code limit}, fewer when their
     * values are large. May block up to the timeout of the engine.
     *
     * @throws dev.tidemark.store.HistoryCompactedException if some of them are no longer retained
     * @throws dev.tidemark.store.RevisionAheadException if {@code revision} is above {@link #newest}
     * @throws dev.tidemark.store.StoreUnavailableException or {@link dev.tidemark.store.StoreTimeoutException} for faults that
     *     may heal: the caller tries again
     */
    Page<R> after(long revision, int limit);
}

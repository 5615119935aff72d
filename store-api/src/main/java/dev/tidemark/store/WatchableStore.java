package dev.tidemark.store;

/**
 * The watching half of a {@link Store}.
 *
 * @param <V> the type of the values
 * @since 0.1
 */
public interface WatchableStore<V> {

    /** Watches one kind: {@code watch(options.withKinds(kind))}. */
    default Watch<V> watch(String kind, WatchOptions options) {
        return watch(options.withKinds(kind));
    }

    /**
     * Starts to watch what {@code options} select; the caller closes the watch. When this returns the watch is in force: it
     * delivers every matching change committed from now on, after the replay or the history that the options ask for.
     *
     * @throws HistoryCompactedException if the options resume at a revision whose successors are no longer retained
     * @throws RevisionAheadException if the options resume at a revision that this store has not reached
     */
    Watch<V> watch(WatchOptions options);
}

package dev.tidemark.event.spi;

import java.util.List;

/**
 * The results of a query, page by page. For one thread at a time.
 *
 * <p>Between two calls it must not hold anything that is scarce, such as a connection of a pool, since it may be abandoned without
 * being closed. It shows the events that were committed when it was opened, and no later ones; those deleted since may be missing. As
 * positions are in commit order, an engine that reads each page anew confines them to the positions up to the newest one at the start.
 *
 * @since 0.1
 */
public interface EventCursor extends AutoCloseable {

    /**
     * Returns the next events: at least one unless there are no more, at most {@code limit}, fewer when their data is large. Bounded by
     * the engine's timeout.
     */
    List<StoredEvent> next(int limit);

    /** Releases what the cursor holds. Calling it again does nothing. */
    @Override
    void close();
}

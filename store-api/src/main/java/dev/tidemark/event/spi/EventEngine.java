package dev.tidemark.event.spi;

import dev.tidemark.event.AggregateId;
import dev.tidemark.event.AggregateRef;
import dev.tidemark.event.EventQuery;
import dev.tidemark.event.EventSort;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a backend has to provide for a table of events; {@link EventStores} makes typed event stores of it. Thread safe. An engine may
 * connect and prepare its table with the first call; when that fails, the next call tries again. Every call is bounded by
 * {@link #timeout()} and throws the exceptions that {@link dev.tidemark.event.EventStore} describes.
 *
 * @since 0.1
 */
public interface EventEngine {

    /** The longest time a call may take. Does not connect. */
    Duration timeout();

    /**
     * Writes events as {@link EventWrite} describes; returns when they are durable. Their positions are ascending, and above those of
     * everything that was committed before.
     *
     * @throws dev.tidemark.event.EventConflictException if an aggregate is not as expected, or an id or a version is taken
     * @throws dev.tidemark.event.AppendIdReusedException if the append id was used with another payload
     */
    EventReceipt write(EventWrite write);

    /** Returns the event with an id, or null. */
    @Nullable
    StoredEvent find(UUID id);

    /** Returns the version of an aggregate: that of its newest event, 0 without one. An engine may have cheaper means than a query. */
    default int version(AggregateId aggregate) {
        EventQuery newestFirst = EventQuery.all()
                .withAggregates(AggregateRef.of(aggregate))
                .withSorts(EventSort.descending(EventSort.Key.AGGREGATE_VERSION));
        try (EventCursor cursor = query(newestFirst)) {
            List<StoredEvent> newest = cursor.next(1);
            return newest.isEmpty() ? 0 : newest.get(0).version();
        }
    }

    /** Opens a query, whose results are those of {@link Selection}, in that order. */
    EventCursor query(EventQuery query);

    /** Deletes the events with these ids, as far as there are any, all or nothing; returns how many there were. */
    int delete(Collection<UUID> ids);

    /** Returns a position that everything committed from now on is above, and nothing that is present. */
    long newest();

    /**
     * Returns the events behind a position that {@code filter} selects, whatever its order: at least one if there is any, at most {@code
     * limit}, fewer when their data is large. Without a match the page may stop early, but not where it started unless it is complete.
     */
    EventPage after(long position, EventQuery filter, int limit);

    /**
     * Calls {@code hint} from now on when something may have been committed to this table, by this process or another, until what is
     * returned is closed. The hint neither blocks nor throws. It may come late or be lost; then {@link #pollInterval} catches up.
     */
    Registration onCommit(Runnable hint);

    /** How often to look for commits without a hint; zero when none is ever lost. Does not connect. */
    Duration pollInterval();

    /**
     * Takes hold of a named subscription, or keeps hold of it, until {@code lease} has passed on the clock of the database; makes its
     * checkpoint when there is none yet.
     *
     * @param start where a new checkpoint is
     * @return where the checkpoint is; empty when another owner holds the subscription
     */
    OptionalLong claim(String subscription, UUID owner, Duration lease, long start);

    /** Moves a checkpoint; false, and nothing happens, when the step is not valid. */
    boolean move(Checkpoint step);

    /**
     * Throws what would end a subscription at once; does not connect.
     *
     * @throws dev.tidemark.store.StoreClosedException if the backend is closed
     * @throws UnsupportedOperationException if there is nothing to follow, as inside of a transaction
     */
    void checkFollowable();

    /** Lets go of a subscription, so that another owner need not wait for the lease to pass. */
    void release(String subscription, UUID owner);

    /** Returns what runs transactions of this engine's database; always the same object for all engines of one backend. */
    TransactionEngine transactions();

    /**
     * Ends what was registered.
     *
     * @since 0.1
     */
    @FunctionalInterface
    interface Registration extends AutoCloseable {

        /** Does not block, and may be called again. */
        @Override
        void close();
    }
}

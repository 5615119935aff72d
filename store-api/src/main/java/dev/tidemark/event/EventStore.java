package dev.tidemark.event;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Events in one table of a database.
 *
 * <p>Thread safe. Every call blocks until its result is known and is bounded by the backend's timeout
 * ({@link dev.tidemark.store.StoreTimeoutException}). The first call of any kind connects and prepares the table if that has not
 * happened yet; when it fails ({@link dev.tidemark.store.StoreUnavailableException}) the next call tries again. A thread interrupted
 * in a call gets {@link dev.tidemark.store.StoreInterruptedException} with its interrupt flag set. After the backend is closed every
 * call throws {@link dev.tidemark.store.StoreClosedException}.
 *
 * <p>Every write is atomic and, when it returned, durable as the backend is configured and visible to every later read in any
 * process. When the acknowledgement of a commit is lost it throws {@link dev.tidemark.store.OutcomeUnknownException} and is not tried
 * again; an {@linkplain EventBatch#appendId append id} makes it safe to do so.
 *
 * @since 0.1
 */
public interface EventStore {

    /**
     * Inserts events as they are, all or nothing: at any version that is free, gaps included. Without events it does nothing.
     *
     * @throws EventConflictException if an id is taken, or an aggregate has an event at one of the versions; events without an
     *     aggregate or with version 0 conflict by their id only
     * @throws UnregisteredEventException if the name of an event is not registered
     */
    default Appended insert(Event<?>... events) {
        return insert(Arrays.asList(events));
    }

    /** Inserts events as {@link #insert(Event...)} does. */
    default Appended insert(Collection<? extends Event<?>> events) {
        return write(new EventBatch().insert(events));
    }

    /**
     * Appends to an aggregate that has to be as expected; the events get the versions that follow its newest one.
     *
     * @param data the data of each event, or whole events, as for {@link EventBatch#append}
     * @throws EventConflictException if the aggregate is at another version
     * @throws UnregisteredEventException if the type of the data is not registered, or with several names
     */
    default Appended append(AggregateId aggregate, ExpectedVersion expected, Object... data) {
        return write(new EventBatch().append(aggregate, expected, data));
    }

    /**
     * Writes everything in a batch, or nothing.
     *
     * @throws EventConflictException if one of its aggregates is not as expected, or an id or a version is taken
     * @throws AppendIdReusedException if its append id was used for something else
     */
    Appended write(EventBatch batch);

    /**
     * Returns the event with an id, or empty when there is none.
     *
     * @throws UndecodableEventException if it can't be decoded
     */
    Optional<Event<?>> find(UUID id);

    /**
     * Streams events, with a page of them in memory. The stream shows the events that were committed when this was called, and
     * no later ones; those that are deleted while it is read may be missing. It may be closed early and needs no closing: between its pages it holds nothing that
     * others could miss. An event that can't be decoded ends it with {@link UndecodableEventException}.
     */
    Stream<Event<?>> query(EventQuery query);

    /** Deletes events, all or nothing, and returns how many there were; unknown ids are passed over. Their versions become free. */
    int delete(Collection<UUID> ids);

    /** Deletes events as {@link #delete(Collection)} does. */
    default int delete(Event<?>... events) {
        return delete(Arrays.stream(events).map(Event::id).toList());
    }

    /** Returns the version of an aggregate: that of its newest event, and 0 when it has none. */
    int version(AggregateId aggregate);

    /** Returns a position that every event committed later is above, and no event present is; 0 when there was none. */
    long position();

    /**
     * Hands events to {@code handler}, in a thread of its own: first those that are there, then each that is committed, by whatever
     * process, in the order of positions, none missing and none twice. Faults that may heal delay it and do not end it. A named
     * subscription stores how far it has come after it has handled what it found; when the process dies before that, those events
     * come again.
     *
     * @throws UnsupportedOperationException if this store is part of a transaction
     */
    Subscription subscribe(SubscriptionOptions options, EventHandler handler);

    /**
     * Hands events to {@code handler}, each in a transaction that moves the subscription on: none missing and none twice, also when the
     * process dies.
     *
     * @throws IllegalArgumentException if the options give no name
     * @throws UnsupportedOperationException if this store is part of a transaction
     */
    Subscription subscribe(SubscriptionOptions options, TransactionalEventHandler handler);

    /** Returns all events that {@code query} selects, in memory. */
    default List<Event<?>> list(EventQuery query) {
        try (Stream<Event<?>> events = query(query)) {
            return events.toList();
        }
    }
}

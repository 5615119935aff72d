package dev.tidemark.event;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Aggregates of one type, made of their events in an {@link EventStore}. Immutable and thread safe; calls block as those of the event
 * store do.
 *
 * <p>Two callers may change the same aggregate at the same time; the second one to save it gets {@link EventConflictException}.
 *
 * @param <S> the type of the state
 * @since 0.1
 */
public final class AggregateRepository<S> {
    private static final Logger LOG = System.getLogger(AggregateRepository.class.getName());

    private final EventStore events;
    private final AggregateType<S> type;
    private final @Nullable SnapshotStore<S> snapshots;
    private final SnapshotSchedule schedule;
    private final int retries;
    private final AggregateLoader<S> loader;

    private AggregateRepository(
            EventStore events,
            AggregateType<S> type,
            @Nullable SnapshotStore<S> snapshots,
            SnapshotSchedule schedule,
            int retries) {
        this.events = events;
        this.type = type;
        this.snapshots = snapshots;
        this.schedule = schedule;
        this.retries = retries;
        this.loader = new AggregateLoader<>(events, type, snapshots);
    }

    /** Keeps aggregates of a type in {@code events}. */
    public static <S> AggregateRepository<S> over(EventStore events, AggregateType<S> type) {
        Objects.requireNonNull(events, "events");
        return new AggregateRepository<>(
                events, Objects.requireNonNull(type, "type"), null, (before, after) -> false, 0);
    }

    /**
     * Reads snapshots, and the events behind them only; takes snapshots when saving, as scheduled. What is inserted into or deleted
     * from a history below a snapshot is not seen through it; delete the aggregate's snapshots then.
     *
     * @throws IllegalArgumentException if the snapshots are of aggregates with another name
     */
    public AggregateRepository<S> withSnapshots(SnapshotStore<S> snapshots, SnapshotSchedule schedule) {
        Objects.requireNonNull(schedule, "schedule");
        if (!snapshots.aggregateName().equals(type.name())) {
            throw new IllegalArgumentException(
                    "the snapshots are of '" + snapshots.aggregateName() + "', not of '" + type.name() + "'");
        }
        return new AggregateRepository<>(events, type, snapshots, schedule, retries);
    }

    /** Lets {@link #use} start over so many times when others were faster; 0 unless set. */
    public AggregateRepository<S> withRetries(int retries) {
        if (retries < 0) {
            throw new IllegalArgumentException("retries must not be negative, but are " + retries);
        }
        return new AggregateRepository<>(events, type, snapshots, schedule, retries);
    }

    /**
     * Returns an aggregate in its newest state; one without events is at version 0, in its initial state.
     *
     * @throws AggregateNotFoundException if it is deleted softly
     */
    public Aggregate<S> fetch(UUID id) {
        Aggregate<S> aggregate = loader.load(id, Integer.MAX_VALUE);
        if (aggregate.isDeleted()) {
            throw new AggregateNotFoundException(aggregate.id(), "is deleted");
        }
        return aggregate;
    }

    /**
     * Returns an aggregate as it was at a version, whether it is deleted by now or not.
     *
     * @throws AggregateNotFoundException if it has no event with that version
     */
    public Aggregate<S> fetch(UUID id, int version) {
        Aggregate<S> aggregate = loader.load(id, version);
        if (aggregate.version() != version) {
            throw new AggregateNotFoundException(
                    aggregate.id(),
                    aggregate.version() == 0
                            ? "has no events up to version " + version
                            : "has no version " + version + ", but " + aggregate.version() + " before it");
        }
        return aggregate;
    }

    /**
     * Stores what happened to an aggregate since it was fetched or saved; without changes it does nothing.
     *
     * @throws EventConflictException if it is at another version by now; fetch it anew
     */
    public Appended save(Aggregate<S> aggregate) {
        int before = aggregate.version();
        Appended appended = events.write(saving(aggregate));
        if (!appended.events().isEmpty()) {
            aggregate.saved(appended.version());
            takeSnapshot(aggregate, before, appended);
        }
        return appended;
    }

    /**
     * Returns the events that {@link #save} would append, for a transaction over several stores. The aggregate is not to be saved any
     * more then, but fetched anew.
     */
    public EventBatch saving(Aggregate<S> aggregate) {
        return new EventBatch()
                .append(
                        aggregate.id(),
                        ExpectedVersion.exactly(aggregate.version()),
                        aggregate.changes().toArray());
    }

    /**
     * Fetches an aggregate, lets {@code change} record what happens to it, and saves it; returns it as it was saved. With
     * {@linkplain #withRetries retries} that is done anew when others were faster. What the change throws comes out, and nothing is
     * stored.
     *
     * @throws EventConflictException if others were faster, also in the last try
     * @throws AggregateNotFoundException if it is deleted softly
     */
    public Aggregate<S> use(UUID id, Consumer<? super Aggregate<S>> change) {
        Objects.requireNonNull(change, "change");
        for (int left = retries; ; left--) {
            Aggregate<S> aggregate = fetch(id);
            change.accept(aggregate);
            try {
                save(aggregate);
                return aggregate;
            } catch (EventConflictException overtaken) {
                if (left == 0) {
                    throw overtaken;
                }
            }
        }
    }

    /**
     * Streams the aggregates that have an event which {@code query} selects, by id, each in its newest state; those that are deleted
     * softly are left out.
     */
    public Stream<Aggregate<S>> query(EventQuery query) {
        if (!query.aggregateNames().isEmpty() && !query.aggregateNames().contains(type.name())) {
            return Stream.empty();
        }
        EventQuery byId = new EventQuery(
                query.ids(),
                query.names(),
                Set.of(type.name()),
                query.aggregateIds(),
                query.aggregates(),
                query.versions(),
                query.times(),
                List.of(EventSort.ascending(EventSort.Key.AGGREGATE_ID)));
        return events.query(byId)
                .map(event -> Objects.requireNonNull(event.aggregate()).id())
                .filter(new FirstOfRun())
                .map(id -> loader.load(id, Integer.MAX_VALUE))
                .filter(aggregate -> aggregate.version() > 0 && !aggregate.isDeleted());
    }

    /** Accepts the first of equal ids that follow each other. */
    private static final class FirstOfRun implements Predicate<UUID> {
        private @Nullable UUID last;

        @Override
        public boolean test(UUID id) {
            boolean first = !id.equals(last);
            last = id;
            return first;
        }
    }

    /**
     * Deletes the events of an aggregate, with those that others append meanwhile, and its snapshots; returns how many events there
     * were.
     */
    public int delete(UUID id) {
        int deleted = 0;
        do {
            deleted += deleteEvents(id);
        } while (isBeheaded(id));
        if (snapshots != null) {
            snapshots.deleteAll(id);
        }
        return deleted;
    }

    private int deleteEvents(UUID id) {
        List<UUID> ids;
        try (Stream<Event<?>> history = events.query(loader.historyOf(id))) {
            ids = history.map(Event::id).toList();
        }
        return events.delete(ids);
    }

    /** What was appended meanwhile follows versions that are gone; a history that begins anew, with the first one, is another. */
    private boolean isBeheaded(UUID id) {
        try (Stream<Event<?>> history = events.query(loader.historyOf(id).withMinVersion(1))) {
            return history.findFirst().filter(event -> event.version() > 1).isPresent();
        }
    }

    /**
     * Deletes an aggregate softly: its events stay, and it is not found until it is restored.
     *
     * @param deletion data of the type that the aggregate type names for that
     * @throws AggregateNotFoundException if it has no events, or is deleted already
     * @throws EventConflictException if others were faster; {@linkplain #withRetries retries} are not made
     * @throws IllegalArgumentException if the data is of another type, or the aggregate type has no soft deletion
     */
    public void softDelete(UUID id, Object deletion) {
        check(type.deletion(), deletion);
        Aggregate<S> aggregate = fetch(id);
        if (aggregate.version() == 0) {
            throw new AggregateNotFoundException(aggregate.id(), "has no events");
        }
        save(aggregate.record(deletion));
    }

    /**
     * Takes a soft deletion back, and returns the aggregate; one that is not deleted stays as it is.
     *
     * @param restoration data of the type that the aggregate type names for that
     * @throws EventConflictException if others were faster; {@linkplain #withRetries retries} are not made
     * @throws IllegalArgumentException if the data is of another type, or the aggregate type has no soft deletion
     */
    public Aggregate<S> restore(UUID id, Object restoration) {
        check(type.restoration(), restoration);
        Aggregate<S> aggregate = loader.load(id, Integer.MAX_VALUE);
        if (aggregate.isDeleted()) {
            save(aggregate.record(restoration));
        }
        return aggregate;
    }

    /** The events are stored by now, so a snapshot that can't be is no failure of the caller's. */
    private void takeSnapshot(Aggregate<S> aggregate, int before, Appended appended) {
        if (snapshots == null || aggregate.isDeleted() || !schedule.isDue(before, aggregate.version())) {
            return;
        }
        try {
            UUID last = appended.events().get(appended.events().size() - 1).id();
            snapshots.save(aggregate.id().id(), aggregate.version(), last, aggregate.state());
        } catch (RuntimeException failure) {
            LOG.log(Level.WARNING, "no snapshot of " + aggregate.id() + " was taken", failure);
        }
    }

    private void check(@Nullable Class<?> expected, Object data) {
        if (expected == null || !expected.isInstance(data)) {
            throw new IllegalArgumentException(
                    expected == null
                            ? "'" + type.name() + "' has no soft deletion; see AggregateType.withSoftDelete"
                            : "this needs data of " + expected.getName() + ", not of "
                                    + data.getClass().getName());
        }
    }
}

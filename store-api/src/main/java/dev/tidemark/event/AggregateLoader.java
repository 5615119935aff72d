package dev.tidemark.event;

import dev.tidemark.codec.CodecException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Iterator;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Makes aggregates of their events, from a snapshot on if there is one. */
final class AggregateLoader<S> {
    private static final Logger LOG = System.getLogger(AggregateLoader.class.getName());

    private final EventStore events;
    private final AggregateType<S> type;
    private final @Nullable SnapshotStore<S> snapshots;

    AggregateLoader(EventStore events, AggregateType<S> type, @Nullable SnapshotStore<S> snapshots) {
        this.events = events;
        this.type = type;
        this.snapshots = snapshots;
    }

    /** Returns an aggregate as its events up to a version make it. */
    Aggregate<S> load(UUID id, int version) {
        Optional<AggregateSnapshot<S>> snapshot = snapshot(id, version);
        if (snapshot.isPresent()) {
            Aggregate<S> aggregate = new Aggregate<>(
                    type, id, snapshot.get().version(), snapshot.get().state());
            if (replayBehindSnapshot(aggregate, snapshot.get().event(), version)) {
                return aggregate;
            }
        }
        Aggregate<S> aggregate = new Aggregate<>(
                type, id, 0, Objects.requireNonNull(type.initial().apply(id), "the initial state is null"));
        try (Stream<Event<?>> history =
                events.query(historyOf(id).withMinVersion(1).withMaxVersion(version))) {
            history.forEachOrdered(aggregate::replay);
        }
        return aggregate;
    }

    /** A snapshot that can't be read any more is none: the events say the same. */
    private Optional<AggregateSnapshot<S>> snapshot(UUID id, int version) {
        if (snapshots == null) {
            return Optional.empty();
        }
        try {
            return snapshots.atMost(id, version);
        } catch (CodecException outdated) {
            LOG.log(Level.WARNING, "a snapshot is passed over: {0}", outdated.getMessage());
            return Optional.empty();
        }
    }

    /** False when the event of the snapshot is gone, and the snapshot is thus of a history that was deleted. */
    private boolean replayBehindSnapshot(Aggregate<S> aggregate, UUID last, int version) {
        int from = aggregate.version();
        EventQuery rest = historyOf(aggregate.id().id()).withMinVersion(from).withMaxVersion(version);
        try (Stream<Event<?>> history = events.query(rest)) {
            Iterator<Event<?>> reading = history.iterator();
            if (!reading.hasNext() || !reading.next().id().equals(last)) {
                return false;
            }
            reading.forEachRemaining(aggregate::replay);
            return true;
        }
    }

    EventQuery historyOf(UUID id) {
        return EventQuery.ofAggregate(new AggregateId(type.name(), id));
    }
}

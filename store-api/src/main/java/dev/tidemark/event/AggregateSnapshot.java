package dev.tidemark.event;

import java.time.Instant;
import java.util.Objects;
import java.util.UUID;

/**
 * The state of an aggregate at a version, so that the events up to it need not be read again.
 *
 * @param aggregate the aggregate
 * @param version the version of the last event that the state contains; positive
 * @param event the id of that event, which tells the snapshot from those of a history that was deleted
 * @param time when it was saved, by the clock of the database
 * @param state the state
 * @param <S> the type of the state
 * @since 0.1
 */
public record AggregateSnapshot<S>(AggregateId aggregate, int version, UUID event, Instant time, S state) {
    public AggregateSnapshot {
        Objects.requireNonNull(aggregate, "aggregate");
        Objects.requireNonNull(event, "event");
        Objects.requireNonNull(time, "time");
        Objects.requireNonNull(state, "state");
        if (version < 1) {
            throw new IllegalArgumentException("a snapshot needs a positive version, not " + version);
        }
    }
}

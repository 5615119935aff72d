package dev.tidemark.event;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened. Immutable, as far as its data is.
 *
 * @param id its identity, unique in a store
 * @param name what happened, 1 to 255 characters; {@link EventTypes} knows the codec of its data
 * @param time when, to the nanosecond, between {@link EventTime#MIN} and {@link EventTime#MAX}
 * @param data what there is to say about it
 * @param aggregate the aggregate it happened to, or null
 * @param version its place in the history of the aggregate, from 1; 0 when it has none, as without an aggregate
 * @param metadata what surrounds it, such as {@link #CORRELATION}, {@link #CAUSATION} and {@link #USER}
 * @param position its place in the one line of all events of the store, in commit order; 0 as long as it is not stored
 * @param <D> the type of the data
 * @since 0.1
 */
public record Event<D>(
        UUID id,
        String name,
        Instant time,
        D data,
        @Nullable AggregateId aggregate,
        int version,
        Map<String, String> metadata,
        long position) {
    /** The metadata key for what all events of one story share. */
    public static final String CORRELATION = "correlation";

    /** The metadata key for the id of the event, or command, that led to this one. */
    public static final String CAUSATION = "causation";

    /** The metadata key for who did it. */
    public static final String USER = "user";

    public Event {
        Objects.requireNonNull(id, "id");
        EventNames.check("event name", name);
        EventTime.toNanos(time);
        Objects.requireNonNull(data, "data");
        if (version < 0 || (version > 0 && aggregate == null)) {
            throw new IllegalArgumentException(
                    version < 0 ? "version must not be negative, but is " + version : "a version needs an aggregate");
        }
        metadata = Metadata.copyOf(metadata);
    }

    /** Returns an event that happens now, to nothing in particular. */
    public static <D> Event<D> of(String name, D data) {
        return new Event<>(UUID.randomUUID(), name, Instant.now(), data, null, 0, Map.of(), 0);
    }

    /** Returns this event with another id. */
    public Event<D> withId(UUID id) {
        return new Event<>(id, name, time, data, aggregate, version, metadata, position);
    }

    /** Returns this event at another time. */
    public Event<D> withTime(Instant time) {
        return new Event<>(id, name, time, data, aggregate, version, metadata, position);
    }

    /** Returns this event as part of the history of an aggregate; with version 0 it belongs to it without a place. */
    public Event<D> withAggregate(AggregateId aggregate, int version) {
        return new Event<>(id, name, time, data, Objects.requireNonNull(aggregate), version, metadata, position);
    }

    /** Returns this event with other metadata. */
    public Event<D> withMetadata(Map<String, String> metadata) {
        return new Event<>(id, name, time, data, aggregate, version, metadata, position);
    }

    /** Returns this event with an entry of metadata added or replaced. */
    public Event<D> withMetadata(String key, String value) {
        Map<String, String> added = new TreeMap<>(metadata);
        added.put(key, value);
        return withMetadata(added);
    }

    /** Returns this event as a consequence of another: it names that one's id, and shares its correlation. */
    public Event<D> causedBy(Event<?> cause) {
        String id = cause.id().toString();
        return withMetadata(CAUSATION, id)
                .withMetadata(CORRELATION, cause.metadata().getOrDefault(CORRELATION, id));
    }
}

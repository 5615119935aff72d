package dev.tidemark.event;

import dev.tidemark.store.spi.Names;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Events to be written at once, of any number of aggregates. Not thread safe.
 *
 * @since 0.1
 */
public final class EventBatch {
    private static final int MAX_APPEND_ID = 255;

    /**
     * A line of a batch.
     *
     * @since 0.1
     */
    public sealed interface Step {}

    /**
     * Events that follow each other in the history of an aggregate.
     *
     * @param aggregate the aggregate
     * @param expected what its version has to be
     * @param data what happened to it: data, or whole events without an aggregate
     * @since 0.1
     */
    public record Append(AggregateId aggregate, ExpectedVersion expected, List<Object> data) implements Step {
        public Append {
            Objects.requireNonNull(aggregate, "aggregate");
            Objects.requireNonNull(expected, "expected");
            data = List.copyOf(data);
        }
    }

    /**
     * An event as it is.
     *
     * @param event the event
     * @since 0.1
     */
    public record Insert(Event<?> event) implements Step {
        public Insert {
            Objects.requireNonNull(event, "event");
        }
    }

    private final List<Step> steps = new ArrayList<>();
    private final Set<AggregateId> appendedTo = new HashSet<>();
    private Map<String, String> metadata = Map.of();
    private @Nullable String appendId;

    /** Makes an empty batch. */
    public EventBatch() {}

    /**
     * Appends to an aggregate that has to be as expected; the events get the versions that follow. Without data it adds nothing, and
     * nothing is expected.
     *
     * @param data the data of each event, whose name {@link EventTypes} tell by its type; or a whole {@link Event} without an
     *     aggregate, for another name, time, id, or metadata of its own
     * @throws IllegalArgumentException if the batch appends to that aggregate already, or an event has an aggregate
     */
    public EventBatch append(AggregateId aggregate, ExpectedVersion expected, Object... data) {
        Append append = new Append(aggregate, expected, checked(data));
        if (!appendedTo.add(aggregate)) {
            throw new IllegalArgumentException("the batch appends to " + aggregate + " twice");
        }
        steps.add(append);
        return this;
    }

    /** Checks what is to be appended. */
    static List<Object> checked(Object... data) {
        for (Object each : data) {
            Objects.requireNonNull(each, "data");
            if (each instanceof Event<?> event && event.aggregate() != null) {
                throw new IllegalArgumentException("an event to append must not have an aggregate already");
            }
        }
        return List.of(data);
    }

    /** Inserts events as they are, at any free version. */
    public EventBatch insert(Event<?>... events) {
        return insert(Arrays.asList(events));
    }

    /** Inserts events as they are, at any free version. */
    public EventBatch insert(Collection<? extends Event<?>> events) {
        events.forEach(event -> steps.add(new Insert(event)));
        return this;
    }

    /** Adds an entry of metadata to every event that does not have it. */
    public EventBatch metadata(String key, String value) {
        Map<String, String> added = new TreeMap<>(metadata);
        added.put(key, value);
        metadata = Metadata.copyOf(added);
        return this;
    }

    /**
     * Makes the write idempotent: once it has happened, writing a batch with the same id and the same payload does nothing and returns
     * what the first one did. The payload is the aggregates, the names and the data of the events, and the versions of those that are
     * inserted; ids, times, metadata and what was expected may differ, as they do when a command is tried again.
     *
     * @param id 1 to 255 characters
     */
    public EventBatch appendId(String id) {
        Names.checkBound("append id", id);
        if (id.isEmpty() || id.codePointCount(0, id.length()) > MAX_APPEND_ID) {
            throw new IllegalArgumentException("append id must have 1 to " + MAX_APPEND_ID + " characters");
        }
        this.appendId = id;
        return this;
    }

    /** What was added so far, in order; a copy. */
    public List<Step> steps() {
        return List.copyOf(steps);
    }

    /** The metadata for every event. */
    public Map<String, String> metadata() {
        return metadata;
    }

    /** The append id, if there is one. */
    public Optional<String> appendId() {
        return Optional.ofNullable(appendId);
    }
}

package dev.tidemark.event;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/**
 * An aggregate in the hands of one caller: its state, and what happened to it that is not saved yet. Not thread safe.
 *
 * @param <S> the type of the state
 * @since 0.1
 */
public final class Aggregate<S> {
    private final AggregateType<S> type;
    private final AggregateId id;
    private final List<Object> changes = new ArrayList<>();
    private int version;
    private S state;
    private boolean deleted;

    Aggregate(AggregateType<S> type, UUID id, int version, S state) {
        this.type = type;
        this.id = new AggregateId(type.name(), id);
        this.version = version;
        this.state = state;
    }

    /** Its identity. */
    public AggregateId id() {
        return id;
    }

    /** The version that is stored; changes do not count until they are saved. 0 when nothing is stored. */
    public int version() {
        return version;
    }

    /** Its state, changes included. */
    public S state() {
        return state;
    }

    /** What happened to it since it was fetched or saved, in order. */
    public List<Object> changes() {
        return Collections.unmodifiableList(changes);
    }

    /** Whether it is deleted softly, changes included. */
    public boolean isDeleted() {
        return deleted;
    }

    /**
     * Lets something happen to it: the state evolves at once, and the events are stored when the aggregate is saved.
     *
     * @param data the data of each event, or whole events without an aggregate
     * @throws IllegalArgumentException if an event has an aggregate
     */
    public Aggregate<S> record(Object... data) {
        List<Object> happened = EventBatch.checked(data);
        for (Object each : happened) {
            evolve(each instanceof Event<?> event ? event.data() : each);
            changes.add(each);
        }
        return this;
    }

    /** An event that is stored. */
    void replay(Event<?> event) {
        evolve(event.data());
        version = event.version();
    }

    void saved(int version) {
        this.version = version;
        changes.clear();
    }

    private void evolve(Object data) {
        Class<?> deletion = type.deletion();
        Class<?> restoration = type.restoration();
        state = Objects.requireNonNull(
                type.evolve().apply(state, data),
                () -> "the state after " + data.getClass().getName() + " is null");
        if (deletion != null && deletion.isInstance(data)) {
            deleted = true;
        } else if (restoration != null && restoration.isInstance(data)) {
            deleted = false;
        }
    }
}

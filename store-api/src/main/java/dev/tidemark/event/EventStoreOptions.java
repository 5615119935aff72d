package dev.tidemark.event;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * How an event store behaves. Immutable.
 *
 * @param table the name of the table that holds the events; a database that has schemas takes {@code schema.table}, too
 * @param maxDataBytes the largest encoded data of an event, its metadata included; positive
 * @param hooks what takes part in every write, in this order
 * @since 0.1
 */
public record EventStoreOptions(String table, int maxDataBytes, List<EventHook> hooks) {
    private static final EventStoreOptions DEFAULTS = new EventStoreOptions("events", 64 << 20, List.of());

    public EventStoreOptions {
        EventNames.check("table", table);
        if (maxDataBytes < 1) {
            throw new IllegalArgumentException("maxDataBytes must be positive, not " + maxDataBytes);
        }
        hooks = List.copyOf(hooks);
    }

    /** The table {@code events}, data up to 64 MiB, no hooks. */
    public static EventStoreOptions defaults() {
        return DEFAULTS;
    }

    /** Keeps the events in another table. Tables have nothing in common: each has its own events, positions and subscriptions. */
    public EventStoreOptions withTable(String table) {
        return new EventStoreOptions(table, maxDataBytes, hooks);
    }

    /** Refuses encoded data that is, with its metadata, above so many bytes with {@link dev.tidemark.store.ValueTooLargeException}. */
    public EventStoreOptions withMaxDataBytes(int maxDataBytes) {
        return new EventStoreOptions(table, maxDataBytes, hooks);
    }

    /** Adds a hook behind those that are there. */
    public EventStoreOptions withHook(EventHook hook) {
        List<EventHook> added = new ArrayList<>(hooks);
        added.add(Objects.requireNonNull(hook));
        return new EventStoreOptions(table, maxDataBytes, added);
    }
}

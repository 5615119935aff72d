package dev.tidemark.event.spi;

import dev.tidemark.event.EventStore;
import dev.tidemark.event.EventStoreOptions;
import dev.tidemark.event.EventTypes;

/**
 * Makes typed event stores of an engine.
 *
 * @since 0.1
 */
public final class EventStores {
    private EventStores() {}

    /** Returns a view of {@code engine}, which it does not call yet; it needs no closing. The options' table is the engine's. */
    public static EventStore over(EventEngine engine, EventTypes types, EventStoreOptions options) {
        return new TypedEventStore(engine, types, options);
    }
}

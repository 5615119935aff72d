package dev.tidemark.store.postgres;

import dev.tidemark.codec.json.JsonCodec;
import dev.tidemark.event.AggregateId;
import dev.tidemark.event.Event;
import dev.tidemark.event.EventTypes;

/** The data of the events in tests. */
record Deed(String by, int number) {
    static final EventTypes TYPES = EventTypes.none().with("done", Deed.class, JsonCodec.of(Deed.class));
    static final EventTypes BINARY = EventTypes.none().with("done", String.class, TextCodec.TEXT);

    static Event<Deed> event(int number) {
        return Event.of("done", new Deed("test", number));
    }

    static AggregateId aggregate() {
        return AggregateId.random("account");
    }
}

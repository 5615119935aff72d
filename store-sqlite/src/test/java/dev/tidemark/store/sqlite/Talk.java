package dev.tidemark.store.sqlite;

import dev.tidemark.event.EventTypes;

/** Events whose data is text. */
final class Talk {
    static final EventTypes TYPES =
            EventTypes.none().with("said", String.class, Texts.CODEC).with("shouted", String.class, Texts.CODEC);

    private Talk() {}
}

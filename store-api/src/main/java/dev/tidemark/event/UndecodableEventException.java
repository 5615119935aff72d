package dev.tidemark.event;

import dev.tidemark.store.StoreException;
import java.util.UUID;

/**
 * A stored event can't be turned into its data; the cause says why. It names the event, never its data.
 *
 * @since 0.1
 */
public final class UndecodableEventException extends StoreException {
    private static final long serialVersionUID = 1L;

    private final UUID id;
    private final String name;
    private final long position;

    public UndecodableEventException(UUID id, String name, long position, StoreException cause) {
        super("event " + id + " ('" + name + "') at position " + position + ": " + cause.getMessage(), cause);
        this.id = id;
        this.name = name;
        this.position = position;
    }

    /** The id of the event. */
    public UUID id() {
        return id;
    }

    /** The name under which the event is stored. */
    public String name() {
        return name;
    }

    /** The position of the event. */
    public long position() {
        return position;
    }
}

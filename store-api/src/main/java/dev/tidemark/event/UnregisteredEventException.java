package dev.tidemark.event;

import dev.tidemark.store.StoreException;

/**
 * {@link EventTypes} know no codec for an event.
 *
 * @since 0.1
 */
public final class UnregisteredEventException extends StoreException {
    private static final long serialVersionUID = 1L;

    private final String name;

    /** Describes an event by its name, or data by the name of its class. */
    public UnregisteredEventException(String name, String message) {
        super(message);
        this.name = name;
    }

    /** The name of the event, or of the class of its data. */
    public String name() {
        return name;
    }
}

package dev.tidemark.event;

import java.util.Objects;
import java.util.UUID;

/**
 * The identity of an aggregate: of the thing whose history a sequence of events is.
 *
 * @param name what kind of thing, 1 to 255 characters
 * @param id which one
 * @since 0.1
 */
public record AggregateId(String name, UUID id) {

    public AggregateId {
        EventNames.check("aggregate name", name);
        Objects.requireNonNull(id, "id");
    }

    /** Returns the identity of a new aggregate. */
    public static AggregateId random(String name) {
        return new AggregateId(name, UUID.randomUUID());
    }

    @Override
    public String toString() {
        return name + "/" + id;
    }
}

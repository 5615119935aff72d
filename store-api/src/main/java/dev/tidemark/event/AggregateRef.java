package dev.tidemark.event;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a query selects: one aggregate, or all of a name.
 *
 * @param name the name of the aggregate
 * @param id its id, or null for every aggregate of that name
 * @since 0.1
 */
public record AggregateRef(String name, @Nullable UUID id) {

    public AggregateRef {
        EventNames.check("aggregate name", name);
    }

    /** Selects one aggregate. */
    public static AggregateRef of(AggregateId aggregate) {
        return new AggregateRef(aggregate.name(), aggregate.id());
    }

    /** Whether it selects {@code aggregate}; nothing selects null. */
    public boolean matches(@Nullable AggregateId aggregate) {
        return aggregate != null && name.equals(aggregate.name()) && (id == null || id.equals(aggregate.id()));
    }
}

package dev.tidemark.event;

import dev.tidemark.store.StoreException;

/**
 * An aggregate is not there: it has no events, not the version that was asked for, or is deleted softly.
 *
 * @since 0.1
 */
public final class AggregateNotFoundException extends StoreException {
    private static final long serialVersionUID = 1L;

    private final transient AggregateId aggregate;

    public AggregateNotFoundException(AggregateId aggregate, String what) {
        super(aggregate + " " + what);
        this.aggregate = aggregate;
    }

    /** The aggregate that was asked for. */
    public AggregateId aggregate() {
        return aggregate;
    }
}

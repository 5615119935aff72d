package dev.tidemark.event;

import dev.tidemark.store.StoreException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Events were not written, because an event with the same id exists, or because their aggregate is not at the version on which they
 * build. Nothing was written; read the aggregate and decide anew.
 *
 * @since 0.1
 */
public final class EventConflictException extends StoreException {
    private static final long serialVersionUID = 1L;

    private final @Nullable UUID id;
    private final transient @Nullable AggregateId aggregate;
    private final @Nullable Integer expected;
    private final @Nullable Integer actual;

    /** Describes an event whose id is taken. */
    public EventConflictException(UUID id) {
        super("there is an event with the id " + id + " already");
        this.id = id;
        this.aggregate = null;
        this.expected = null;
        this.actual = null;
    }

    /**
     * Describes a version that is taken, or an aggregate that is not as expected.
     *
     * @param expected the version after which an event was to be written
     * @param actual the version of the aggregate
     */
    public EventConflictException(AggregateId aggregate, int expected, int actual) {
        super(aggregate + ": expected version " + expected + ", found " + actual);
        this.id = null;
        this.aggregate = aggregate;
        this.expected = expected;
        this.actual = actual;
    }

    /** The id that is taken, if that is the conflict. */
    public Optional<UUID> id() {
        return Optional.ofNullable(id);
    }

    /** The aggregate that is not as expected, if that is the conflict. */
    public Optional<AggregateId> aggregate() {
        return Optional.ofNullable(aggregate);
    }

    /** The version after which an event was to be written: 0 for the first one. */
    public OptionalInt expected() {
        return expected == null ? OptionalInt.empty() : OptionalInt.of(expected);
    }

    /** The version of the aggregate: 0 when it has no events. */
    public OptionalInt actual() {
        return actual == null ? OptionalInt.empty() : OptionalInt.of(actual);
    }
}

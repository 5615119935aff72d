package dev.tidemark.store;

/**
 * A watch was to continue after a revision that the store has not reached, or that it has lost: the database was restored from a
 * backup or lost its newest commits, and what the revision stood for is gone. Start again with a replay, or use {@link
 * Watches#resilient}.
 *
 * @since 0.1
 */
public final class RevisionAheadException extends StoreException {
    private static final long serialVersionUID = 1L;

    private final long requested;
    private final long newest;

    public RevisionAheadException(long requested, long newest) {
        super("can't start after revision " + requested + ": the store "
                + (requested > newest ? "" : "does not have it any more, and ") + "stands at revision " + newest);
        this.requested = requested;
        this.newest = newest;
    }

    /** The revision that was asked for. */
    public long requested() {
        return requested;
    }

    /** The newest revision of the store; not below the requested one if that was lost and newer commits have overtaken it. */
    public long newest() {
        return newest;
    }
}

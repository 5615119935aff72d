package dev.tidemark.store;

/**
 * The changes after a revision are no longer retained, so a watch can't continue there without a gap. Start again with a
 * replay, or use {@link Watches#resilient}.
 *
 * @since 0.1
 */
public final class HistoryCompactedException extends StoreException {
    private static final long serialVersionUID = 1L;

    private final long requested;
    private final long oldest;

    public HistoryCompactedException(long requested, long oldest) {
        super("history after revision " + requested + " is gone; the oldest revision to start after is " + oldest);
        this.requested = requested;
        this.oldest = oldest;
    }

    /** The revision that was asked for. */
    public long requested() {
        return requested;
    }

    /** The oldest revision that a watch can start after; itself allowed. */
    public long oldest() {
        return oldest;
    }
}

package dev.tidemark.event;

import dev.tidemark.store.StoreException;

/**
 * Something else was appended with the same append id before. Nothing was written.
 *
 * @since 0.1
 */
public final class AppendIdReusedException extends StoreException {
    private static final long serialVersionUID = 1L;

    private final String appendId;

    public AppendIdReusedException(String appendId) {
        super("the append id '" + appendId + "' was used to append something else; use an id for one payload only");
        this.appendId = appendId;
    }

    /** The append id. */
    public String appendId() {
        return appendId;
    }
}

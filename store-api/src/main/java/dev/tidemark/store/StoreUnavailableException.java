package dev.tidemark.store;

import org.jspecify.annotations.Nullable;

/**
 * The database could not be reached, opened or written: a server that is away, a full disk, a file that is not a database.
 * Nothing was written by the call; it may succeed later when the message says so.
 *
 * @since 0.1
 */
public final class StoreUnavailableException extends StoreException {
    private static final long serialVersionUID = 1L;

    public StoreUnavailableException(String message) {
        super(message);
    }

    public StoreUnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}

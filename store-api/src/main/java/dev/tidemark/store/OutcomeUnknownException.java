package dev.tidemark.store;

import org.jspecify.annotations.Nullable;

/**
 * A commit was sent and its acknowledgement was lost, or the caller stopped waiting for it: the write may or may not have
 * happened. It is never tried again on its own; read the keys to find out.
 *
 * @since 0.1
 */
public final class OutcomeUnknownException extends StoreException {
    private static final long serialVersionUID = 1L;

    public OutcomeUnknownException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}

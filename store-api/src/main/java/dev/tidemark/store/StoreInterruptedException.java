package dev.tidemark.store;

import org.jspecify.annotations.Nullable;

/**
 * The calling thread was interrupted; its interrupt flag is set again. Nothing was written by the call, and the store remains
 * usable.
 *
 * @since 0.1
 */
public final class StoreInterruptedException extends StoreException {
    private static final long serialVersionUID = 1L;

    public StoreInterruptedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}

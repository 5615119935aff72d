package dev.tidemark.store;

import org.jspecify.annotations.Nullable;

/**
 * The family of failures of a store. Messages say what was asked, what was found and what to do; they never hold a value or a
 * password.
 *
 * @since 0.1
 */
public class StoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StoreException(String message) {
        super(message);
    }

    public StoreException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}

package dev.tidemark.store;

import org.jspecify.annotations.Nullable;

/**
 * A watch was polled after its end. When the watch ended for a reason, that is the cause.
 *
 * @since 0.1
 */
public final class WatchClosedException extends StoreException {
    private static final long serialVersionUID = 1L;

    public WatchClosedException(@Nullable Throwable cause) {
        super("the watch is closed", cause);
    }
}

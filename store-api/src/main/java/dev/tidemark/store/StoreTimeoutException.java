package dev.tidemark.store;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A call did not finish within the timeout. Nothing was written by it.
 *
 * @since 0.1
 */
public final class StoreTimeoutException extends StoreException {
    private static final long serialVersionUID = 1L;

    private final Duration timeout;

    public StoreTimeoutException(String waitingFor, Duration timeout) {
        this(waitingFor, timeout, null);
    }

    public StoreTimeoutException(String waitingFor, Duration timeout, @Nullable Throwable cause) {
        super("timed out after " + timeout.toMillis() + " ms waiting for " + waitingFor, cause);
        this.timeout = timeout;
    }

    /** The timeout that was exceeded. */
    public Duration timeout() {
        return timeout;
    }
}

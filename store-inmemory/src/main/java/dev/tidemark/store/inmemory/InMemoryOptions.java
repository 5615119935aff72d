package dev.tidemark.store.inmemory;

import dev.tidemark.store.BackendOptions;
import java.time.Duration;

/**
 * How an in-memory backend behaves. Immutable.
 *
 * @param historySize how many changes of a namespace are kept for watches that resume; at least 1
 * @param timeout the longest time a call may take; positive
 * @since 0.1
 */
public record InMemoryOptions(int historySize, Duration timeout) {
    private static final InMemoryOptions DEFAULTS =
            new InMemoryOptions(100_000, BackendOptions.defaults().timeout());

    public InMemoryOptions {
        if (historySize < 1) {
            throw new IllegalArgumentException("historySize must be at least 1, not " + historySize);
        }
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("timeout must be positive, not " + timeout);
        }
    }

    /** A history of 100 000 changes, and a timeout of 10 seconds. */
    public static InMemoryOptions defaults() {
        return DEFAULTS;
    }

    /** Keeps so many changes of each namespace, and with them their values. */
    public InMemoryOptions withHistorySize(int changes) {
        return new InMemoryOptions(changes, timeout);
    }

    /** Bounds every call. */
    public InMemoryOptions withTimeout(Duration timeout) {
        return new InMemoryOptions(historySize, timeout);
    }
}

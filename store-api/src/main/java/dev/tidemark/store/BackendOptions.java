package dev.tidemark.store;

import java.time.Duration;

/**
 * What every backend understands, whatever its kind. Immutable.
 *
 * @param timeout the longest time any single call may take, opening included; positive
 * @since 0.1
 */
public record BackendOptions(Duration timeout) {
    private static final BackendOptions DEFAULTS = new BackendOptions(Duration.ofSeconds(10));

    public BackendOptions {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("timeout must be positive, not " + timeout);
        }
    }

    /** A timeout of 10 seconds. */
    public static BackendOptions defaults() {
        return DEFAULTS;
    }

    /** Returns these options with another timeout. */
    public BackendOptions withTimeout(Duration timeout) {
        return new BackendOptions(timeout);
    }
}

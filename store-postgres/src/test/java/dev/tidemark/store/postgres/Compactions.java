package dev.tidemark.store.postgres;

import java.time.Duration;

/** For tests that can't wait a minute for the history to be compacted. */
public final class Compactions {
    private Compactions() {}

    /** Compacts every {@code pause}, a young server too; beyond the number to retain, what is older than {@code grace} may go. */
    public static PostgresOptions often(PostgresOptions options, Duration pause, Duration grace) {
        return options.withCompaction(new Retention.Pace(pause, grace, Duration.ofNanos(1)));
    }
}

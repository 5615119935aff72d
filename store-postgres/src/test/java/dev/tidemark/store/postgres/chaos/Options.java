package dev.tidemark.store.postgres.chaos;

import dev.tidemark.store.StoreTimeoutException;
import dev.tidemark.store.StoreUnavailableException;
import dev.tidemark.store.postgres.Compactions;
import dev.tidemark.store.postgres.PostgresBackend;
import dev.tidemark.store.postgres.PostgresOptions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** How the processes open their backends. */
final class Options {
    static final Duration TIMEOUT = Duration.ofSeconds(2);
    static final long NAMESPACE = 0;

    /** Shares the lock and the sequence of the first, and nothing else. */
    static final long OTHER_NAMESPACE = 8;

    static final Duration RETENTION = Duration.ofHours(2);
    static final Duration GRACE = Duration.ofHours(1);
    static final int RETAINED = 2_000;

    private static final Duration COMPACTION_PAUSE = Duration.ofMillis(100);
    private static final long OPENING_SECONDS = 60;

    private Options() {}

    /** Opens a backend, also while the server is away. */
    static PostgresBackend open(String uri, Scene scene) {
        PostgresOptions options = PostgresOptions.of(uri)
                .withTimeout(TIMEOUT)
                .withConnectTimeout(Duration.ofSeconds(1))
                .withPoolSize(4);
        if (scene.isCompacted()) {
            options = options.withRetention(RETENTION).withRetainedChanges(RETAINED);
            options = Compactions.often(options, COMPACTION_PAUSE, GRACE);
        }
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(OPENING_SECONDS);
        while (true) {
            try {
                return PostgresBackend.open(options);
            } catch (StoreUnavailableException | StoreTimeoutException away) {
                if (System.nanoTime() - end > 0) {
                    throw away;
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
            }
        }
    }
}

package dev.tidemark.store.spi;

import dev.tidemark.store.StoreInterruptedException;
import dev.tidemark.store.StoreTimeoutException;
import java.time.Duration;

/**
 * The moment by which a call must be over, on the monotonic clock. Immutable.
 *
 * @since 0.1
 */
public final class Deadline {
    private final Duration timeout;
    private final long end;

    private Deadline(Duration timeout) {
        this.timeout = timeout;
        this.end = System.nanoTime() + nanos(timeout);
    }

    /** A deadline {@code timeout} from now. */
    public static Deadline after(Duration timeout) {
        return new Deadline(timeout);
    }

    /** Returns the nanoseconds left; zero or negative when the deadline has passed. */
    public long remainingNanos() {
        return end - System.nanoTime();
    }

    /** Whether the deadline has passed. */
    public boolean hasPassed() {
        return remainingNanos() <= 0;
    }

    /**
     * Throws if the deadline has passed or the thread was interrupted; the interrupt flag stays set.
     *
     * @throws StoreTimeoutException naming {@code waitingFor}
     * @throws StoreInterruptedException naming {@code waitingFor}
     */
    public void check(String waitingFor) {
        if (Thread.currentThread().isInterrupted()) {
            throw new StoreInterruptedException("interrupted while waiting for " + waitingFor, null);
        }
        if (hasPassed()) {
            throw expired(waitingFor);
        }
    }

    /** Returns the exception that says this deadline passed while {@code waitingFor}. */
    public StoreTimeoutException expired(String waitingFor) {
        return new StoreTimeoutException(waitingFor, timeout);
    }

    private static long nanos(Duration timeout) {
        if (timeout.isNegative()) {
            return 0;
        }
        return timeout.compareTo(Duration.ofDays(36_500)) > 0 ? Long.MAX_VALUE / 2 : timeout.toNanos();
    }
}

package dev.tidemark.store.inmemory;

import dev.tidemark.store.StoreInterruptedException;
import dev.tidemark.store.StoreTimeoutException;
import dev.tidemark.store.spi.Deadline;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;

/** Takes locks that a transaction may hold for as long as its hooks take: until a deadline, or an interrupt. */
final class Turns {
    private static final String OTHERS = "a transaction of others";

    private Turns() {}

    /**
     * Takes a lock.
     *
     * @throws StoreTimeoutException if others hold it for longer than {@code timeout}
     * @throws StoreInterruptedException if the thread is interrupted while it waits
     */
    static void take(Lock lock, Duration timeout) {
        if (!lock.tryLock()) {
            await(lock, Deadline.after(timeout));
        }
    }

    /** Takes a lock as {@link #take(Lock, Duration)} does, by a deadline. */
    static void take(Lock lock, Deadline deadline) {
        if (!lock.tryLock()) {
            await(lock, deadline);
        }
    }

    private static void await(Lock lock, Deadline deadline) {
        try {
            if (!lock.tryLock(deadline.remainingNanos(), TimeUnit.NANOSECONDS)) {
                throw deadline.expired(OTHERS);
            }
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            throw new StoreInterruptedException("interrupted while waiting for " + OTHERS, interrupt);
        }
    }
}

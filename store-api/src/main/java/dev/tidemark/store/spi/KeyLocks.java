package dev.tidemark.store.spi;

import dev.tidemark.store.StoreInterruptedException;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Tries something optimistic until it succeeds; those who have to try again queue for their key. */
final class KeyLocks {
    private record Name(String kind, String key) {}

    private static final class Turn {
        final ReentrantLock lock = new ReentrantLock(true);
        int users;
    }

    private final ConcurrentMap<Name, Turn> turns = new ConcurrentHashMap<>();

    /**
     * Returns the first result of {@code attempt} that is not null, which stands for a conflict.
     *
     * @throws dev.tidemark.store.StoreTimeoutException if every attempt until the timeout met a conflict
     */
    <T> T attempt(String kind, String key, Duration timeout, Supplier<@Nullable T> attempt) {
        Deadline deadline = Deadline.after(timeout);
        T result = attempt.get();
        return result != null ? result : attemptInTurn(new Name(kind, key), deadline, attempt);
    }

    private <T> T attemptInTurn(Name name, Deadline deadline, Supplier<@Nullable T> attempt) {
        Turn turn = turns.compute(name, (same, present) -> {
            Turn joined = present == null ? new Turn() : present;
            joined.users++;
            return joined;
        });
        try {
            await(turn, deadline);
            try {
                return attemptUntil(deadline, attempt);
            } finally {
                turn.lock.unlock();
            }
        } finally {
            turns.computeIfPresent(name, (same, present) -> --present.users == 0 ? null : present);
        }
    }

    private static void await(Turn turn, Deadline deadline) {
        try {
            if (!turn.lock.tryLock(deadline.remainingNanos(), TimeUnit.NANOSECONDS)) {
                throw deadline.expired("other changes of the key");
            }
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            throw new StoreInterruptedException("interrupted while waiting for other changes of the key", interrupt);
        }
    }

    private static <T> T attemptUntil(Deadline deadline, Supplier<@Nullable T> attempt) {
        while (true) {
            deadline.check("a moment without conflicting changes of the key");
            T result = attempt.get();
            if (result != null) {
                return result;
            }
        }
    }
}

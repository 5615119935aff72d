package dev.tidemark.store.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.store.OutcomeUnknownException;
import dev.tidemark.store.StoreTimeoutException;
import dev.tidemark.store.StoreUnavailableException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Deque;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** What the tests of every suite have: a directory, threads, and things to {@linkplain #own close} afterwards. */
abstract class Resources {
    private static final long LOOK_EVERY = TimeUnit.MICROSECONDS.toNanos(50);

    final Crew crew;

    private final Duration patience;

    /** The threads of a test open things, too. */
    private final Deque<AutoCloseable> owned = new ConcurrentLinkedDeque<>();

    @TempDir
    Path directory;

    // JUnit sets the rest before each test.
    @SuppressWarnings("NullAway.Init")
    Resources(Duration patience) {
        this.patience = patience;
        this.crew = own(new Crew(patience));
    }

    @AfterEach
    final void closeAll() throws Exception {
        Throwable failure = null;
        while (!owned.isEmpty()) {
            try {
                owned.pop().close();
            } catch (Exception | AssertionError thrown) {
                failure = thrown;
            }
        }
        if (failure != null) {
            throw new AssertionError("closing failed: " + failure, failure);
        }
    }

    final <T extends AutoCloseable> T own(T opened) {
        owned.push(opened);
        return opened;
    }

    /** Waits for what has to come about, looking often, since it does soon. */
    final void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("still not so: " + what).isLessThan(end);
            LockSupport.parkNanos(LOOK_EVERY);
        }
    }

    /** Does what nothing hinders, but for which the short timeout of a test may yet be too short on a slow machine. */
    final <T> T atLast(Supplier<T> call) {
        AtomicReference<@Nullable T> result = new AtomicReference<>();
        await("a call goes through", () -> {
            try {
                result.set(call.get());
                return true;
            } catch (StoreTimeoutException | StoreUnavailableException | OutcomeUnknownException slow) {
                return false;
            }
        });
        return Objects.requireNonNull(result.get());
    }

    /** Code of a test that may throw anything. */
    @FunctionalInterface
    interface ThrowingRunnable {
        void run() throws Exception;
    }
}

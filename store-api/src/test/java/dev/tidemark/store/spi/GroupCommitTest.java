package dev.tidemark.store.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemark.store.StoreTimeoutException;
import dev.tidemark.store.spi.GroupCommit.Slot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How callers are shared out between two transactions. */
class GroupCommitTest {
    private static final int SMALLEST_SHARE = 16;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** The sizes of the transactions that have begun, in order. */
    private final List<Integer> begun = new CopyOnWriteArrayList<>();

    /** One for each transaction that may end. */
    private final Semaphore ends = new Semaphore(0);

    private final AtomicInteger invoked = new AtomicInteger();
    private final List<Future<String>> answers = new ArrayList<>();
    private final ExecutorService callers = Executors.newCachedThreadPool();
    private final GroupCommit<String, String> group = new GroupCommit<>(1_000, 2, Duration.ZERO, this::run);

    private void run(List<Slot<String, String>> batch, Deadline deadline) {
        begun.add(batch.size());
        try {
            assertThat(ends.tryAcquire(PATIENCE.toNanos(), TimeUnit.NANOSECONDS))
                    .isTrue();
        } catch (InterruptedException interrupt) {
            throw new AssertionError(interrupt);
        }
        batch.forEach(slot -> slot.answer(slot.request()));
    }

    private void submit(int count) {
        for (int i = 0; i < count; i++) {
            String request = "request " + invoked.getAndIncrement();
            answers.add(callers.submit(() -> group.submit(request, Deadline.after(PATIENCE))));
        }
    }

    /** Until so many callers are parked. */
    private void awaitWaiting(int count) {
        await().atMost(PATIENCE)
                .until(() -> Thread.getAllStackTraces().values().stream()
                                .filter(stack -> List.of(stack).stream()
                                                .anyMatch(frame ->
                                                        frame.getMethodName().equals("awaitTurn"))
                                        && stack[0].getMethodName().equals("park"))
                                .count()
                        == count);
    }

    private void assertAnswered() throws Exception {
        for (int i = 0; i < answers.size(); i++) {
            assertThat(answers.get(i).get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isEqualTo("request " + i);
        }
    }

    @AfterEach
    void stop() {
        ends.release(1_000);
        group.close();
        callers.shutdownNow();
    }

    @Test
    void aSecondTransactionStartsWithItsFullShareOnly() throws Exception {
        submit(1);
        await().until(() -> begun.equals(List.of(1)));
        submit(SMALLEST_SHARE - 1);
        awaitWaiting(SMALLEST_SHARE - 1);
        assertThat(begun).containsExactly(1);
        submit(1);
        await().until(() -> begun.equals(List.of(1, SMALLEST_SHARE)));
        submit(2 * SMALLEST_SHARE);
        awaitWaiting(3 * SMALLEST_SHARE - 1);
        assertThat(begun).as("no third one").hasSize(2);
        ends.release(100);
        assertAnswered();
    }

    @Test
    void twoTransactionsShareTheCallersThatWereSeen() throws Exception {
        submit(1);
        await().until(() -> begun.equals(List.of(1)));
        submit(SMALLEST_SHARE - 1);
        awaitWaiting(SMALLEST_SHARE - 1);
        submit(5 * SMALLEST_SHARE);
        await().until(() -> begun.size() == 2);
        awaitWaiting(6 * SMALLEST_SHARE - 2);
        ends.release();
        await("half of those who were there").until(() -> begun.size() == 3);
        ends.release(100);
        assertAnswered();
        assertThat(begun.get(2)).isEqualTo(3 * SMALLEST_SHARE);
    }

    @Test
    void fewWaitForTheOneThatRunsAndGoTogether() throws Exception {
        submit(1);
        await().until(() -> begun.equals(List.of(1)));
        submit(3);
        awaitWaiting(3);
        ends.release();
        await().until(() -> begun.equals(List.of(1, 3)));
        ends.release();
        assertAnswered();
    }

    /** As when there is no connection to be had: the time of a leader is up at about the same moment. */
    @Test
    void whoRunsOutOfTimeWithItsLeaderKnowsThatNothingWasWritten() {
        await().until(this::failureOfAFollower, StoreTimeoutException.class::isInstance);
    }

    private @Nullable Throwable failureOfAFollower() throws Exception {
        Deadline soon = Deadline.after(Duration.ofSeconds(1));
        Deadline later = Deadline.after(Duration.ofMillis(1_020));
        Semaphore begun = new Semaphore(0);
        GroupCommit<String, String> slow = new GroupCommit<>(1_000, (batch, deadline) -> {
            begun.release();
            if (batch.size() == 1) {
                ends.acquireUninterruptibly();
            }
            while (batch.size() > 1 && !later.hasPassed()) {
                Thread.onSpinWait();
            }
            throw deadline.expired("a connection");
        });
        Future<String> first = callers.submit(() -> slow.submit("first", Deadline.after(PATIENCE)));
        begun.acquire();
        Future<String> leader = callers.submit(() -> slow.submit("leader", Deadline.after(PATIENCE)));
        awaitWaiting(1);
        Future<String> follower = callers.submit(() -> slow.submit("follower", soon));
        awaitWaiting(2);
        ends.release(2);
        assertThat(first).failsWithin(PATIENCE);
        assertThat(leader).failsWithin(PATIENCE);
        return assertThat(follower)
                .failsWithin(PATIENCE)
                .withThrowableOfType(ExecutionException.class)
                .actual()
                .getCause();
    }

    @Test
    void whoeverRunsOutOfMemoryInTheQueueHoldsUpNobody() throws Exception {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread exhausted = new Thread(() -> group.submit("never", Deadline.after(PATIENCE))) {
            @Override
            public boolean isInterrupted() {
                throw new OutOfMemoryError("made on purpose");
            }
        };
        exhausted.setUncaughtExceptionHandler((thread, failure) -> thrown.set(failure));
        exhausted.start();
        exhausted.join();
        assertThat(thrown.get()).isInstanceOf(OutOfMemoryError.class);
        ends.release();
        submit(1);
        assertAnswered();
        assertThat(begun).containsExactly(1);
    }
}

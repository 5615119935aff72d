package dev.tidemark.store.postgres;

import dev.tidemark.store.spi.Deadline;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Growing, jittered pauses between the tries of one call, as far as its deadline allows. */
final class Retries {
    private static final int MOST = 12;
    private static final long FIRST_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long LONGEST_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private final Deadline deadline;
    private final String waitingFor;
    private int tries;

    Retries(Deadline deadline, String waitingFor) {
        this.deadline = deadline;
        this.waitingFor = waitingFor;
    }

    /** Counts a try; false when there were enough of them. */
    boolean mayTryAgain() {
        return ++tries < MOST && !isOutOfTime() && !Thread.currentThread().isInterrupted();
    }

    /** Whether the deadline leaves no room for another try. */
    boolean isOutOfTime() {
        return deadline.remainingNanos() <= pauseNanos();
    }

    void pause() {
        long longest = pauseNanos();
        LockSupport.parkNanos(this, ThreadLocalRandom.current().nextLong(longest / 2, longest + 1));
        deadline.check(waitingFor);
    }

    private long pauseNanos() {
        return Math.min(LONGEST_NANOS, FIRST_NANOS << Math.min(tries, 10));
    }
}

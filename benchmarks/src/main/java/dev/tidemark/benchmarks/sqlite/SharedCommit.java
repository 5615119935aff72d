package dev.tidemark.benchmarks.sqlite;

import java.util.concurrent.locks.ReentrantLock;

/** One commit for all that wrote before it began, as one would write it around a store that leaves this to its users. */
final class SharedCommit {
    private final Runnable commit;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile long begun;
    private long done;

    SharedCommit(Runnable commit) {
        this.commit = commit;
    }

    /** Returns when a commit that began after this call has ended. */
    void await() {
        long mine = begun + 1;
        lock.lock();
        try {
            if (done < mine) {
                long number = begun + 1;
                begun = number;
                commit.run();
                done = number;
            }
        } finally {
            lock.unlock();
        }
    }
}

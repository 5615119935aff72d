package dev.tidemark.store.tck.broken;

import java.util.concurrent.Exchanger;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Where two threads wait for each other, a moment long, so that a race comes about that luck would seldom bring. */
final class Meeting {
    private final Exchanger<Boolean> threads = new Exchanger<>();

    /** Returns whether another thread has come, too. */
    boolean attend() {
        try {
            threads.exchange(true, 20, TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException alone) {
            return false;
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}

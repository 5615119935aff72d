package dev.tidemark.store;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Flow;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Polls a watch as far as its subscriber asks for changes. */
final class WatchSubscription<V> implements Flow.Subscription, Runnable {
    private static final Duration TURN = Duration.ofHours(1);

    private final Watch<V> watch;

    /** Null once nothing more may be signalled, so that a cancelled subscriber can be collected. */
    private volatile Flow.@Nullable Subscriber<? super Change<V>> subscriber;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private long demand;
    private @Nullable RuntimeException refusal;

    WatchSubscription(Watch<V> watch, Flow.Subscriber<? super Change<V>> subscriber) {
        this.watch = watch;
        this.subscriber = subscriber;
    }

    @Override
    public void request(long n) {
        lock.lock();
        try {
            if (n > 0) {
                demand = demand + n < 0 ? Long.MAX_VALUE : demand + n;
            } else if (refusal == null) {
                refusal = new IllegalArgumentException("rule 3.9: the demand must be positive, not " + n);
                watch.close();
            }
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void cancel() {
        subscriber = null;
        watch.close();
        lock.lock();
        try {
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void run() {
        Throwable reason = null;
        try (watch) {
            loop();
        } catch (WatchClosedException ended) {
            reason = ended.getCause();
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            reason = interrupt;
        } catch (StoreException failure) {
            reason = failure;
        }
        finish(refusal() == null ? reason : refusal());
    }

    private void loop() throws InterruptedException {
        while (awaitDemand()) {
            Optional<Change<V>> change = watch.poll(TURN);
            Flow.Subscriber<? super Change<V>> receiver = subscriber;
            if (change.isPresent() && receiver != null) {
                spendDemand();
                receiver.onNext(change.get());
            }
        }
    }

    private void finish(@Nullable Throwable reason) {
        Flow.Subscriber<? super Change<V>> receiver = subscriber;
        subscriber = null;
        if (receiver != null && reason == null) {
            receiver.onComplete();
        } else if (receiver != null) {
            receiver.onError(reason);
        }
    }

    /** False when there is nothing more to do. */
    private boolean awaitDemand() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (demand == 0 && subscriber != null && refusal == null) {
                changed.await();
            }
            return subscriber != null && refusal == null;
        } finally {
            lock.unlock();
        }
    }

    private void spendDemand() {
        lock.lock();
        try {
            if (demand != Long.MAX_VALUE) {
                demand--;
            }
        } finally {
            lock.unlock();
        }
    }

    private @Nullable RuntimeException refusal() {
        lock.lock();
        try {
            return refusal;
        } finally {
            lock.unlock();
        }
    }
}

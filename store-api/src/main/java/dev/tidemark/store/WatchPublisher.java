package dev.tidemark.store;

import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;

/** Opens a watch for each subscriber. */
final class WatchPublisher<V> implements Flow.Publisher<Change<V>> {
    private static final Flow.Subscription NOTHING = new Flow.Subscription() {
        @Override
        public void request(long n) {}

        @Override
        public void cancel() {}
    };

    private final Supplier<? extends Watch<V>> opener;
    private final Executor executor;

    WatchPublisher(Supplier<? extends Watch<V>> opener, Executor executor) {
        this.opener = opener;
        this.executor = executor;
    }

    @Override
    public void subscribe(Flow.Subscriber<? super Change<V>> subscriber) {
        Objects.requireNonNull(subscriber, "subscriber");
        Watch<V> watch;
        try {
            watch = opener.get();
        } catch (RuntimeException failure) {
            subscriber.onSubscribe(NOTHING);
            subscriber.onError(failure);
            return;
        }
        WatchSubscription<V> subscription = new WatchSubscription<>(watch, subscriber);
        subscriber.onSubscribe(subscription);
        try {
            executor.execute(subscription);
        } catch (RejectedExecutionException rejection) {
            subscription.cancel();
            subscriber.onError(rejection);
        }
    }
}

package dev.tidemark.store.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.codec.CodecException;
import dev.tidemark.store.Change;
import dev.tidemark.store.StoreClosedException;
import dev.tidemark.store.StoreInterruptedException;
import dev.tidemark.store.Watch;
import dev.tidemark.store.WatchClosedException;
import dev.tidemark.store.WatchListener;
import dev.tidemark.store.WatchOptions;
import dev.tidemark.store.Watches;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Iterators, streams, listeners and publishers keep the rules of the watch that they adapt. */
abstract class AdapterRules extends Rules {
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

    AdapterRules(StoreTck tck) {
        super(tck);
    }

    private String hear() throws InterruptedException {
        return String.valueOf(heard.poll(tck.patience().toNanos(), TimeUnit.NANOSECONDS));
    }

    @Test
    void w1_anIteratorDeliversInOrderUntilItsWatchIsClosed() throws Exception {
        Watch<Sample> watch = watch();
        var iterated = crew.start(() -> {
            int expected = 0;
            for (Change<Sample> change : watch) {
                assertThat(change.value().number()).isEqualTo(expected++);
                if (expected == 50) {
                    watch.close();
                }
            }
            return expected;
        });
        for (int i = 0; i < 50; i++) {
            store.set(KIND, "key", sample(i));
        }
        assertThat(crew.await(iterated)).isEqualTo(50);
        assertThatThrownBy(() -> watch.iterator().next()).isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void w4_anIteratorThrowsTheReasonOfAnotherEnd() {
        Iterator<Change<Sample>> changes = watch().iterator();
        backend.close();
        assertThatThrownBy(changes::hasNext).isInstanceOf(StoreClosedException.class);
        assertThat(changes.hasNext()).isFalse();
    }

    @Test
    void w4_anInterruptedIteratorKeepsTheFlagAndLosesNothing() throws Exception {
        Watch<Sample> watch = watch();
        Iterator<Change<Sample>> changes = watch.iterator();
        var interrupted = crew.start(() -> {
            Thread.currentThread().interrupt();
            assertThatThrownBy(changes::hasNext).isInstanceOf(StoreInterruptedException.class);
            return Thread.interrupted();
        });
        assertThat(crew.await(interrupted)).isTrue();
        store.set(KIND, "key", sample(1));
        assertThat(crew.await(crew.start(changes::next)).value()).isEqualTo(sample(1));
    }

    @Test
    void w1_aStreamDeliversInOrderAndClosesItsWatch() throws Exception {
        Watch<Sample> watch = watch();
        for (int i = 0; i < 20; i++) {
            store.set(KIND, "key", sample(i));
        }
        var streamed = crew.start(() -> {
            try (Stream<Change<Sample>> changes = Watches.stream(watch)) {
                return changes.limit(20).map(change -> change.value().number()).toList();
            }
        });
        assertThat(crew.await(streamed)).isSorted().hasSize(20);
        assertThatThrownBy(() -> watch.poll(Duration.ZERO)).isInstanceOf(WatchClosedException.class);
    }

    @Test
    void w2_aListenerHearsReplayThenSyncThenChanges() throws Exception {
        store.set(KIND, "a", sample(1));
        store.set(KIND, "b", sample(2));
        long revision = revision();
        Watch<Sample> handle = listen(WatchOptions.defaults().withInitialReplay(), new Recording());
        assertThat(List.of(hear(), hear(), hear())).containsExactly("replayed 1", "replayed 2", "synced " + revision);
        for (int i = 3; i < 20; i++) {
            store.set(KIND, "c", sample(i));
            assertThat(hear()).isEqualTo("change " + i);
        }
        handle.close();
        assertThat(hear()).isEqualTo("closed");
        assertThat(heard).isEmpty();
    }

    @Test
    void w2_aListenerHearsTheEndOfAnEmptyReplay() throws Exception {
        listen(WatchOptions.defaults().withInitialReplay(), new Recording());
        assertThat(hear()).isEqualTo("synced 0");
        store.set(KIND, "a", sample(1));
        assertThat(hear()).isEqualTo("change 1");
    }

    @Test
    void w4_aListenerHearsOfTheEndOnce() throws Exception {
        listen(WatchOptions.defaults(), new Recording());
        assertThat(hear()).isEqualTo("synced 0");
        backend.close();
        assertThat(hear()).isEqualTo("failed StoreClosedException");
        assertThat(heard).isEmpty();
    }

    @Test
    void w4_whatAListenerThrowsEndsItsWatch() throws Exception {
        for (RuntimeException thrown : List.of(
                new UnsupportedOperationException("mine"),
                new CodecException("mine"),
                new WatchClosedException(null))) {
            Watch<Sample> handle = listen(WatchOptions.defaults().withTypes(Change.Type.CREATED), new Recording() {
                @Override
                public void onChange(Change<Sample> change) {
                    throw thrown;
                }

                @Override
                public void onUndecodable(CodecException failure) {
                    heard.add("undecodable");
                }
            });
            assertThat(hear()).startsWith("synced");
            store.set(KIND, thrown.toString(), sample(1));
            assertThat(hear()).isEqualTo("failed " + thrown.getClass().getSimpleName());
            assertThatThrownBy(() -> handle.poll(tck.patience())).isInstanceOf(WatchClosedException.class);
        }
    }

    @Test
    void w4_anExecutorThatTakesNoTaskLeavesTheWatchOpen() throws Exception {
        Watch<Sample> watch = watch();
        assertThatThrownBy(() -> Watches.listen(watch, new Recording(), task -> {
                    throw new RejectedExecutionException("full");
                }))
                .isInstanceOf(RejectedExecutionException.class);
        store.set(KIND, "a", sample(1));
        assertThat(next(watch).value()).isEqualTo(sample(1));
    }

    private Watch<Sample> listen(WatchOptions options, WatchListener<Sample> listener) {
        return Watches.listen(watch(options), listener, crew.threads());
    }

    @Test
    void w1_aPublisherDeliversAsMuchAsIsAskedFor() throws Exception {
        Subscriber subscriber = subscribe();
        subscriber.subscription().request(3);
        for (int i = 0; i < 10; i++) {
            store.set(KIND, "key", sample(i));
        }
        assertThat(List.of(hear(), hear(), hear())).containsExactly("change 0", "change 1", "change 2");
        subscriber.subscription().request(2);
        assertThat(List.of(hear(), hear())).containsExactly("change 3", "change 4");
        assertThat(heard).isEmpty();
        subscriber.subscription().request(Long.MAX_VALUE);
        assertThat(List.of(hear(), hear(), hear(), hear(), hear())).last().isEqualTo("change 9");
    }

    @Test
    void w4_aPublisherReportsTheEndOnce() throws Exception {
        Subscriber subscriber = subscribe();
        subscriber.subscription().request(1);
        backend.close();
        assertThat(hear()).isEqualTo("failed StoreClosedException");
        assertThat(heard).isEmpty();
    }

    @Test
    void w4_aCancelledSubscriptionHearsNoMore() throws Exception {
        Subscriber cancelled = subscribe();
        cancelled.subscription().request(100);
        cancelled.subscription().cancel();
        Subscriber other = subscribe();
        other.subscription().request(100);
        store.set(KIND, "key", sample(1));
        assertThat(hear()).isEqualTo("change 1");
        store.set(KIND, "key", sample(2));
        assertThat(hear()).isEqualTo("change 2");
        assertThat(heard).isEmpty();
    }

    private Subscriber subscribe() {
        Subscriber subscriber = new Subscriber();
        Watches.publisher(() -> watch(WatchOptions.defaults()), crew.threads()).subscribe(subscriber);
        return subscriber;
    }

    private class Recording implements WatchListener<Sample> {
        @Override
        public void onChange(Change<Sample> change) {
            heard.add((change.replayed() ? "replayed " : "change ")
                    + change.value().number());
        }

        @Override
        public void onSynced(long revision) {
            heard.add("synced " + revision);
        }

        @Override
        public void onClosed() {
            heard.add("closed");
        }

        @Override
        public void onFailed(Throwable reason) {
            heard.add("failed " + reason.getClass().getSimpleName());
        }
    }

    private final class Subscriber implements Flow.Subscriber<Change<Sample>> {
        private Flow.@Nullable Subscription subscription;

        Flow.Subscription subscription() {
            Flow.Subscription given = subscription;
            if (given == null) {
                throw new AssertionError("onSubscribe was not called");
            }
            return given;
        }

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription = given;
        }

        @Override
        public void onNext(Change<Sample> change) {
            heard.add("change " + change.value().number());
        }

        @Override
        public void onError(Throwable reason) {
            heard.add("failed " + reason.getClass().getSimpleName());
        }

        @Override
        public void onComplete() {
            heard.add("closed");
        }
    }
}

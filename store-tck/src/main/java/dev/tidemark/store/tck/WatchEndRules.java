package dev.tidemark.store.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.store.Change;
import dev.tidemark.store.StoreClosedException;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.Watch;
import dev.tidemark.store.WatchClosedException;
import dev.tidemark.store.WatchOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** W4: a watch ends once, and its consumer learns of it. */
abstract class WatchEndRules extends Rules {
    WatchEndRules(StoreTck tck) {
        super(tck);
    }

    /** Polls in a thread of its own, and returns how that ended once the thread is about to wait. */
    private Future<Throwable> blockedPoll(Watch<Sample> watch) throws Exception {
        return blockedPoll(watch, new CompletableFuture<>());
    }

    private Future<Throwable> blockedPoll(Watch<Sample> watch, CompletableFuture<Thread> poller) throws Exception {
        Future<Throwable> end = crew.start(() -> {
            poller.complete(Thread.currentThread());
            try {
                throw new AssertionError(
                        "no end, but " + watch.poll(tck.patience().multipliedBy(2)));
            } catch (StoreException | InterruptedException thrown) {
                return thrown;
            }
        });
        Thread thread = poller.get(tck.patience().toNanos(), TimeUnit.NANOSECONDS);
        await("the thread waits", () -> thread.getState() == Thread.State.TIMED_WAITING || end.isDone());
        return end;
    }

    @Test
    void w4_closingAWatchWakesItsConsumer() throws Exception {
        for (WatchOptions options : List.of(
                WatchOptions.defaults(),
                WatchOptions.defaults().withInitialReplay(),
                WatchOptions.defaults().withStartAfter(0))) {
            Watch<Sample> watch = watch(options);
            Future<Throwable> end = blockedPoll(watch);
            watch.close();
            assertThat(crew.await(end)).isInstanceOf(WatchClosedException.class).hasNoCause();
            watch.close();
            assertThatThrownBy(() -> watch.poll(Duration.ZERO))
                    .isInstanceOf(WatchClosedException.class)
                    .hasNoCause();
            assertThat(watch.iterator().hasNext()).isFalse();
        }
    }

    @Test
    void w4_closingTheBackendEndsEveryWatchByName() throws Exception {
        store.setAll(KIND, samples(2_000));
        Watch<Sample> live = watch();
        Watch<Sample> replaying = watch(WatchOptions.defaults().withInitialReplay());
        Watch<Sample> catchingUp = watch(WatchOptions.defaults().withStartAfter(0));
        next(replaying);
        next(catchingUp);
        Future<Throwable> end = blockedPoll(live);
        backend.close();
        assertThat(crew.await(end)).isInstanceOf(StoreClosedException.class);
        assertThatThrownBy(() -> live.poll(Duration.ZERO))
                .isInstanceOf(WatchClosedException.class)
                .hasCauseInstanceOf(StoreClosedException.class);
        for (Watch<Sample> watch : List.of(replaying, catchingUp)) {
            assertThatThrownBy(() -> drain(watch)).isInstanceOf(StoreClosedException.class);
            assertThatThrownBy(() -> watch.poll(tck.patience())).isInstanceOf(WatchClosedException.class);
        }
    }

    private void awaitChange(Watch<Sample> watch, String kind, Sample value) throws InterruptedException {
        Change<Sample> change = next(watch);
        while (!(change.kind().equals(kind) && change.value().equals(value))) {
            change = next(watch);
        }
    }

    private void drain(Watch<Sample> watch) throws InterruptedException {
        for (int i = 0; i < 2_000; i++) {
            next(watch);
        }
    }

    @Test
    void w4_oneOfManyConsumersLearnsTheReason() throws Exception {
        Watch<Sample> watch = watch();
        List<Future<Throwable>> ends = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            ends.add(blockedPoll(watch));
        }
        backend.close();
        List<Throwable> thrown = new ArrayList<>();
        for (Future<Throwable> end : ends) {
            thrown.add(crew.await(end));
        }
        assertThat(thrown.stream().filter(StoreClosedException.class::isInstance))
                .hasSize(1);
        assertThat(thrown.stream().filter(WatchClosedException.class::isInstance))
                .hasSize(3);
    }

    @Test
    void w4_manyConsumersShareTheChanges() throws Exception {
        Watch<Sample> watch = watch();
        List<Future<List<Long>>> consumers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            consumers.add(crew.start(() -> {
                List<Long> revisions = new ArrayList<>();
                for (Change<Sample> change : watch) {
                    if (change.key().equals("stop")) {
                        return revisions;
                    }
                    revisions.add(change.revision());
                }
                throw new AssertionError("the watch ended");
            }));
        }
        for (int i = 0; i < 300; i++) {
            store.set(KIND, "key", sample(i));
        }
        for (int i = 0; i < 4; i++) {
            store.set(KIND, "stop", sample(i));
        }
        List<Long> all = new ArrayList<>();
        for (Future<List<Long>> consumer : consumers) {
            List<Long> revisions = crew.await(consumer);
            assertThat(revisions).isSorted();
            all.addAll(revisions);
        }
        assertThat(all).hasSize(300).doesNotHaveDuplicates();
    }

    @Test
    void w4_aBatchWakesAsManyConsumersAsItHasChanges() throws Exception {
        Watch<Sample> watch = watch();
        List<Future<Change<Sample>>> consumers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            CompletableFuture<Thread> consumer = new CompletableFuture<>();
            consumers.add(crew.start(() -> {
                consumer.complete(Thread.currentThread());
                return watch.poll(tck.patience().multipliedBy(2)).orElseThrow();
            }));
            Thread thread = consumer.get(tck.patience().toNanos(), TimeUnit.NANOSECONDS);
            await("the consumer waits", () -> thread.getState() == Thread.State.TIMED_WAITING);
        }
        store.setAll(KIND, Map.of("a", sample(1), "b", sample(2), "c", sample(3), "d", sample(4)));
        List<String> keys = new ArrayList<>();
        for (Future<Change<Sample>> consumer : consumers) {
            keys.add(crew.await(consumer).key());
        }
        assertThat(keys).containsExactlyInAnyOrder("a", "b", "c", "d");
    }

    @Test
    void w4_anInterruptEndsAPollAndNotTheWatch() throws Exception {
        Watch<Sample> watch = watch();
        for (int i = 0; i < 50; i++) {
            CompletableFuture<Thread> poller = new CompletableFuture<>();
            Future<Throwable> end = blockedPoll(watch, poller);
            poller.get(tck.patience().toNanos(), TimeUnit.NANOSECONDS).interrupt();
            assertThat(crew.await(end)).isInstanceOf(InterruptedException.class);
            store.set(KIND, "key", sample(i));
            assertThat(next(watch).value()).isEqualTo(sample(i));
        }
    }

    @Test
    void w4_aPollWithoutChangesEndsWithItsTimeout() throws Exception {
        Watch<Sample> watch = watch();
        assertThat(watch.poll(Duration.ZERO)).isEqualTo(Optional.empty());
        assertThat(watch.poll(Duration.ofMillis(5))).isEqualTo(Optional.empty());
        assertThat(watch.poll(Duration.ofMillis(-5))).isEqualTo(Optional.empty());
        assertThat(watch.poll(Duration.ofSeconds(Long.MIN_VALUE))).isEqualTo(Optional.empty());
        store.set(KIND, "key", sample(1));
        assertThat(next(watch).value()).isEqualTo(sample(1));
    }

    @Test
    void w4_closingOneWatchLeavesTheOthers() throws Exception {
        Watch<Sample> closed = watch();
        Watch<Sample> open = watch();
        store.set(KIND, "key", sample(1));
        closed.close();
        store.set(KIND, "key", sample(2));
        assertThat(next(open, 2)).extracting(Change::value).containsExactly(sample(1), sample(2));
        Watch<Sample> late = watch();
        open.close();
        store.set(KIND, "key", sample(3));
        assertThat(next(late).value()).isEqualTo(sample(3));
    }

    @Test
    void w4_watchesOpenAndCloseBesideWriters() throws Exception {
        Writers writers = Writers.start(crew, store, 2, 300);
        crew.race(4, thread -> {
            for (int i = 0; i < 40; i++) {
                WatchOptions options = thread % 2 == 0
                        ? WatchOptions.defaults()
                        : WatchOptions.defaults().withInitialReplay();
                try (Watch<Sample> watch = store.watch(options)) {
                    store.set("mine" + thread, "key", sample(i));
                    awaitChange(watch, "mine" + thread, sample(i));
                }
            }
            return thread;
        });
        writers.await();
    }
}

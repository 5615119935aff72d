package dev.tidemark.store.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.store.Entry;
import dev.tidemark.store.OutcomeUnknownException;
import dev.tidemark.store.Page;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.StoreInterruptedException;
import dev.tidemark.store.StoreOptions;
import dev.tidemark.store.StoreTimeoutException;
import dev.tidemark.store.Watch;
import dev.tidemark.store.WriteBatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** K11: no call takes longer than its timeout or outlives an interrupt. */
abstract class BoundRules extends Rules {
    private static final Duration SHORT = Duration.ofMillis(300);

    BoundRules(StoreTck tck) {
        super(tck);
    }

    @Test
    @Needs(Capability.STALL)
    void k11_aWriteThatCanNotGoOnTimesOut() throws Exception {
        bound(SHORT);
        atLast(() -> store.set(KIND, "key", sample(1)));
        Watch<Sample> watch = atLast(this::watch);
        Page<Entry<Sample>> before = atLast(() -> store.list(KIND));
        try (Fault stall = tck.stallWrites(directory)) {
            assertTimesOut(() -> store.set(KIND, "key", sample(2)));
            assertTimesOut(() -> store.delete(KIND, "key"));
            assertTimesOut(() -> store.update(KIND, "key", value -> sample(3)));
            assertTimesOut(() -> store.setAll(KIND, Map.of("a", sample(4))));
            assertTimesOut(() -> store.write(new WriteBatch<Sample>().create(KIND, "b", sample(5))));
        }
        assertThat(atLast(() -> store.list(KIND))).isEqualTo(before);
        atLast(() -> store.set(KIND, "key", sample(6)));
        assertThat(next(watch).value()).as("what a watch sees next").isEqualTo(sample(6));
        assertThat(atLast(() -> store.get(KIND, "key"))).contains(sample(6));
    }

    @Test
    @Needs(Capability.STALL)
    void k11_everyOneOfManyWaitingWritesTimesOut() throws Exception {
        bound(SHORT);
        List<Boolean> unknown;
        try (Fault stall = tck.stallWrites(directory)) {
            unknown = crew.race(8, thread -> {
                try {
                    store.set(KIND, "key" + thread, sample(thread));
                    throw new AssertionError("the write went through");
                } catch (StoreTimeoutException known) {
                    return false;
                } catch (OutcomeUnknownException taken) {
                    return true;
                }
            });
        }
        atLast(() -> store.set(KIND, "last", sample(1)));
        List<String> written = atLast(() -> store.keys(KIND));
        for (int thread = 0; thread < 8; thread++) {
            if (!unknown.get(thread)) {
                assertThat(written).as("a timeout means nothing was written").doesNotContain("key" + thread);
            }
        }
    }

    @Test
    @Needs(Capability.STALL)
    void k11_anInterruptEndsABlockedWrite() throws Exception {
        bound(tck.patience().multipliedBy(10));
        store.set(KIND, "key", sample(1));
        assertNothingHappened(watch(), () -> {
            try (Fault stall = tck.stallWrites(directory)) {
                Thread[] writer = new Thread[1];
                Future<Boolean> write = crew.start(() -> {
                    writer[0] = Thread.currentThread();
                    assertThatThrownBy(() -> store.set(KIND, "key", sample(2)))
                            .isInstanceOf(StoreInterruptedException.class);
                    return Thread.interrupted();
                });
                interruptUntilDone(writer, write);
                assertThat(crew.await(write)).as("the interrupt flag").isTrue();
            }
        });
        store.set(KIND, "key", sample(3));
        assertThat(store.get(KIND, "key")).contains(sample(3));
    }

    @Test
    void k11_anInterruptedCallerKeepsItsFlagAndTheStoreStaysUsable() throws Exception {
        store.set(KIND, "key", sample(0));
        List<ThrowingRunnable> calls = new ArrayList<>(List.of(
                () -> store.get(KIND, "key"),
                () -> store.list(KIND),
                () -> store.set(KIND, "key", sample(1)),
                () -> store.update(KIND, "key", value -> sample(value.number() + 1)),
                () -> store.delete(KIND, "other"),
                () -> store.setAll(KIND, Map.of("a", sample(1)))));
        Future<Integer> interrupted = crew.start(() -> {
            int kept = 0;
            for (ThrowingRunnable call : calls) {
                Thread.currentThread().interrupt();
                try {
                    call.run();
                } catch (StoreException refusal) {
                    assertThat(refusal).isInstanceOf(StoreInterruptedException.class);
                }
                kept += Thread.interrupted() ? 1 : 0;
            }
            return kept;
        });
        assertThat(crew.await(interrupted)).as("calls that kept the flag").isEqualTo(calls.size());
        store.set(KIND, "key", sample(9));
        assertThat(store.get(KIND, "key")).contains(sample(9));
        assertThat(store.count(KIND)).isBetween(1L, 2L);
    }

    @Test
    void k11_interruptsAmongConcurrentCallsHarmNobodyElse() throws Exception {
        Thread[] victim = new Thread[1];
        Future<Integer> writing = crew.start(() -> {
            victim[0] = Thread.currentThread();
            int refused = 0;
            for (int i = 0; i < 300; i++) {
                try {
                    store.set(KIND, "victim", sample(i));
                    store.get(KIND, "victim");
                } catch (StoreInterruptedException | OutcomeUnknownException stopped) {
                    refused++;
                }
                Thread.interrupted();
            }
            return refused;
        });
        Future<List<Integer>> others = crew.start(() -> crew.race(3, thread -> {
            for (int i = 1; i <= 200; i++) {
                store.upsert(
                        KIND,
                        "key" + thread,
                        before -> sample(before.map(Sample::number).orElse(0) + 1));
            }
            return store.get(KIND, "key" + thread).orElseThrow().number();
        }));
        interruptUntilDone(victim, writing);
        assertThat(crew.await(writing)).isBetween(0, 600);
        assertThat(crew.await(others)).containsOnly(200);
        store.set(KIND, "victim", sample(-1));
        assertThat(store.get(KIND, "victim")).contains(sample(-1));
    }

    private void interruptUntilDone(Thread[] thread, Future<?> task) {
        await("the interrupted thread has ended", () -> {
            Thread running = thread[0];
            if (running != null && !task.isDone()) {
                running.interrupt();
            }
            return task.isDone();
        });
    }

    /** Opens the store anew; not beside the one that is open, which takes a backend whose data can be shared. */
    private void bound(Duration timeout) {
        backend.close();
        backend = atLast(() -> own(tck.openWithTimeout(directory, timeout)));
        store = store(StoreOptions.defaults());
    }

    private static void assertTimesOut(ThrowingRunnable write) {
        assertThatThrownBy(write::run)
                .isInstanceOfSatisfying(
                        StoreTimeoutException.class,
                        timeout -> assertThat(timeout.timeout()).isEqualTo(SHORT));
    }
}

package dev.tidemark.store.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.event.Appended;
import dev.tidemark.event.Event;
import dev.tidemark.event.EventBatch;
import dev.tidemark.event.EventHook;
import dev.tidemark.event.EventQuery;
import dev.tidemark.event.EventStore;
import dev.tidemark.event.EventStoreOptions;
import dev.tidemark.event.SubscriptionOptions;
import dev.tidemark.store.Store;
import dev.tidemark.store.StoreClosedException;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.StoreInterruptedException;
import dev.tidemark.store.StoreTimeoutException;
import dev.tidemark.store.StoreUnavailableException;
import dev.tidemark.store.Transaction;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** E6: the first call connects, a failure is not for good, and every call is bounded. */
abstract class EventConnectRules extends EventRules {
    private static final Duration SHORT = Duration.ofMillis(300);

    EventConnectRules(EventStoreTck tck) {
        super(tck);
    }

    @Test
    void e6_anyCallMayBeTheFirst() {
        int number = 0;
        for (ThrowingCall call : List.<ThrowingCall>of(
                store -> assertThat(store.find(event(1).id())).isEmpty(),
                store -> assertThat(store.list(EventQuery.all())).isEmpty(),
                store -> assertThat(store.delete(event(1))).isZero(),
                store -> assertThat(store.version(aggregate())).isZero(),
                store -> assertThat(store.position()).isZero(),
                store -> assertThat(store.insert(event(1)).events()).hasSize(1))) {
            call.on(open(types(), EventStoreOptions.defaults().withTable("table_" + number++)));
        }
    }

    @Test
    void e6_manyFirstCallsAtOnceMakeOneTable() throws Exception {
        EventStoreOptions options = EventStoreOptions.defaults().withTable("crowded");
        crew.race(8, thread -> open(types(), options).insert(event(thread)).events());
        assertThat(open(types(), options).list(EventQuery.all())).hasSize(8);
    }

    @Test
    @Needs(Capability.OUTAGE)
    void e6_aFailedConnectIsTriedAgainAtTheNextCall() {
        EventStore late = open(types(), EventStoreOptions.defaults().withTable("late"));
        try (Fault outage = tck.cutOff(directory)) {
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> late.insert(event(1)))
                        .isInstanceOfAny(StoreUnavailableException.class, StoreTimeoutException.class);
            }
        }
        await("a call gets through", () -> getsThrough(late));
        late.insert(event(2));
        assertThat(numbers(late.list(EventQuery.all()))).containsExactly(2);
    }

    @Test
    @Needs(Capability.OUTAGE)
    void e6_anOutageLosesNothingThatWasWritten() {
        List<Event<?>> stored = events.insert(events(3)).events();
        try (Fault outage = tck.cutOff(directory)) {
            assertThatThrownBy(() -> events.find(stored.get(0).id()))
                    .isInstanceOfAny(StoreUnavailableException.class, StoreTimeoutException.class);
        }
        await("a call gets through", () -> getsThrough(events));
        assertThat(all()).isEqualTo(stored);
    }

    @Test
    @Needs(Capability.STALL)
    void e6_aWriteThatCanNotGoOnTimesOut() {
        bound(SHORT);
        insertAtLast(event(1));
        try (Fault stall = tck.stallWrites(directory)) {
            assertThatThrownBy(() -> events.insert(event(2))).isInstanceOf(StoreTimeoutException.class);
        }
        insertAtLast(event(3));
        reopen();
        assertThat(numbers(all())).containsExactly(1, 3);
    }

    @Test
    void e6_afterCloseEveryCallIsRefused() {
        events.insert(event(1));
        backend.close();
        for (ThrowingCall call : List.<ThrowingCall>of(
                store -> store.insert(event(2)),
                store -> store.write(new EventBatch()),
                store -> store.find(event(1).id()),
                store -> store.list(EventQuery.all()),
                store -> store.delete(event(1)),
                store -> store.delete(List.of()),
                store -> store.version(aggregate()),
                store -> store.position(),
                store -> store.subscribe(SubscriptionOptions.fromStart(), event -> {}))) {
            assertThatThrownBy(() -> call.on(events)).isInstanceOf(StoreClosedException.class);
        }
    }

    @Test
    void e6_anInterruptedCallerKeepsItsFlagAndTheStoreStaysUsable() throws Exception {
        events.insert(event(0));
        List<ThrowingCall> calls = List.of(
                store -> store.position(),
                store -> store.list(EventQuery.all()),
                store -> store.insert(event(1)),
                store -> store.version(aggregate()),
                store -> store.delete(event(2)));
        Future<Integer> interrupted = crew.start(() -> {
            int kept = 0;
            for (ThrowingCall call : calls) {
                Thread.currentThread().interrupt();
                try {
                    call.on(events);
                } catch (StoreException refusal) {
                    assertThat(refusal).isInstanceOf(StoreInterruptedException.class);
                }
                kept += Thread.interrupted() ? 1 : 0;
            }
            return kept;
        });
        assertThat(crew.await(interrupted)).as("calls that kept the flag").isEqualTo(calls.size());
        events.insert(event(9));
        assertThat(numbers(all())).startsWith(0).endsWith(9);
    }

    @Test
    void e6_anInterruptEndsTheWaitForAHook() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch leave = new CountDownLatch(1);
        EventStore hooked = open(types(), EventStoreOptions.defaults().withHook(new EventHook() {
            @Override
            public void after(Transaction transaction, List<Event<?>> inserted) {
                entered.countDown();
                awaitLatch(leave);
            }
        }));
        Store<Sample> entries = backend.store(tck.codec());
        Future<Appended> blocked = crew.start(() -> hooked.insert(event(1)));
        try {
            awaitLatch(entered);
            assertEndsByInterrupt(() -> events.insert(event(2)));
            assertEndsByInterrupt(() -> events.list(EventQuery.all()));
            assertEndsByInterrupt(() -> events.position());
            assertEndsByInterrupt(() -> entries.set("kind", "key", sample(1)));
        } finally {
            leave.countDown();
        }
        crew.await(blocked);
        events.insert(event(3));
        assertThat(numbers(all())).contains(1, 3);
    }

    /** Asserts that a call that is interrupted at about its start ends, while that for which it may wait goes on. */
    private void assertEndsByInterrupt(Runnable call) throws Exception {
        CompletableFuture<Thread> caller = new CompletableFuture<>();
        Future<Boolean> end = crew.start(() -> {
            caller.complete(Thread.currentThread());
            try {
                call.run();
                return true;
            } catch (StoreInterruptedException expected) {
                return Thread.currentThread().isInterrupted();
            }
        });
        caller.get(tck.patience().toNanos(), TimeUnit.NANOSECONDS).interrupt();
        assertThat(crew.await(end)).as("whether the flag was kept").isTrue();
    }

    private void awaitLatch(CountDownLatch latch) {
        try {
            assertThat(latch.await(tck.patience().toNanos(), TimeUnit.NANOSECONDS))
                    .isTrue();
        } catch (InterruptedException interrupt) {
            throw new AssertionError("nobody interrupts this thread", interrupt);
        }
    }

    private static boolean getsThrough(EventStore store) {
        try {
            store.position();
            return true;
        } catch (StoreUnavailableException | StoreTimeoutException still) {
            return false;
        }
    }

    private interface ThrowingCall {
        void on(EventStore store);
    }
}

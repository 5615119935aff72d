package dev.tidemark.store.inmemory;

import static dev.tidemark.store.inmemory.Texts.TEXT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tidemark.event.AggregateId;
import dev.tidemark.event.Event;
import dev.tidemark.event.EventBatch;
import dev.tidemark.event.EventHook;
import dev.tidemark.event.EventQuery;
import dev.tidemark.event.EventStore;
import dev.tidemark.event.EventStoreOptions;
import dev.tidemark.event.EventTypes;
import dev.tidemark.event.ExpectedVersion;
import dev.tidemark.event.SubscriptionOptions;
import dev.tidemark.store.Snapshot;
import dev.tidemark.store.Store;
import dev.tidemark.store.StoreInterruptedException;
import dev.tidemark.store.StoreOptions;
import dev.tidemark.store.StoreTimeoutException;
import dev.tidemark.store.Transaction;
import dev.tidemark.store.WriteBatch;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whoever comes beside a hook that does not return waits no longer than they may, or want to. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class BlockedHookTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final AggregateId AGGREGATE = AggregateId.random("talk");

    private static final EventTypes TYPES = EventTypes.none().with("said", String.class, TEXT);

    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch leave = new CountDownLatch(1);
    private FutureTask<Boolean> hooked;
    private InMemoryBackend backend;
    private EventStore events;
    private Store<String> store;

    private void open(Duration timeout) {
        backend = InMemoryBackend.open(InMemoryOptions.defaults().withTimeout(timeout));
        events = backend.events(TYPES);
        store = backend.store(TEXT);
        store.set("kind", "key", "before");
    }

    @AfterEach
    void close() {
        leave.countDown();
        backend.close();
    }

    /** Starts a transaction that writes an entry and an event, and whose hook does not return before it may leave. */
    private void block() {
        EventStore hooks = backend.events(TYPES, EventStoreOptions.defaults().withHook(new EventHook() {
            @Override
            public void after(Transaction transaction, List<Event<?>> inserted) {
                entered.countDown();
                awaitLeave();
            }
        }));
        while (entered.getCount() > 0) { // again when a slow machine lets the time run out before the hook
            hooked = start(() -> backend.transact(transaction -> {
                transaction.write(store, new WriteBatch<String>().set("kind", "key", "hooked"));
                transaction.write(hooks, new EventBatch().append(AGGREGATE, ExpectedVersion.ANY, "hooked"));
                return true;
            }));
            await().atMost(PATIENCE).until(() -> entered.getCount() == 0 || hooked.isDone());
        }
    }

    private void awaitLeave() {
        try {
            leave.await();
        } catch (InterruptedException interrupt) {
            throw new AssertionError("nobody interrupts the hook", interrupt);
        }
    }

    private static FutureTask<Boolean> start(Callable<Boolean> call) {
        FutureTask<Boolean> task = new FutureTask<>(call);
        new Thread(task).start();
        return task;
    }

    /** Calls that need what the blocked transaction holds. */
    private Map<String, Runnable> calls() {
        Map<String, Runnable> calls = new LinkedHashMap<>();
        calls.put("append", () -> events.append(AGGREGATE, ExpectedVersion.ANY, "beside"));
        calls.put("delete", () -> events.delete(List.of(UUID.randomUUID())));
        calls.put("find", () -> events.find(UUID.randomUUID()));
        calls.put("list", () -> events.list(EventQuery.all()));
        calls.put("version", () -> events.version(AGGREGATE));
        calls.put("position", () -> events.position());
        calls.put(
                "subscribe",
                () -> events.subscribe(SubscriptionOptions.fromNow(), event -> {})
                        .close());
        calls.put("set", () -> store.set("kind", "other", "beside"));
        calls.put("upsert", () -> store.upsert("kind", "other", present -> "beside"));
        calls.put("setAll", () -> store.setAll("kind", Map.of("other", "beside")));
        calls.put("remove", () -> store.delete("kind", "other"));
        calls.put(
                "transact",
                () -> backend.transact(transaction -> {
                    transaction.write(store, new WriteBatch<String>().set("kind", "other", "beside"));
                    return true;
                }));
        return calls;
    }

    @Test
    void k11_whatTakesTooLongBesideItTimesOutAndSoDoesItsTransaction() throws Exception {
        open(Duration.ofMillis(100));
        block();
        calls().forEach((name, call) ->
                assertThatThrownBy(call::run).as(name).isInstanceOf(StoreTimeoutException.class));
        assertThat(store.get("kind", "key"))
                .as("entries, for which nobody waits")
                .contains("before");
        assertThat(elsewhere().set("kind", "key", "elsewhere")).isNotNull();
        leave.countDown();
        assertThatThrownBy(hooked::get).hasCauseInstanceOf(StoreTimeoutException.class);
        assertThat(store.snapshot().revision()).isEqualTo(1);
        assertThat(events.list(EventQuery.all())).isEmpty();
        events.append(AGGREGATE, ExpectedVersion.NONE, "after");
        store.set("kind", "key", "after");
    }

    /** In another namespace, which the transaction does not hold. */
    private Store<String> elsewhere() {
        return backend.store(TEXT, StoreOptions.<String>defaults().withNamespace(7));
    }

    @Test
    void k11_anInterruptEndsTheWaitForIt() throws Exception {
        open(PATIENCE);
        block();
        for (Map.Entry<String, Runnable> call : calls().entrySet()) {
            assertInterruptible(call.getKey(), call.getValue());
        }
        leave.countDown();
        hooked.get();
        assertThat(store.get("kind", "key")).contains("hooked");
        assertThat(store.keys("kind")).containsExactly("key");
        assertThat(events.list(EventQuery.all())).hasSize(1);
        calls().values().forEach(Runnable::run);
    }

    private static void assertInterruptible(String name, Runnable call) throws Exception {
        CountDownLatch flagged = new CountDownLatch(1);
        Thread waiting = new Thread(() -> {
            try {
                call.run();
            } catch (StoreInterruptedException expected) {
                if (Thread.currentThread().isInterrupted()) {
                    flagged.countDown();
                }
            }
        });
        waiting.start();
        await(name).atMost(PATIENCE).until(() -> waiting.getState() == Thread.State.TIMED_WAITING);
        waiting.interrupt();
        waiting.join();
        assertThat(flagged.getCount()).as(name).isZero();
    }

    @Test
    void k11_closingASnapshotBesideItWaitsForNobody() throws Exception {
        open(PATIENCE);
        Snapshot<String> snapshot = store.snapshot();
        store.set("kind", "key", "newer");
        block();
        snapshot.close();
        assertThat(hooked.isDone()).isFalse();
        leave.countDown();
        hooked.get();
        assertThat(store.get("kind", "key")).contains("hooked");
    }
}

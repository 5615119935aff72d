package dev.tidemark.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.event.AggregateId;
import dev.tidemark.event.Event;
import dev.tidemark.event.EventHook;
import dev.tidemark.event.EventQuery;
import dev.tidemark.event.EventStore;
import dev.tidemark.event.EventStoreOptions;
import dev.tidemark.event.ExpectedVersion;
import dev.tidemark.store.Transaction;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Deletions beside appends to the same aggregate. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class EventDeletionTest extends OnEvents {
    private final AggregateId aggregate = Deed.aggregate();
    private final CountDownLatch appended = new CountDownLatch(1);
    private final CountDownLatch leave = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newFixedThreadPool(2);

    @AfterEach
    void stop() {
        leave.countDown();
        threads.shutdown();
    }

    /** Keeps a write open behind its insert. */
    private final class Blocking implements EventHook {
        @Override
        public void after(Transaction transaction, List<Event<?>> events) {
            appended.countDown();
            try {
                leave.await();
            } catch (InterruptedException interrupt) {
                throw new AssertionError("nobody interrupts the hook", interrupt);
            }
        }
    }

    @Test
    void aDeletionWaitsForAnAppendThatCountedWithWhatItDeletes() throws Exception {
        Event<?> first = store.append(aggregate, ExpectedVersion.NONE, new Deed("us", 1))
                .events()
                .get(0);
        EventStore hooked =
                backend.events(Deed.TYPES, EventStoreOptions.defaults().withHook(new Blocking()));
        Future<?> append =
                threads.submit(() -> hooked.append(aggregate, ExpectedVersion.exactly(1), new Deed("us", 2)));
        appended.await();
        Future<List<Event<?>>> left = threads.submit(() -> {
            store.delete(first);
            return store.list(EventQuery.ofAggregate(aggregate));
        });
        Awaitility.await().until(() -> left.isDone() || database.isSomebodyWaiting());
        leave.countDown();
        append.get();
        assertThat(left.get()).extracting(Event::version).containsExactly(2);
    }
}

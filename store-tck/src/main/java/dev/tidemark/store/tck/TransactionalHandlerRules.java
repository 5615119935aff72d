package dev.tidemark.store.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.event.AggregateId;
import dev.tidemark.event.Event;
import dev.tidemark.event.EventBatch;
import dev.tidemark.event.EventQuery;
import dev.tidemark.event.EventStore;
import dev.tidemark.event.EventStoreOptions;
import dev.tidemark.event.ExpectedVersion;
import dev.tidemark.event.Subscription;
import dev.tidemark.event.SubscriptionOptions;
import dev.tidemark.event.TransactionalEventHandler;
import dev.tidemark.store.ConflictException;
import dev.tidemark.store.Store;
import dev.tidemark.store.StoreUnavailableException;
import dev.tidemark.store.Transaction;
import dev.tidemark.store.WriteBatch;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** E14: what a transactional handler writes happens exactly once. */
abstract class TransactionalHandlerRules extends EventRules {
    private static final String SEEN = "seen";
    private static final SubscriptionOptions NAMED = SubscriptionOptions.fromStart()
            .withName("exactly once")
            .withFilter(EventQuery.all().withNames(COUNTED));

    private static final Duration BRIEF = Duration.ofMillis(300);

    Store<Sample> store;

    // JUnit sets the rest before each test.
    @SuppressWarnings("NullAway.Init")
    TransactionalHandlerRules(EventStoreTck tck) {
        super(tck);
    }

    @BeforeEach
    final void openStore() {
        store = backend.store(tck.codec());
    }

    /** Writes down each event under its id, which must not have been written down before. */
    private TransactionalEventHandler writingDown() {
        return (event, transaction) -> transaction.write(
                store, new WriteBatch<Sample>().create(SEEN, event.id().toString(), (Sample) event.data()));
    }

    private void awaitSeen(int count) {
        await(count + " events are handled", () -> store.count(SEEN) == count);
    }

    @Test
    void e14_whatAHandlerWritesIsCommittedWithTheCheckpoint() {
        events.insert(events(20));
        try (Subscription subscription = events.subscribe(NAMED, writingDown())) {
            awaitSeen(20);
            events.insert(events(5));
            awaitSeen(25);
            assertThat(subscription.failure()).isEmpty();
        }
        events.insert(events(5));
        own(events.subscribe(NAMED, writingDown()));
        awaitSeen(30);
    }

    @Test
    void e14_itNeedsAName() {
        assertThatThrownBy(() -> events.subscribe(SubscriptionOptions.fromStart(), writingDown()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void e14_aHandlerThatThrowsWritesNothing() throws Exception {
        List<Event<?>> stored = events.insert(events(3)).events();
        Subscription failing = own(events.subscribe(NAMED, (event, transaction) -> {
            writingDown().handle(event, transaction);
            if (event.equals(stored.get(1))) {
                throw new IllegalStateException("not this one");
            }
        }));
        assertThat(failing.awaitEnd(tck.patience())).isTrue();
        assertThat(failing.failure())
                .hasValueSatisfying(failure -> assertThat(failure).hasMessage("not this one"));
        assertThat(store.keys(SEEN)).containsExactly(stored.get(0).id().toString());
        own(events.subscribe(NAMED, writingDown()));
        awaitSeen(3);
    }

    @Test
    void e14_aFaultThatPassesIsTriedAgain() {
        events.insert(events(5));
        AtomicInteger calls = new AtomicInteger();
        own(events.subscribe(NAMED, (event, transaction) -> {
            writingDown().handle(event, transaction);
            if (calls.getAndIncrement() == 2) {
                throw new StoreUnavailableException("for a moment", null);
            }
        }));
        awaitSeen(5);
        assertThat(calls).hasValue(6);
    }

    @Test
    void e14_aConflictThatStaysEndsIt() throws Exception {
        List<Event<?>> stored = events.insert(events(2)).events();
        store.set(SEEN, stored.get(1).id().toString(), sample(-1));
        AtomicInteger calls = new AtomicInteger();
        Subscription subscription = own(events.subscribe(NAMED, (event, transaction) -> {
            calls.incrementAndGet();
            writingDown().handle(event, transaction);
        }));
        assertThat(subscription.awaitEnd(tck.patience())).isTrue();
        assertThat(subscription.failure())
                .hasValueSatisfying(failure -> assertThat(failure).isInstanceOf(ConflictException.class));
        assertThat(calls).hasValueGreaterThan(2);
        assertThat(subscription.position()).isEqualTo(stored.get(0).position());
    }

    /** The tries that an event may take are not those of the event before it. */
    @Test
    void e14_aConflictThatGoesAwayIsWaitedOut() {
        store.set(SEEN, "taken", sample(-1));
        List<Event<?>> stored = events.insert(events(4)).events();
        Map<UUID, Integer> tries = new ConcurrentHashMap<>();
        Subscription subscription = own(events.subscribe(NAMED, (event, transaction) -> {
            if (tries.merge(event.id(), 1, Integer::sum) <= 4) {
                transaction.write(store, new WriteBatch<Sample>().create(SEEN, "taken", sample(0)));
            }
            writingDown().handle(event, transaction);
            Thread.currentThread().interrupt(); // is for the handler, not for what follows it
        }));
        await("every event was handled", () -> subscription.position() == events.position());
        assertThat(subscription.failure()).isEmpty();
        assertThat(tries.values()).hasSize(4).allMatch(count -> count >= 5);
        assertThat(store.keys(SEEN))
                .containsAll(stored.stream().map(event -> event.id().toString()).toList());
    }

    @Test
    void e14_eventsCanBeAppendedExactlyOnce() {
        AggregateId process = aggregate();
        events.insert(events(10));
        own(events.subscribe(NAMED, (event, transaction) -> {
            String text = String.valueOf(((Sample) event.data()).number());
            transaction.write(events, new EventBatch().append(process, ExpectedVersion.ANY, new Remark(text)));
        }));
        await("ten events answer ten", () -> events.version(process) == 10);
        assertThat(history(process).stream().map(event -> ((Remark) event.data()).text()))
                .containsExactly("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
    }

    @Test
    void e14_twoOfOneNameHandleNoEventTwice() {
        assertHandledOnce(open(types()));
    }

    @Test
    @Needs(Capability.SHARING)
    void e14_twoOfOneNameInTwoBackendsHandleNoEventTwice() {
        assertHandledOnce(tck.openEvents(own(tck.openBackend(directory)), types(), EventStoreOptions.defaults()));
    }

    private void assertHandledOnce(EventStore other) {
        Store<Sample> mine = store;
        Subscription first = own(events.subscribe(NAMED.withLease(Duration.ofHours(1)), writingDown()));
        await("the first holds the name", first::isActive);
        for (int i = 0; i < 30; i++) {
            events.insert(event(i));
        }
        Subscription second = own(other.subscribe(NAMED.withLease(BRIEF), (event, transaction) -> {
            throw new AssertionError("the name is held, and there was no reason to hand it on");
        }));
        await("30 events are handled", () -> mine.count(SEEN) == 30);
        assertThat(second.isActive()).isFalse();
        assertThat(second.failure()).isEmpty();
    }

    /** Two handlers hold the same event in their hands; the commit of the first makes that of the second impossible. */
    @Test
    void e14_whoSleepsThroughItsLeaseCommitsNothing() throws Exception {
        SubscriptionOptions brief = NAMED.withLease(BRIEF);
        Event<?> stored = events.insert(event(1)).events().get(0);
        CountDownLatch asleep = new CountDownLatch(1);
        CountDownLatch awake = new CountDownLatch(1);
        AtomicInteger sleepers = new AtomicInteger();
        Subscription sleeper = own(events.subscribe(brief, (event, transaction) -> {
            transaction.write(store, new WriteBatch<Sample>().set(SEEN, "by the sleeper", sample(1)));
            sleepers.incrementAndGet();
            asleep.countDown();
            assertThat(awake.await(tck.patience().toNanos(), TimeUnit.NANOSECONDS))
                    .isTrue();
        }));
        assertThat(asleep.await(tck.patience().toNanos(), TimeUnit.NANOSECONDS)).isTrue();
        Subscription heir = own(open(types()).subscribe(brief, writingDown()));
        await(
                "the heir has handled it",
                () -> store.get(SEEN, stored.id().toString()).isPresent());
        awake.countDown();
        sleeper.close();
        assertThat(store.keys(SEEN)).containsExactly(stored.id().toString());
        assertThat(sleepers).hasValue(1);
        assertThat(heir.failure()).isEmpty();
    }

    @Test
    void e14_aTransactionIsOverWhenTheHandlerReturns() throws Exception {
        events.insert(event(1));
        Transaction[] kept = new Transaction[1];
        Subscription subscription = own(events.subscribe(NAMED, (event, transaction) -> {
            kept[0] = transaction;
            writingDown().handle(event, transaction);
        }));
        awaitSeen(1);
        subscription.close();
        assertThatThrownBy(() -> kept[0].write(store, new WriteBatch<Sample>().set(SEEN, "late", sample(1))))
                .isInstanceOf(IllegalStateException.class);
    }
}

package dev.tidemark.store.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.codec.CodecException;
import dev.tidemark.event.AggregateId;
import dev.tidemark.event.Event;
import dev.tidemark.event.EventHandler;
import dev.tidemark.event.EventQuery;
import dev.tidemark.event.EventStore;
import dev.tidemark.event.EventStoreOptions;
import dev.tidemark.event.EventTypes;
import dev.tidemark.event.ExpectedVersion;
import dev.tidemark.event.Subscription;
import dev.tidemark.event.SubscriptionOptions;
import dev.tidemark.event.UndecodableEventException;
import dev.tidemark.store.StoreClosedException;
import dev.tidemark.store.StoreUnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** E13: a subscription hands every event over, once, in the order of positions. */
abstract class SubscriptionRules extends EventRules {
    SubscriptionRules(EventStoreTck tck) {
        super(tck);
    }

    private Inbox inbox() {
        return new Inbox(tck.patience());
    }

    private Subscription subscribe(SubscriptionOptions options, EventHandler handler) {
        return own(events.subscribe(options, handler));
    }

    @Test
    void e13_whatIsThereComesFirstAndThenWhatIsNew() throws Exception {
        List<Event<?>> before = events.insert(events(5)).events();
        Inbox inbox = inbox();
        Subscription subscription = subscribe(SubscriptionOptions.fromStart(), inbox);
        assertThat(inbox.next(5)).isEqualTo(before);
        List<Event<?>> after = new ArrayList<>(events.insert(events(2)).events());
        after.addAll(events.append(aggregate(), ExpectedVersion.NONE, sample(3)).events());
        assertThat(inbox.next(3)).isEqualTo(after);
        long newest = events.position();
        await("the subscription is at the newest position", () -> subscription.position() == newest);
        assertThat(subscription.isActive()).isTrue();
        assertThat(inbox.rest()).isEmpty();
    }

    @Test
    void e13_itStartsBehindAPosition() throws Exception {
        List<Event<?>> before = events.insert(events(5)).events();
        Inbox inbox = inbox();
        subscribe(SubscriptionOptions.after(before.get(2).position()), inbox);
        assertThat(inbox.next(2)).isEqualTo(before.subList(3, 5));
    }

    @Test
    void e13_fromNowMeansFromTheMomentItWasOpened() throws Exception {
        events.insert(events(5));
        Inbox inbox = inbox();
        subscribe(SubscriptionOptions.fromNow(), inbox);
        List<Event<?>> after = events.insert(events(3)).events();
        assertThat(inbox.next(3)).isEqualTo(after);
    }

    @Test
    void e13_aFilterLetsNothingElseThrough() throws Exception {
        AggregateId aggregate = aggregate();
        Inbox inbox = inbox();
        EventQuery filter = EventQuery.all().withNames(COUNTED).withMinVersion(2);
        Subscription subscription = subscribe(SubscriptionOptions.fromStart().withFilter(filter), inbox);
        List<Event<?>> matching = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            events.insert(event(7), Event.of(REMARKED, new Remark("no")));
            matching.addAll(
                    events.append(aggregate, ExpectedVersion.ANY, sample(i)).events());
        }
        events.insert(event(8));
        assertThat(inbox.next(2)).isEqualTo(matching.subList(1, 3));
        long newest = events.position();
        await("events that don't match move it on, too", () -> subscription.position() == newest);
        assertThat(inbox.rest()).isEmpty();
    }

    @Test
    void e13_aDeletedEventIsNotHandedOver() throws Exception {
        List<Event<?>> before = events.insert(events(5)).events();
        events.delete(before.get(1));
        Inbox inbox = inbox();
        subscribe(SubscriptionOptions.fromStart(), inbox);
        assertThat(numbers(inbox.next(4))).containsExactly(0, 2, 3, 4);
    }

    @Test
    void e13_manyWritersAndSubscribersMissNothing() throws Exception {
        List<Inbox> inboxes = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Inbox inbox = inbox();
            subscribe(i % 2 == 0 ? SubscriptionOptions.fromStart() : SubscriptionOptions.fromNow(), inbox);
            inboxes.add(inbox);
        }
        int count = 6 * 40 * 2;
        crew.race(6, thread -> {
            for (int i = 0; i < 40; i++) {
                events.insert(event(thread), event(i));
            }
            return true;
        });
        List<Event<?>> stored = all();
        assertThat(stored).hasSize(count);
        for (Inbox inbox : inboxes) {
            assertThat(inbox.next(count)).isEqualTo(stored);
            assertThat(inbox.rest()).isEmpty();
        }
    }

    @Test
    void e13_aSubscriberThatJoinsAmongWritersMissesNothing() throws Exception {
        List<Inbox> inboxes = crew.race(6, thread -> {
            Inbox inbox = inbox();
            for (int i = 0; i < 30; i++) {
                events.insert(event(thread));
                if (thread < 3 && i == 10 * thread) {
                    subscribe(SubscriptionOptions.fromStart(), inbox);
                }
            }
            return inbox;
        });
        List<Event<?>> stored = all();
        for (Inbox inbox : inboxes.subList(0, 3)) {
            assertThat(inbox.next(stored.size())).isEqualTo(stored);
        }
    }

    @Test
    void e13_thousandsOfEventsAreCaughtUpWith() throws Exception {
        List<Event<?>> stored = events.insert(events(3_000)).events();
        Inbox inbox = inbox();
        subscribe(SubscriptionOptions.fromStart(), inbox);
        assertThat(inbox.next(3_000)).isEqualTo(stored);
    }

    @Test
    void e13_aHandlerThatThrowsEndsItsSubscription() throws Exception {
        events.insert(events(3));
        AtomicInteger calls = new AtomicInteger();
        Subscription subscription = subscribe(SubscriptionOptions.fromStart(), event -> {
            if (calls.incrementAndGet() == 2) {
                throw new IllegalStateException("enough");
            }
        });
        assertThat(subscription.awaitEnd(tck.patience())).isTrue();
        assertThat(subscription.failure())
                .hasValueSatisfying(failure -> assertThat(failure)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessage("enough"));
        assertThat(calls).hasValue(2);
        assertThat(subscription.position()).isEqualTo(all().get(0).position());
        assertThat(subscription.isActive()).isFalse();
    }

    @Test
    void e13_anEventIsHandedOverAgainAfterAFaultThatPasses() throws Exception {
        List<Event<?>> stored = events.insert(events(3)).events();
        Inbox inbox = inbox();
        AtomicInteger calls = new AtomicInteger();
        subscribe(SubscriptionOptions.fromStart(), event -> {
            if (calls.getAndIncrement() == 1) {
                throw new StoreUnavailableException("for a moment", null);
            }
            inbox.handle(event);
        });
        assertThat(inbox.next(3)).isEqualTo(stored);
        assertThat(calls).hasValue(4);
    }

    @Test
    void e13_anUndecodableEventEndsItWithItsPlace() throws Exception {
        List<Event<?>> stored = events.insert(event(1), event(-1), event(2)).events();
        EventStore picky =
                open(EventTypes.none().with(COUNTED, Sample.class, new Adapted<>(tck.codec(), each -> each, each -> {
                    if (each.number() < 0) {
                        throw new CodecException("a negative number");
                    }
                    return each;
                })));
        Inbox inbox = inbox();
        Subscription subscription = own(picky.subscribe(SubscriptionOptions.fromStart(), inbox));
        assertThat(subscription.awaitEnd(tck.patience())).isTrue();
        assertThat(subscription.failure())
                .hasValueSatisfying(failure -> assertThat(failure)
                        .isInstanceOfSatisfying(
                                UndecodableEventException.class,
                                undecodable -> assertThat(undecodable.position())
                                        .isEqualTo(stored.get(1).position())));
        assertThat(inbox.rest()).containsExactly(stored.get(0));
    }

    @Test
    void e13_closingWaitsForTheHandlerAndEndsIt() throws Exception {
        CountDownLatch handling = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        AtomicInteger done = new AtomicInteger();
        Subscription subscription = subscribe(SubscriptionOptions.fromStart(), event -> {
            handling.countDown();
            assertThat(release.await(tck.patience().toNanos(), TimeUnit.NANOSECONDS))
                    .isTrue();
            done.incrementAndGet();
        });
        events.insert(events(2));
        assertThat(handling.await(tck.patience().toNanos(), TimeUnit.NANOSECONDS))
                .isTrue();
        assertThat(subscription.awaitEnd(Duration.ZERO)).isFalse();
        var closing = crew.start(() -> {
            subscription.close();
            return done.get();
        });
        release.countDown();
        assertThat(crew.await(closing)).as("events handled when close returned").isBetween(1, 2);
        int handled = done.get();
        assertThat(subscription.awaitEnd(Duration.ZERO)).isTrue();
        assertThat(subscription.failure()).isEmpty();
        events.insert(event(3));
        subscription.close();
        assertThat(done).hasValue(handled);
    }

    @Test
    void e13_anInterruptThatAHandlerLeavesBehindEndsNothing() throws Exception {
        List<Event<?>> stored = events.insert(events(3)).events();
        Inbox inbox = inbox();
        Subscription subscription = subscribe(SubscriptionOptions.fromStart(), event -> {
            inbox.handle(event);
            Thread.currentThread().interrupt();
        });
        assertThat(inbox.next(3)).isEqualTo(stored);
        Event<?> next = events.insert(event(4)).events().get(0);
        assertThat(inbox.next()).isEqualTo(next);
        subscription.close();
        assertThat(subscription.failure()).isEmpty();
        assertThat(subscription.awaitEnd(Duration.ofSeconds(Long.MAX_VALUE))).isTrue();
    }

    @Test
    void e13_aHandlerMayCloseItsSubscription() throws Exception {
        List<Event<?>> stored = events.insert(events(3)).events();
        Inbox inbox = inbox();
        Subscription[] own = new Subscription[1];
        CountDownLatch known = new CountDownLatch(1);
        own[0] = subscribe(SubscriptionOptions.fromStart(), event -> {
            known.await();
            inbox.handle(event);
            own[0].close();
        });
        known.countDown();
        assertThat(own[0].awaitEnd(tck.patience())).isTrue();
        assertThat(inbox.rest()).containsExactly(stored.get(0));
    }

    @Test
    void e13_aClosedBackendEndsIt() throws Exception {
        Subscription subscription = subscribe(SubscriptionOptions.fromStart(), inbox());
        events.insert(event(1));
        backend.close();
        assertThat(subscription.awaitEnd(tck.patience())).isTrue();
        assertThat(subscription.failure())
                .hasValueSatisfying(failure -> assertThat(failure).isInstanceOf(StoreClosedException.class));
        assertThatThrownBy(() -> events.subscribe(SubscriptionOptions.fromNow(), inbox()))
                .isInstanceOf(StoreClosedException.class);
    }

    @Test
    void e13_tablesHaveSubscriptionsOfTheirOwn() throws Exception {
        EventStore other = open(types(), EventStoreOptions.defaults().withTable("other"));
        Inbox inbox = inbox();
        own(other.subscribe(SubscriptionOptions.fromStart(), inbox));
        events.insert(events(3));
        Event<?> stored = other.insert(event(4)).events().get(0);
        assertThat(inbox.next()).isEqualTo(stored);
        assertThat(inbox.rest()).isEmpty();
    }

    @Test
    @Needs(Capability.SHARED_WATCH)
    void e13_itSeesWhatAnotherBackendCommits() throws Exception {
        Inbox inbox = inbox();
        subscribe(SubscriptionOptions.fromStart(), inbox);
        EventStore other = tck.openEvents(own(tck.openBackend(directory)), types(), EventStoreOptions.defaults());
        crew.race(4, thread -> {
            for (int i = 0; i < 25; i++) {
                (thread % 2 == 0 ? events : other).insert(event(i));
            }
            return true;
        });
        assertThat(inbox.next(100)).isEqualTo(all());
    }

    @Test
    @Needs(Capability.OUTAGE)
    void e13_anOutageEndsNoSubscription() throws Exception {
        Inbox inbox = inbox();
        Subscription subscription = subscribe(SubscriptionOptions.fromStart(), inbox);
        List<Event<?>> stored = new ArrayList<>(events.insert(events(3)).events());
        for (int round = 0; round < 2; round++) {
            try (Fault outage = tck.cutOff(directory)) {
                assertThatThrownBy(() -> events.insert(event(-1))).isInstanceOf(RuntimeException.class);
            }
            await("a write gets through", () -> {
                try {
                    stored.addAll(events.insert(event(4)).events());
                    return true;
                } catch (RuntimeException still) {
                    return false;
                }
            });
        }
        assertThat(inbox.next(all().size())).isEqualTo(all());
        assertThat(subscription.failure()).isEmpty();
        assertThat(stored).isSubsetOf(all());
    }
}

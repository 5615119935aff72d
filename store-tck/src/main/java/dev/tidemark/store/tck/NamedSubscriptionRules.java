package dev.tidemark.store.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.event.Event;
import dev.tidemark.event.EventStore;
import dev.tidemark.event.EventStoreOptions;
import dev.tidemark.event.Subscription;
import dev.tidemark.event.SubscriptionOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** E13: a named subscription goes on where it was, and one process at a time handles its events. */
abstract class NamedSubscriptionRules extends EventRules {
    private static final SubscriptionOptions NAMED =
            SubscriptionOptions.fromStart().withName("projection of \uD83D\uDE00 '1'");

    /** Longer than any machine stands still, so that a name only changes hands when its holder lets go. */
    private static final Duration LONG = Duration.ofHours(1);

    private static final Duration BRIEF = Duration.ofMillis(300);

    NamedSubscriptionRules(EventStoreTck tck) {
        super(tck);
    }

    private Inbox inbox() {
        return new Inbox(tck.patience());
    }

    @Test
    void e13_aNameGoesOnWhereItWas() throws Exception {
        List<Event<?>> first = events.insert(events(3)).events();
        Inbox inbox = inbox();
        Subscription subscription = own(events.subscribe(NAMED, inbox));
        assertThat(inbox.next(3)).isEqualTo(first);
        subscription.close();
        List<Event<?>> second = events.insert(events(2)).events();
        own(events.subscribe(NAMED, inbox));
        assertThat(inbox.next(2)).isEqualTo(second);
        assertThat(inbox.rest()).isEmpty();
    }

    @Test
    void e13_theStartOfANameCountsOnce() throws Exception {
        List<Event<?>> stored = events.insert(events(4)).events();
        Inbox inbox = inbox();
        SubscriptionOptions fromThird =
                SubscriptionOptions.after(stored.get(1).position()).withName("late");
        try (Subscription subscription = events.subscribe(fromThird, inbox)) {
            assertThat(inbox.next(2)).isEqualTo(stored.subList(2, 4));
            assertThat(subscription.isActive()).isTrue();
        }
        try (Subscription again =
                events.subscribe(SubscriptionOptions.fromStart().withName("late"), inbox)) {
            Event<?> next = events.insert(event(5)).events().get(0);
            assertThat(inbox.next()).isEqualTo(next);
            assertThat(again.failure()).isEmpty();
        }
    }

    /** Whether or not its thread came to do anything before it was over. */
    @Test
    void e13_aNameThatStartsNowStartsWhenItWasFirstOpened() throws Exception {
        for (int round = 0; round < 20; round++) {
            SubscriptionOptions now = SubscriptionOptions.fromNow().withName("now " + round);
            events.subscribe(now, event -> {}).close();
            Event<?> next = events.insert(event(round)).events().get(0);
            Inbox inbox = inbox();
            try (Subscription again = events.subscribe(now, inbox)) {
                assertThat(inbox.next()).as("what was committed in between").isEqualTo(next);
                assertThat(again.failure()).isEmpty();
            }
        }
    }

    @Test
    void e13_anEventWhoseHandlerFailedComesAgain() throws Exception {
        List<Event<?>> stored = events.insert(events(3)).events();
        Subscription failing = own(events.subscribe(NAMED, event -> {
            if (event.equals(stored.get(1))) {
                throw new IllegalStateException("not yet");
            }
        }));
        assertThat(failing.awaitEnd(tck.patience())).isTrue();
        Inbox inbox = inbox();
        own(events.subscribe(NAMED, inbox));
        assertThat(inbox.next(2)).isEqualTo(stored.subList(1, 3));
    }

    @Test
    void e13_namesHaveNothingInCommon() throws Exception {
        List<Event<?>> stored = events.insert(events(3)).events();
        Inbox one = inbox();
        Inbox other = inbox();
        own(events.subscribe(NAMED, one));
        own(events.subscribe(NAMED.withName("another"), other));
        assertThat(one.next(3)).isEqualTo(stored);
        assertThat(other.next(3)).isEqualTo(stored);
    }

    @Test
    void e13_twoOfOneNameShareNoEvent() throws Exception {
        assertShared(open(types()));
    }

    @Test
    @Needs(Capability.SHARING)
    void e13_twoOfOneNameInTwoBackendsShareNoEvent() throws Exception {
        assertShared(tck.openEvents(own(tck.openBackend(directory)), types(), EventStoreOptions.defaults()));
    }

    private void assertShared(EventStore elsewhere) throws Exception {
        Inbox one = inbox();
        Inbox other = inbox();
        Subscription first = own(events.subscribe(NAMED.withLease(LONG), one));
        Subscription second = own(elsewhere.subscribe(NAMED.withLease(LONG), other));
        await("one of them is active", () -> first.isActive() || second.isActive());
        List<Event<?>> stored = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            stored.addAll(events.insert(event(i)).events());
        }
        await("all events were handled", () -> one.rest().size() + other.rest().size() >= 50);
        assertThat(first.isActive() && second.isActive()).as("both are active").isFalse();
        List<Event<?>> handled = new ArrayList<>(one.rest());
        handled.addAll(other.rest());
        assertThat(handled).containsExactlyInAnyOrderElementsOf(stored);
        boolean firstLed = first.isActive();
        (firstLed ? second : first).close();
        assertHandedOn(firstLed ? first : second, firstLed ? elsewhere : events);
        assertThat(one.rest().size() + other.rest().size()).isEqualTo(50);
    }

    /** Who stands by asks for the name again after a third of its own lease. */
    private void assertHandedOn(Subscription leader, EventStore store) throws Exception {
        Inbox inbox = inbox();
        Subscription heir = own(store.subscribe(NAMED.withLease(BRIEF), inbox));
        assertThat(heir.isActive()).isFalse();
        leader.close();
        Event<?> next = events.insert(event(99)).events().get(0);
        assertThat(inbox.next()).isEqualTo(next);
        assertThat(heir.isActive()).isTrue();
        assertThat(inbox.rest()).isEmpty();
    }

    /** A process that sleeps through its lease loses the name, and can't move the checkpoint back afterwards. */
    @Test
    void e13_whoSleepsThroughItsLeaseLosesTheName() throws Exception {
        SubscriptionOptions brief = NAMED.withLease(BRIEF);
        List<Event<?>> stored = events.insert(events(3)).events();
        CountDownLatch asleep = new CountDownLatch(1);
        CountDownLatch awake = new CountDownLatch(1);
        List<Event<?>> late = new ArrayList<>();
        Subscription sleeper = own(events.subscribe(brief, event -> {
            late.add(event);
            asleep.countDown();
            assertThat(awake.await(tck.patience().toNanos(), TimeUnit.NANOSECONDS))
                    .isTrue();
        }));
        assertThat(asleep.await(tck.patience().toNanos(), TimeUnit.NANOSECONDS)).isTrue();
        Inbox inbox = inbox();
        Subscription heir = own(open(types()).subscribe(brief, inbox));
        assertThat(inbox.next(3)).as("the heir starts where the checkpoint is").isEqualTo(stored);
        await("the heir is through", () -> heir.position() == stored.get(2).position());
        awake.countDown();
        sleeper.close();
        Event<?> next = events.insert(event(4)).events().get(0);
        assertThat(inbox.next()).as("the checkpoint was not moved back").isEqualTo(next);
        assertThat(late).containsExactly(stored.get(0));
    }

    @Test
    void e13_aNameIsATextOfLimitedLength() {
        for (String wrong : List.of("", "a\0b", "x".repeat(256))) {
            assertThatThrownBy(() -> NAMED.withName(wrong)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> SubscriptionOptions.after(-1)).isInstanceOf(IllegalArgumentException.class);
        for (Duration wrong : List.of(Duration.ZERO, Duration.ofNanos(1), Duration.ofDays(200_000))) {
            assertThatThrownBy(() -> NAMED.withLease(wrong)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    @Needs(Capability.DURABILITY)
    void e13_aNameIsRememberedAfterARestart() throws Exception {
        List<Event<?>> first = events.insert(events(3)).events();
        Inbox inbox = inbox();
        try (Subscription subscription = events.subscribe(NAMED, inbox)) {
            assertThat(inbox.next(3)).isEqualTo(first);
            assertThat(subscription.failure()).isEmpty();
        }
        reopen();
        List<Event<?>> second = events.insert(events(2)).events();
        own(events.subscribe(NAMED, inbox));
        assertThat(inbox.next(2)).isEqualTo(second);
        assertThat(inbox.rest()).isEmpty();
    }
}

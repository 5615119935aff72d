package dev.tidemark.store.inmemory;

import static dev.tidemark.store.inmemory.Texts.TEXT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.event.AggregateId;
import dev.tidemark.event.Event;
import dev.tidemark.event.EventBatch;
import dev.tidemark.event.EventQuery;
import dev.tidemark.event.EventStore;
import dev.tidemark.event.EventStoreOptions;
import dev.tidemark.event.EventTypes;
import dev.tidemark.event.ExpectedVersion;
import dev.tidemark.event.Subscription;
import dev.tidemark.event.SubscriptionOptions;
import dev.tidemark.event.spi.EventStores;
import dev.tidemark.store.StoreUnavailableException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Subscriptions on an engine whose every call may fail, and whose commits may be unknown, after they happened or before. */
class SubscriptionFaultsTest {
    private static final int EVENTS = 300;
    private static final Duration LEASE = Duration.ofMillis(200);

    private static final EventTypes TYPES = EventTypes.none().with("said", String.class, TEXT);
    private static final List<String> SAID =
            IntStream.range(0, EVENTS).mapToObj(String::valueOf).toList();

    private final long seed = System.nanoTime();
    private final MemoryEngine memory = new MemoryEngine(InMemoryOptions.defaults());
    private final FaultyEvents faulty = new FaultyEvents(memory.events("events"), seed);
    private final EventStore sound = EventStores.over(memory.events("events"), TYPES, EventStoreOptions.defaults());
    private final EventStore events = EventStores.over(faulty, TYPES, EventStoreOptions.defaults());

    @AfterEach
    void close() {
        memory.close();
    }

    private void say() {
        SAID.forEach(text -> sound.insert(Event.of("said", text)));
    }

    private void assertHandled(List<String> handled) {
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(handled).as("seed %d", seed).hasSizeGreaterThanOrEqualTo(EVENTS));
        assertThat(handled).as("seed %d", seed).isEqualTo(SAID);
        assertThat(faulty.faults()).as("faults that were injected").isGreaterThan(10);
    }

    @Test
    void noneIsMissingAndNoneComesTwice() {
        List<String> handled = new CopyOnWriteArrayList<>();
        try (Subscription subscription = events.subscribe(SubscriptionOptions.fromStart(), event -> {
            faulty.mayFail();
            handled.add((String) event.data());
        })) {
            say();
            assertHandled(handled);
            assertThat(subscription.failure()).isEmpty();
        }
    }

    @Test
    void aNamedOneThatKeepsItsNameRepeatsNothing() {
        List<String> handled = new CopyOnWriteArrayList<>();
        SubscriptionOptions named =
                SubscriptionOptions.fromStart().withName("named").withLease(LEASE);
        try (Subscription subscription = events.subscribe(named, event -> {
            faulty.mayFail();
            handled.add((String) event.data());
        })) {
            say();
            assertHandled(handled);
            assertThat(subscription.failure()).isEmpty();
        }
    }

    /** Another goes on at once, behind what was handled. */
    @Test
    void oneThatIsClosedDuringAFaultStoresHowFarItHasCome() {
        SubscriptionOptions named = SubscriptionOptions.fromStart().withName("named");
        List<String> tried = new CopyOnWriteArrayList<>();
        sound.insert(Event.of("said", "1"), Event.of("said", "2"));
        try (Subscription subscription = sound.subscribe(named, event -> {
            tried.add((String) event.data());
            if (event.data().equals("2")) {
                throw new StoreUnavailableException("what the handler needs is away");
            }
        })) {
            Awaitility.await().until(() -> tried.size() > 5);
            assertThat(subscription.position()).isEqualTo(1);
        }
        List<String> handled = new CopyOnWriteArrayList<>();
        try (Subscription next = sound.subscribe(named, event -> handled.add((String) event.data()))) {
            Awaitility.await().until(() -> next.position() == 2);
        }
        assertThat(handled).containsExactly("2");
    }

    /** Two of one name, both of which lose their lease and the acknowledgements of their commits now and then. */
    @Test
    void transactionalHandlersWriteExactlyOnce() {
        AggregateId answers = AggregateId.random("answers");
        SubscriptionOptions named = SubscriptionOptions.fromStart()
                .withName("named")
                .withLease(LEASE)
                .withFilter(EventQuery.all().withMaxVersion(0));
        say();
        try (Subscription one = events.subscribe(named, (event, transaction) -> {
                    faulty.mayFail();
                    transaction.write(events, answer(answers, event));
                });
                Subscription other = events.subscribe(named, (event, transaction) -> {
                    transaction.write(events, answer(answers, event));
                    faulty.mayFail();
                })) {
            Awaitility.await()
                    .atMost(Duration.ofMinutes(1))
                    .untilAsserted(() -> assertThat(sound.version(answers))
                            .as("seed %d: %s, %s", seed, one.failure(), other.failure())
                            .isGreaterThanOrEqualTo(EVENTS));
        }
        try (Stream<Event<?>> written = sound.query(EventQuery.ofAggregate(answers))) {
            assertThat(written.map(event -> (String) event.data()))
                    .as("seed %d", seed)
                    .isEqualTo(SAID);
        }
        assertThat(faulty.unknown()).as("commits of unknown outcome").isGreaterThan(10);
    }

    private static EventBatch answer(AggregateId answers, Event<?> event) {
        return new EventBatch().append(answers, ExpectedVersion.ANY, event.data());
    }
}

package dev.tidemark.store.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.event.Event;
import dev.tidemark.event.EventQuery;
import dev.tidemark.event.EventSort;
import dev.tidemark.event.Subscription;
import dev.tidemark.event.SubscriptionOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * E9 and E10 at random: what queries find, and subscriptions with their filters, is what their definition says, written down once more
 * in {@link EventModel}. A failure names the seed, which the system property {@code tidemark.tck.seed} runs again.
 */
abstract class EventQueryRules extends EventRules {
    /** Several of the pages that engines read, whether these are of a hundred events or of some thousands. */
    private static final int MANY = 5_000;

    private static final int LARGE = 600;

    private final long seed = Long.getLong("tidemark.tck.seed", System.nanoTime());
    private final RandomEvents random = new RandomEvents(seed);

    EventQueryRules(EventStoreTck tck) {
        super(tck);
    }

    @Test
    void e9_e10_randomQueriesAreAnsweredByTheirDefinition() {
        List<Event<?>> stored = events.insert(random.events(200)).events();
        int selected = 0;
        for (int i = 0; i < 300; i++) {
            EventQuery query = random.query(stored, 1 + random.below(4));
            List<UUID> expected = ids(EventModel.select(query, stored));
            assertIds(query, ids(events.list(query)), expected);
            selected += expected.size();
        }
        assertThat(selected).as("events found, lest this compares nothing").isGreaterThan(300);
    }

    @Test
    void e9_e10_soAreThoseWithResultsOfManyPages() {
        List<Event<?>> stored =
                new ArrayList<>(events.insert(random.events(MANY / 2)).events());
        stored.addAll(events.insert(random.events(MANY / 2)).events());
        List<EventQuery> queries = new ArrayList<>();
        for (EventSort.Key key : EventSort.Key.values()) {
            queries.add(EventQuery.all().withSorts(EventSort.ascending(key)));
            queries.add(EventQuery.all().withSorts(EventSort.descending(key)));
        }
        for (int i = 0; i < 30; i++) {
            queries.add(random.query(stored, random.below(3)));
        }
        int large = 0;
        for (EventQuery query : queries) {
            List<UUID> expected = ids(EventModel.select(query, stored));
            assertIds(query, ids(events.list(query)), expected);
            int some = random.below(expected.size() + 1);
            assertIds(query, first(some, query), expected.subList(0, some));
            large += expected.size() > LARGE ? 1 : 0;
        }
        assertThat(large).as("results of several pages").isGreaterThan(10);
    }

    @Test
    void e9_e13_subscriptionsSelectByTheDefinitionToo() throws Exception {
        List<Event<?>> stored =
                new ArrayList<>(events.insert(random.events(700)).events());
        List<Following> all = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            long start =
                    i % 2 == 0 ? 0 : stored.get(random.below(stored.size())).position();
            all.add(follow(start, random.query(stored, random.below(4))));
        }
        stored.addAll(events.insert(random.events(700)).events());
        long newest = events.position();
        for (Following following : all) {
            await("a subscription is at the newest position", () -> following.isAt(newest));
            assertThat(following.subscription().failure()).isEmpty();
            List<Event<?>> expected = new ArrayList<>(EventModel.filter(following.query(), stored));
            expected.removeIf(event -> event.position() <= following.start());
            assertIds(following.query(), List.copyOf(following.handled()), ids(expected));
        }
    }

    private record Following(long start, EventQuery query, Queue<UUID> handled, Subscription subscription) {
        boolean isAt(long position) {
            return subscription.position() >= position || subscription.failure().isPresent();
        }
    }

    private Following follow(long start, EventQuery query) {
        Queue<UUID> handled = new ConcurrentLinkedQueue<>();
        Subscription subscription = own(
                events.subscribe(SubscriptionOptions.after(start).withFilter(query), event -> handled.add(event.id())));
        return new Following(start, query, handled, subscription);
    }

    private List<UUID> first(int count, EventQuery query) {
        try (Stream<Event<?>> stream = events.query(query)) {
            return stream.limit(count).map(event -> event.id()).toList();
        }
    }

    private void assertIds(EventQuery query, List<UUID> found, List<UUID> expected) {
        assertThat(found)
                .as(() -> "with -Dtidemark.tck.seed=" + seed + ": " + query)
                .isEqualTo(expected);
    }
}

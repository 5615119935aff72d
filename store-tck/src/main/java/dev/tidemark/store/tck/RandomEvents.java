package dev.tidemark.store.tck;

import dev.tidemark.event.AggregateId;
import dev.tidemark.event.AggregateRef;
import dev.tidemark.event.Event;
import dev.tidemark.event.EventQuery;
import dev.tidemark.event.EventSort;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;

/** Events at random, and queries about them: of few times, names, ids and versions, so that many events share them. */
final class RandomEvents {
    private static final Instant START = Instant.parse("2024-05-05T12:00:00Z");
    private static final int TIMES = 40;
    private static final List<String> AGGREGATES =
            List.of("account", "Account", "' OR 1 --", "\"\\", "%", "ä", "\uFFFD", "\uD83D\uDE00");
    private static final List<UUID> IDS =
            List.of(new UUID(0, 1), new UUID(0, -1), new UUID(-1, 0), new UUID(Long.MAX_VALUE, 5), new UUID(1, 1));

    private final Random random;
    private final Map<AggregateId, Integer> versions = new HashMap<>();
    private int highest;

    RandomEvents(long seed) {
        this.random = new Random(seed);
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    /** Events that can be inserted in this order, also behind those of an earlier call. */
    List<Event<?>> events(int count) {
        List<Event<?>> events = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            events.add(event(i));
        }
        return events;
    }

    private Event<?> event(int number) {
        Event<?> event = random.nextBoolean()
                ? Event.of(EventRules.COUNTED, EventRules.sample(number))
                : Event.of(pick(EventRules.NOTED), new EventRules.Note(number));
        event = event.withTime(time()).withId(new UUID(below(3) - 1, random.nextLong()));
        if (below(5) == 0) {
            return event;
        }
        AggregateId aggregate = aggregate();
        return event.withAggregate(aggregate, below(5) == 0 ? 0 : nextVersion(aggregate));
    }

    private int nextVersion(AggregateId aggregate) {
        int version = versions.merge(aggregate, 1 + below(2), Integer::sum);
        highest = Math.max(highest, version);
        return version;
    }

    /** A query with so many filters, and any order. */
    EventQuery query(List<Event<?>> stored, int filters) {
        EventQuery query = EventQuery.all();
        for (int i = 0; i < filters; i++) {
            query = withFilter(query, stored);
        }
        List<EventSort.Key> keys = new ArrayList<>(Arrays.asList(EventSort.Key.values()));
        for (int i = below(5); i > 0; i--) {
            query = query.withSorts(new EventSort(keys.remove(below(keys.size())), random.nextBoolean()));
        }
        return query;
    }

    private EventQuery withFilter(EventQuery query, List<Event<?>> stored) {
        return switch (below(4)) {
            case 0 -> withVersions(query);
            case 1 -> withTimes(query);
            default -> withNames(query, stored);
        };
    }

    private EventQuery withNames(EventQuery query, List<Event<?>> stored) {
        return switch (below(6)) {
            case 0 ->
                query.withIds(stored.stream()
                        .limit(below(stored.size()))
                        .map(Event::id)
                        .toList());
            case 1 -> query.withNames(pick(stored).name(), pick(stored).name());
            case 2 -> query.withAggregateNames(pick(AGGREGATES), pick(AGGREGATES));
            case 3 -> query.withAggregateIds(pick(IDS), pick(IDS));
            case 4 -> query.withAggregates(new AggregateRef(pick(AGGREGATES), null));
            default -> query.withAggregates(AggregateRef.of(aggregate()), AggregateRef.of(aggregate()));
        };
    }

    private EventQuery withVersions(EventQuery query) {
        int low = below(highest + 1);
        int high = low + below(highest + 1);
        return switch (below(5)) {
            case 0 -> query.withVersions(0, low, high);
            case 1 -> query.withVersionRange(low, high);
            case 2 -> query.withMinVersion(low);
            case 3 -> query.withVersionRange(0, high).withMinVersion(low);
            default -> query.withMaxVersion(high);
        };
    }

    private EventQuery withTimes(EventQuery query) {
        Instant from = time();
        return switch (below(7)) {
            case 0 -> query.withTimes(from, time());
            case 1 -> query.withTimeRange(from, from.plusNanos(TIMES / 2));
            case 2 -> query.withMinTime(from);
            case 3 -> query.withAfter(from);
            case 4 -> query.withMaxTime(from);
            case 5 -> query.withTimeRange(START, from).withMinTime(time());
            default -> query.withBefore(from);
        };
    }

    private Instant time() {
        return START.plusNanos(below(TIMES));
    }

    private AggregateId aggregate() {
        return new AggregateId(pick(AGGREGATES), pick(IDS));
    }

    private <T> T pick(List<T> choices) {
        return choices.get(below(choices.size()));
    }
}

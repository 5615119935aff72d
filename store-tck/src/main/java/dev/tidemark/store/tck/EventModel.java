package dev.tidemark.store.tck;

import dev.tidemark.event.AggregateId;
import dev.tidemark.event.AggregateRef;
import dev.tidemark.event.Event;
import dev.tidemark.event.EventQuery;
import dev.tidemark.event.EventSort;
import dev.tidemark.event.NumberFilter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Random events and queries, and what a query means, by its definition and without any thought of speed. */
final class EventModel {
    private static final Instant START = Instant.parse("2024-05-05T12:00:00Z");
    private static final List<String> AGGREGATES = List.of("account", "Account", "\uD83D\uDE00", "\uFFFD", "ä");
    private static final List<UUID> IDS =
            List.of(new UUID(0, 1), new UUID(0, -1), new UUID(-1, 0), new UUID(Long.MAX_VALUE, 5), new UUID(1, 1));

    private EventModel() {}

    static List<Event<?>> random(Random random, int count) {
        List<Event<?>> events = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Event<?> event = random.nextBoolean()
                    ? Event.of(EventRules.COUNTED, EventRules.sample(i))
                    : Event.of(pick(random, EventRules.NOTED), new EventRules.Note(i));
            event = event.withTime(START.plusNanos(random.nextInt(40)))
                    .withId(new UUID(random.nextInt(3) - 1, random.nextLong()));
            if (random.nextInt(5) > 0) {
                // Each version occurs once, so that no two events conflict.
                AggregateId aggregate = new AggregateId(pick(random, AGGREGATES), pick(random, IDS));
                event = event.withAggregate(aggregate, random.nextInt(4) == 0 ? 0 : i + 1);
            }
            events.add(event);
        }
        return events;
    }

    static EventQuery randomQuery(Random random, List<Event<?>> stored) {
        EventQuery query = EventQuery.all();
        for (int i = random.nextInt(3); i >= 0; i--) {
            query = randomFilter(random, stored, query);
        }
        List<EventSort.Key> keys = new ArrayList<>(Arrays.asList(EventSort.Key.values()));
        for (int i = random.nextInt(5); i > 0; i--) {
            EventSort.Key key = keys.remove(random.nextInt(keys.size()));
            query = query.withSorts(new EventSort(key, random.nextBoolean()));
        }
        return query;
    }

    private static EventQuery randomFilter(Random random, List<Event<?>> stored, EventQuery query) {
        Event<?> some = pick(random, stored);
        Event<?> other = pick(random, stored);
        int low = random.nextInt(stored.size() + 1);
        int high = low + random.nextInt(stored.size());
        Instant from = START.plusNanos(random.nextInt(40));
        return switch (random.nextInt(14)) {
            case 0 -> query.withIds(stored.stream().limit(low).map(Event::id).toList());
            case 1 -> query.withNames(some.name(), other.name());
            case 2 -> query.withAggregateNames(pick(random, AGGREGATES), pick(random, AGGREGATES));
            case 3 -> query.withAggregateIds(pick(random, IDS), pick(random, IDS));
            case 4 -> query.withAggregates(new AggregateRef(pick(random, AGGREGATES), null));
            case 5 ->
                query.withAggregates(
                        new AggregateRef(pick(random, AGGREGATES), pick(random, IDS)),
                        new AggregateRef(pick(random, AGGREGATES), pick(random, IDS)));
            case 6 -> query.withVersions(some.version(), other.version(), low);
            case 7 -> query.withVersionRange(low, high);
            case 8 -> query.withMinVersion(low);
            case 9 -> query.withMaxVersion(high);
            case 10 -> query.withTimes(some.time(), from);
            case 11 -> query.withTimeRange(from, from.plusNanos(10));
            case 12 -> random.nextBoolean() ? query.withMinTime(from) : query.withAfter(from);
            default -> random.nextBoolean() ? query.withMaxTime(from) : query.withBefore(from);
        };
    }

    /** {@code stored} has to be in the order of positions. */
    static List<Event<?>> select(EventQuery query, List<Event<?>> stored) {
        List<Event<?>> selected = new ArrayList<>();
        for (Event<?> event : stored) {
            if (isSelected(query, event)) {
                selected.add(event);
            }
        }
        if (!query.sorts().isEmpty()) {
            selected.sort((a, b) -> compare(query, a, b));
        }
        return selected;
    }

    private static boolean isSelected(EventQuery query, Event<?> event) {
        AggregateId aggregate = event.aggregate();
        if (!query.ids().isEmpty() && !query.ids().contains(event.id())) {
            return false;
        }
        if (!query.names().isEmpty() && !query.names().contains(event.name())) {
            return false;
        }
        if (!query.aggregateNames().isEmpty()
                && (aggregate == null || !query.aggregateNames().contains(aggregate.name()))) {
            return false;
        }
        if (!query.aggregateIds().isEmpty()
                && (aggregate == null || !query.aggregateIds().contains(aggregate.id()))) {
            return false;
        }
        boolean referred = query.aggregates().isEmpty();
        for (AggregateRef wanted : query.aggregates()) {
            referred |= aggregate != null
                    && aggregate.name().equals(wanted.name())
                    && (wanted.id() == null || aggregate.id().equals(wanted.id()));
        }
        long nanos = Duration.between(Instant.EPOCH, event.time()).toNanos();
        return referred && accepts(query.versions(), event.version()) && accepts(query.times(), nanos);
    }

    private static boolean accepts(NumberFilter filter, long number) {
        boolean inRange = filter.ranges().isEmpty();
        for (NumberFilter.Range range : filter.ranges()) {
            inRange |= number >= range.from() && number <= range.to();
        }
        Long min = filter.min();
        Long max = filter.max();
        return inRange
                && (filter.exact().isEmpty() || filter.exact().contains(number))
                && (min == null || min <= number)
                && (max == null || number <= max);
    }

    private static int compare(EventQuery query, Event<?> a, Event<?> b) {
        for (EventSort sort : query.sorts()) {
            int order = compare(sort.key(), a, b);
            if (order != 0) {
                return sort.descending() ? -order : order;
            }
        }
        return hex(a.id()).compareTo(hex(b.id()));
    }

    private static int compare(EventSort.Key key, Event<?> a, Event<?> b) {
        AggregateId left = a.aggregate();
        AggregateId right = b.aggregate();
        return switch (key) {
            case TIME -> a.time().compareTo(b.time());
            case AGGREGATE_NAME ->
                compare(left == null ? null : utf8(left.name()), right == null ? null : utf8(right.name()));
            case AGGREGATE_ID -> compare(left == null ? null : hex(left.id()), right == null ? null : hex(right.id()));
            case AGGREGATE_VERSION -> Integer.compare(a.version(), b.version());
        };
    }

    /** The hexadecimal digits of what is compared, whose order is that of the bytes; absent is smallest. */
    private static int compare(@Nullable String a, @Nullable String b) {
        return a == null || b == null ? Boolean.compare(a != null, b != null) : Integer.signum(a.compareTo(b));
    }

    private static String hex(UUID id) {
        return id.toString();
    }

    private static String utf8(String text) {
        StringBuilder digits = new StringBuilder();
        for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
            digits.append(String.format("%02x", each));
        }
        return digits.toString();
    }

    private static <T> T pick(Random random, List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}

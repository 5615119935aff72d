package dev.tidemark.store.tck;

import dev.tidemark.event.AggregateId;
import dev.tidemark.event.AggregateRef;
import dev.tidemark.event.Event;
import dev.tidemark.event.EventQuery;
import dev.tidemark.event.EventSort;
import dev.tidemark.event.NumberFilter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What a query means, by its definition and without any thought of speed. */
final class EventModel {
    private EventModel() {}

    /** {@code stored} has to be in the order of positions. */
    static List<Event<?>> select(EventQuery query, List<Event<?>> stored) {
        List<Event<?>> selected = filter(query, stored);
        if (!query.sorts().isEmpty()) {
            selected.sort((a, b) -> compare(query, a, b));
        }
        return selected;
    }

    static List<Event<?>> filter(EventQuery query, List<Event<?>> stored) {
        List<Event<?>> selected = new ArrayList<>();
        for (Event<?> event : stored) {
            if (isSelected(query, event)) {
                selected.add(event);
            }
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
        return compare(bytes(a.id()), bytes(b.id()));
    }

    private static int compare(EventSort.Key key, Event<?> a, Event<?> b) {
        AggregateId left = a.aggregate();
        AggregateId right = b.aggregate();
        return switch (key) {
            case TIME -> a.time().compareTo(b.time());
            case AGGREGATE_NAME ->
                compare(left == null ? null : bytes(left.name()), right == null ? null : bytes(right.name()));
            case AGGREGATE_ID ->
                compare(left == null ? null : bytes(left.id()), right == null ? null : bytes(right.id()));
            case AGGREGATE_VERSION -> Integer.compare(a.version(), b.version());
        };
    }

    /** Absent is smallest. */
    private static int compare(byte @Nullable [] a, byte @Nullable [] b) {
        return a == null || b == null ? Boolean.compare(a != null, b != null) : Arrays.compareUnsigned(a, b);
    }

    private static byte[] bytes(UUID id) {
        return ByteBuffer.allocate(16)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}

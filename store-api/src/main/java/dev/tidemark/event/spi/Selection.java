package dev.tidemark.event.spi;

import dev.tidemark.event.AggregateId;
import dev.tidemark.event.EventQuery;
import dev.tidemark.event.EventSort;
import dev.tidemark.store.spi.Names;
import java.util.Comparator;
import java.util.UUID;
import java.util.function.Function;

/**
 * What a query selects, and in which order: the definition that every engine follows.
 *
 * @since 0.1
 */
public final class Selection {
    /** Unsigned order, that of the bytes; {@link UUID#compareTo} is another one. */
    public static final Comparator<UUID> IDS = (a, b) -> {
        int high = Long.compareUnsigned(a.getMostSignificantBits(), b.getMostSignificantBits());
        return high != 0 ? high : Long.compareUnsigned(a.getLeastSignificantBits(), b.getLeastSignificantBits());
    };

    private Selection() {}

    /** Whether a query selects an event. */
    public static boolean matches(EventQuery query, StoredEvent event) {
        AggregateId aggregate = event.aggregate();
        return (query.ids().isEmpty() || query.ids().contains(event.id()))
                && (query.names().isEmpty() || query.names().contains(event.name()))
                && (query.aggregateNames().isEmpty()
                        || (aggregate != null && query.aggregateNames().contains(aggregate.name())))
                && (query.aggregateIds().isEmpty()
                        || (aggregate != null && query.aggregateIds().contains(aggregate.id())))
                && (query.aggregates().isEmpty()
                        || query.aggregates().stream().anyMatch(wanted -> wanted.matches(aggregate)))
                && query.versions().matches(event.version())
                && query.times().matches(event.time());
    }

    /** The order of a query's results. */
    public static Comparator<StoredEvent> order(EventQuery query) {
        if (query.sorts().isEmpty()) {
            return Comparator.comparingLong(StoredEvent::position);
        }
        Comparator<StoredEvent> order = Comparator.comparing(StoredEvent::id, IDS);
        for (int i = query.sorts().size() - 1; i >= 0; i--) {
            EventSort sort = query.sorts().get(i);
            Comparator<StoredEvent> byKey = by(sort.key());
            order = (sort.descending() ? byKey.reversed() : byKey).thenComparing(order);
        }
        return order;
    }

    private static Comparator<StoredEvent> by(EventSort.Key key) {
        return switch (key) {
            case TIME -> Comparator.comparingLong(StoredEvent::time);
            case AGGREGATE_NAME -> byAggregate(AggregateId::name, Names.ORDER);
            case AGGREGATE_ID -> byAggregate(AggregateId::id, IDS);
            case AGGREGATE_VERSION -> Comparator.comparingInt(StoredEvent::version);
        };
    }

    private static <T> Comparator<StoredEvent> byAggregate(Function<AggregateId, T> part, Comparator<T> order) {
        Comparator<AggregateId> byPart = Comparator.comparing(part, order);
        return (a, b) -> {
            AggregateId left = a.aggregate();
            AggregateId right = b.aggregate();
            if (left == null || right == null) {
                return Boolean.compare(left != null, right != null);
            }
            return byPart.compare(left, right);
        };
    }
}

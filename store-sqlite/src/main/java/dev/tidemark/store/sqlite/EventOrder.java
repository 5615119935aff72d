package dev.tidemark.store.sqlite;

import dev.tidemark.event.AggregateId;
import dev.tidemark.event.EventQuery;
import dev.tidemark.event.EventSort;
import dev.tidemark.event.spi.StoredEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The order of a query's results, and what follows an event in it. It is that of {@link dev.tidemark.event.spi.Selection}: SQLite, too,
 * takes NULL for the smallest value, ids for unsigned bytes, and compares texts by their UTF-8.
 */
final class EventOrder {

    private record Key(
            String column, boolean descending, boolean nullable, Function<StoredEvent, @Nullable Object> value) {}

    private final List<Key> keys = new ArrayList<>();

    EventOrder(EventQuery query) {
        for (EventSort sort : query.sorts()) {
            keys.add(key(sort.key(), sort.descending()));
        }
        // The plus keeps SQLite from walking through the whole table in the order of positions.
        keys.add(
                keys.isEmpty()
                        ? new Key("+position", false, false, StoredEvent::position)
                        : new Key("id", false, false, event -> EventRows.toBytes(event.id())));
    }

    String orderBy() {
        return String.join(
                ", ",
                keys.stream()
                        .map(key -> key.descending ? key.column + " DESC" : key.column)
                        .toList());
    }

    /** Adds the condition that a row comes after {@code last}: it is equal in some keys, and then greater in the next one. */
    void addAfter(StoredEvent last, List<String> conditions, List<Object> parameters) {
        Key first = keys.get(0);
        Object start = first.value.apply(last);
        if (start != null && !(first.descending && first.nullable)) {
            conditions.add(first.column + (first.descending ? " <= ?" : " >= ?"));
            parameters.add(start);
        }
        List<String> either = new ArrayList<>();
        StringBuilder equal = new StringBuilder();
        List<Object> equals = new ArrayList<>();
        for (Key key : keys) {
            Object value = key.value.apply(last);
            String beyond = beyond(key, value);
            if (beyond != null) {
                either.add("(" + equal + beyond + ")");
                parameters.addAll(equals);
                if (value != null) {
                    parameters.add(value);
                }
            }
            equal.append(key.column).append(value == null ? " IS NULL AND " : " = ? AND ");
            if (value != null) {
                equals.add(value);
            }
        }
        conditions.add("(" + String.join(" OR ", either) + ")");
    }

    /** Null when nothing is. */
    private static @Nullable String beyond(Key key, @Nullable Object value) {
        if (value == null) {
            return key.descending ? null : key.column + " IS NOT NULL";
        }
        if (key.descending) {
            return key.nullable ? "(" + key.column + " < ? OR " + key.column + " IS NULL)" : key.column + " < ?";
        }
        return key.column + " > ?";
    }

    private static Key key(EventSort.Key key, boolean descending) {
        return switch (key) {
            case TIME -> new Key("time", descending, false, StoredEvent::time);
            case AGGREGATE_NAME ->
                new Key("aggregate_name", descending, true, event -> {
                    AggregateId aggregate = event.aggregate();
                    return aggregate == null ? null : aggregate.name();
                });
            case AGGREGATE_ID ->
                new Key("aggregate_id", descending, true, event -> {
                    AggregateId aggregate = event.aggregate();
                    return aggregate == null ? null : EventRows.toBytes(aggregate.id());
                });
            case AGGREGATE_VERSION ->
                new Key("aggregate_version", descending, true, event -> event.version() == 0 ? null : event.version());
        };
    }
}

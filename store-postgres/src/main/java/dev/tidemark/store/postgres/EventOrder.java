package dev.tidemark.store.postgres;

import dev.tidemark.event.AggregateId;
import dev.tidemark.event.EventQuery;
import dev.tidemark.event.EventSort;
import dev.tidemark.event.spi.StoredEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The order of a query's results, in which each of them has its place, so that a page can start behind the last event of the one
 * before. Means what {@link dev.tidemark.event.spi.Selection#order} does.
 */
final class EventOrder {

    private record Key(
            String expression, boolean descending, boolean nullable, Function<StoredEvent, @Nullable Object> value) {

        String text() {
            String nulls = nullable ? descending ? " NULLS LAST" : " NULLS FIRST" : "";
            return expression + (descending ? " DESC" : "") + nulls;
        }
    }

    private static final Key ID = new Key("id", false, false, StoredEvent::id);
    private static final Key POSITION = new Key("position", false, false, StoredEvent::position);

    /** An event without a position is newer than all others. */
    private static final Key POSITION_OR_NONE = new Key(
            "coalesce(position, 9223372036854775807)",
            false,
            false,
            event -> event.position() == 0 ? Long.MAX_VALUE : event.position());

    /** Half an aggregate, which only a stranger writes, is none. */
    private static final String NAME = whole("aggregate_name");

    private static final String ID_OF_AGGREGATE = whole("aggregate_id");

    private final List<Key> keys;

    private EventOrder(List<Key> keys) {
        this.keys = keys;
    }

    /**
     * Returns the order of a query.
     *
     * @param unstamped whether there may be events without a position
     */
    static EventOrder of(EventQuery query, boolean unstamped) {
        List<Key> keys = new ArrayList<>();
        query.sorts().forEach(sort -> keys.add(key(sort.key(), sort.descending())));
        if (keys.isEmpty() && !unstamped) {
            return new EventOrder(List.of(POSITION));
        }
        if (keys.isEmpty()) {
            keys.addAll(List.of(
                    POSITION_OR_NONE, key(EventSort.Key.TIME, false), key(EventSort.Key.AGGREGATE_VERSION, false)));
        }
        keys.add(ID);
        return new EventOrder(keys);
    }

    private static Key key(EventSort.Key sort, boolean descending) {
        return switch (sort) {
            case TIME -> new Key("time", descending, false, StoredEvent::time);
            case AGGREGATE_NAME ->
                new Key(NAME + " COLLATE \"C\"", descending, true, event -> part(event, AggregateId::name));
            case AGGREGATE_ID -> new Key(ID_OF_AGGREGATE, descending, true, event -> part(event, AggregateId::id));
            case AGGREGATE_VERSION ->
                new Key("coalesce(aggregate_version, 0)", descending, false, StoredEvent::version);
        };
    }

    private static String whole(String part) {
        return "CASE WHEN aggregate_id IS NOT NULL AND aggregate_name <> '' THEN " + part + " END";
    }

    private static @Nullable Object part(StoredEvent event, Function<AggregateId, Object> part) {
        AggregateId aggregate = event.aggregate();
        return aggregate == null ? null : part.apply(aggregate);
    }

    String text() {
        return String.join(", ", keys.stream().map(Key::text).toList());
    }

    /** Whether it goes by version before all else; if so, in which direction. */
    boolean isByVersion(boolean descending) {
        Key first = keys.get(0);
        return first.expression().startsWith("coalesce(aggregate_version") && first.descending() == descending;
    }

    /** Confines a filter to what comes behind an event. */
    void addBehind(StoredEvent last, EventFilter filter) {
        List<String> ways = new ArrayList<>();
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            List<String> parts = new ArrayList<>();
            List<Object> partValues = new ArrayList<>();
            for (Key same : keys.subList(0, i)) {
                addEqual(same, last, parts, partValues);
            }
            if (addBeyond(keys.get(i), last, parts, partValues)) {
                ways.add("(" + String.join(" AND ", parts) + ")");
                values.addAll(partValues);
            }
        }
        addBound(keys.get(0), last, filter);
        filter.and("(" + String.join(" OR ", ways) + ")", values.toArray());
    }

    /** Says again, for the sake of an index, what all ways have in common. */
    private static void addBound(Key first, StoredEvent last, EventFilter filter) {
        Object value = first.value().apply(last);
        if (value != null && !first.nullable()) {
            filter.and(first.expression() + (first.descending() ? " <= ?" : " >= ?"), value);
        }
    }

    private static void addEqual(Key key, StoredEvent last, List<String> parts, List<Object> values) {
        Object value = key.value().apply(last);
        if (value == null) {
            parts.add(key.expression() + " IS NULL");
        } else {
            parts.add(key.expression() + " = ?");
            values.add(value);
        }
    }

    /** False when nothing is beyond. */
    private static boolean addBeyond(Key key, StoredEvent last, List<String> parts, List<Object> values) {
        Object value = key.value().apply(last);
        if (value == null) {
            parts.add(key.expression() + " IS NOT NULL");
            return !key.descending();
        }
        String beyond = key.expression() + (key.descending() ? " < ?" : " > ?");
        parts.add(key.nullable() && key.descending() ? "(" + beyond + " OR " + key.expression() + " IS NULL)" : beyond);
        values.add(value);
        return true;
    }
}

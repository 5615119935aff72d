package dev.tidemark.store.postgres;

import dev.tidemark.event.AggregateRef;
import dev.tidemark.event.EventQuery;
import dev.tidemark.event.NumberFilter;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** A condition in SQL and the values of its parameters, whose texts differ as little as possible, so that plans are used again. */
final class EventFilter {
    private final List<String> conditions = new ArrayList<>();
    private final List<Object> values = new ArrayList<>();
    private boolean selective;
    private boolean ofOneAggregate;

    private EventFilter() {}

    /** What a query selects; means what {@link dev.tidemark.event.spi.Selection#matches} does. */
    static EventFilter of(EventQuery query) {
        EventFilter filter = new EventFilter();
        filter.anyOf("id", "uuid", query.ids().toArray(UUID[]::new));
        filter.anyOf("name", "text", query.names().toArray(String[]::new));
        filter.anyOf("aggregate_name", "text", query.aggregateNames().toArray(String[]::new));
        filter.anyOf("aggregate_id", "uuid", query.aggregateIds().toArray(UUID[]::new));
        filter.aggregates(List.copyOf(query.aggregates()));
        filter.numbers("coalesce(aggregate_version, 0)", query.versions());
        filter.numbers("time", query.times());
        boolean ofSingleAggregates = !query.aggregates().isEmpty()
                && query.aggregates().stream().noneMatch(aggregate -> aggregate.id() == null);
        filter.selective = !query.ids().isEmpty() || !query.aggregateIds().isEmpty() || ofSingleAggregates;
        filter.ofOneAggregate = ofSingleAggregates && query.aggregates().size() == 1;
        return filter;
    }

    /** Whether an index leads straight to what it selects. */
    boolean isSelective() {
        return selective;
    }

    /** Whether all that it selects is of one aggregate, so that versions come from the index in their order. */
    boolean isOfOneAggregate() {
        return ofOneAggregate;
    }

    boolean isEmpty() {
        return conditions.isEmpty();
    }

    EventFilter and(String condition, Object... parameters) {
        conditions.add(condition);
        values.addAll(List.of(parameters));
        return this;
    }

    EventFilter copy() {
        EventFilter copy = new EventFilter();
        copy.selective = selective;
        copy.ofOneAggregate = ofOneAggregate;
        copy.conditions.addAll(conditions);
        copy.values.addAll(values);
        return copy;
    }

    String text() {
        return conditions.isEmpty() ? "true" : String.join(" AND ", conditions);
    }

    /** Binds the values from a parameter on; returns the next one. */
    int bind(Connection connection, PreparedStatement statement, int first) throws SQLException {
        int next = first;
        for (Object value : values) {
            if (value instanceof UUID[] ids) {
                statement.setArray(next++, connection.createArrayOf("uuid", ids));
            } else if (value instanceof String[] texts) {
                statement.setArray(next++, connection.createArrayOf("text", texts));
            } else if (value instanceof Long[] numbers) {
                statement.setArray(next++, connection.createArrayOf("int8", numbers));
            } else {
                statement.setObject(next++, value);
            }
        }
        return next;
    }

    private void anyOf(String column, String type, Object[] wanted) {
        if (wanted.length == 1) {
            and(column + " = ?::" + type, wanted[0]);
        } else if (wanted.length > 1) {
            and(column + " = ANY(?::" + type + "[])", (Object) wanted);
        }
    }

    private void aggregates(List<AggregateRef> wanted) {
        if (wanted.isEmpty()) {
            return;
        }
        String[] whole = wanted.stream()
                .filter(aggregate -> aggregate.id() == null)
                .map(AggregateRef::name)
                .toArray(String[]::new);
        List<AggregateRef> single =
                wanted.stream().filter(aggregate -> aggregate.id() != null).toList();
        UUID[] ids = single.stream().map(AggregateRef::id).toArray(UUID[]::new);
        String[] names = single.stream().map(AggregateRef::name).toArray(String[]::new);
        if (whole.length == 0 && ids.length == 1) {
            and("aggregate_id = ?::uuid AND aggregate_name = ?::text", ids[0], names[0]);
            return;
        }
        String pairs = "(aggregate_id, aggregate_name) IN (SELECT * FROM unnest(?::uuid[], ?::text[]))";
        if (whole.length == 0) {
            and(pairs, ids, names);
        } else {
            and("(" + pairs + " OR aggregate_name = ANY(?::text[]))", ids, names, whole);
        }
    }

    private void numbers(String column, NumberFilter filter) {
        if (!filter.exact().isEmpty()) {
            and(column + " = ANY(?::bigint[])", (Object) filter.exact().toArray(Long[]::new));
        }
        if (!filter.ranges().isEmpty()) {
            List<String> ranges = new ArrayList<>();
            for (NumberFilter.Range range : filter.ranges()) {
                ranges.add(column + " BETWEEN ? AND ?");
                values.add(range.from());
                values.add(range.to());
            }
            conditions.add("(" + String.join(" OR ", ranges) + ")");
        }
        Long min = filter.min();
        if (min != null) {
            and(column + " >= ?", min);
        }
        Long max = filter.max();
        if (max != null) {
            and(column + " <= ?", max);
        }
    }
}

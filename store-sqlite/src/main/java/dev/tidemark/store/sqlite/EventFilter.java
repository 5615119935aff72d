package dev.tidemark.store.sqlite;

import dev.tidemark.event.AggregateRef;
import dev.tidemark.event.EventQuery;
import dev.tidemark.event.NumberFilter;
import dev.tidemark.event.spi.JsonText;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.StringJoiner;
import java.util.UUID;
import java.util.function.Function;

/**
 * What a query selects, as conditions. A set of several values is one parameter, a JSON list, so that statements differ by the kind of
 * query only, and the number of values has no limit.
 */
final class EventFilter {
    private static final String VALUES = " IN (SELECT value FROM json_each(?))";
    private static final String IDS = " IN (SELECT unhex(value) FROM json_each(?))";
    private static final String RANGES = "SELECT value ->> 0 AS low, value ->> 1 AS high FROM json_each(?) LIMIT -1";
    private static final HexFormat HEX = HexFormat.of();

    private final List<String> conditions = new ArrayList<>();
    private final List<Object> parameters = new ArrayList<>();
    private final boolean selective;

    EventFilter(EventQuery query) {
        ids("id", query.ids());
        texts("name", query.names());
        texts("aggregate_name", query.aggregateNames());
        ids("aggregate_id", query.aggregateIds());
        aggregates(query.aggregates());
        numbers("aggregate_version", query.versions(), true);
        numbers("time", query.times(), false);
        boolean single = !query.aggregates().isEmpty()
                && query.aggregates().stream().map(AggregateRef::id).allMatch(Objects::nonNull);
        selective = single || !query.ids().isEmpty() || !query.aggregateIds().isEmpty();
    }

    List<String> conditions() {
        return conditions;
    }

    List<Object> parameters() {
        return parameters;
    }

    /** Whether an index finds the events, of which there are few then. */
    boolean isSelective() {
        return selective;
    }

    private void add(String condition, Object... values) {
        conditions.add(condition);
        parameters.addAll(List.of(values));
    }

    private void texts(String column, Set<String> texts) {
        if (texts.size() == 1) {
            add(column + " = ?", texts.iterator().next());
        } else if (!texts.isEmpty()) {
            add(column + VALUES, JsonText.array(texts));
        }
    }

    private void ids(String column, Set<UUID> ids) {
        if (ids.size() == 1) {
            add(column + " = ?", (Object) EventRows.toBytes(ids.iterator().next()));
        } else if (!ids.isEmpty()) {
            add(column + IDS, JsonText.array(ids.stream().map(EventFilter::hex).toList()));
        }
    }

    private void aggregates(Set<AggregateRef> aggregates) {
        List<AggregateRef> single =
                aggregates.stream().filter(aggregate -> aggregate.id() != null).toList();
        List<String> names = aggregates.stream()
                .filter(aggregate -> aggregate.id() == null)
                .map(AggregateRef::name)
                .toList();
        if (single.size() == 1 && names.isEmpty()) {
            AggregateRef aggregate = single.get(0);
            add("aggregate_id = ?", (Object) EventRows.toBytes(Objects.requireNonNull(aggregate.id())));
            add("aggregate_name = ?", aggregate.name());
            return;
        }
        List<String> either = new ArrayList<>();
        if (!single.isEmpty()) {
            either.add("(aggregate_id, aggregate_name) IN"
                    + " (SELECT unhex(value ->> 0), value ->> 1 FROM json_each(?))");
            parameters.add(pairs(single));
        }
        if (!names.isEmpty()) {
            either.add("aggregate_name" + VALUES);
            parameters.add(JsonText.array(names));
        }
        if (!either.isEmpty()) {
            conditions.add("(" + String.join(" OR ", either) + ")");
        }
    }

    /**
     * The smallest and the largest number are conditions of their own, for the sake of an index. Where NULL may stand for 0, it is the
     * smallest number there is.
     */
    private void numbers(String column, NumberFilter filter, boolean nullable) {
        long min = Math.max(
                filter.min() == null ? Long.MIN_VALUE : filter.min(),
                Math.max(
                        smallest(filter.exact(), Function.identity()),
                        smallest(filter.ranges(), NumberFilter.Range::from)));
        long max = Math.min(
                filter.max() == null ? Long.MAX_VALUE : filter.max(),
                Math.min(
                        largest(filter.exact(), Function.identity()),
                        largest(filter.ranges(), NumberFilter.Range::to)));
        boolean absentToo = nullable && min <= 0;
        if (min > Long.MIN_VALUE && !absentToo) {
            add(column + " >= ?", min);
        }
        if (max < Long.MAX_VALUE) {
            add(absentToo && max >= 0 ? "(" + column + " <= ? OR " + column + " IS NULL)" : column + " <= ?", max);
        }
        String number = nullable ? "coalesce(" + column + ", 0)" : column;
        if (filter.exact().size() > 1) {
            add(number + VALUES, filter.exact().toString());
        }
        if (filter.ranges().size() > 1) {
            add(
                    "EXISTS (SELECT 1 FROM (" + RANGES + ") WHERE " + number + " BETWEEN low AND high)",
                    ranges(filter.ranges()));
        }
    }

    private static <T> long smallest(Set<T> all, Function<T, Long> number) {
        return all.stream().map(number).min(Long::compare).orElse(Long.MIN_VALUE);
    }

    private static <T> long largest(Set<T> all, Function<T, Long> number) {
        return all.stream().map(number).max(Long::compare).orElse(Long.MAX_VALUE);
    }

    private static String ranges(Set<NumberFilter.Range> ranges) {
        return ranges.stream()
                .map(range -> List.of(range.from(), range.to()))
                .toList()
                .toString();
    }

    private static String hex(UUID id) {
        return HEX.formatHex(EventRows.toBytes(id));
    }

    private static String pairs(Collection<AggregateRef> aggregates) {
        StringJoiner pairs = new StringJoiner(",", "[", "]");
        aggregates.forEach(aggregate ->
                pairs.add(JsonText.array(List.of(hex(Objects.requireNonNull(aggregate.id())), aggregate.name()))));
        return pairs.toString();
    }
}

package dev.tidemark.event;

import dev.tidemark.store.spi.Names;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which events to read, and in which order. Immutable.
 *
 * <p>The kinds of filter (each of the components below but {@code sorts}, and within versions and times the exact numbers, the
 * ranges, the minimum and the maximum) must all accept an event; within one kind any of its values will do. So of several minimums
 * the lowest counts, and of several maximums the highest. A filter that was not set, or was set to no value at all, accepts
 * everything. An event without a version
 * counts as version 0.
 *
 * <p>Results come in the order of {@code sorts}, and where that leaves a tie, by event id in ascending unsigned order. Without a
 * sort they come in the order of their positions.
 *
 * @param ids the ids of events
 * @param names the names of events
 * @param aggregateNames the names of aggregates
 * @param aggregateIds the ids of aggregates
 * @param aggregates single aggregates, or all of a name
 * @param versions the versions of events
 * @param times the times of events, in nanoseconds since 1970
 * @param sorts the keys of the order, the most important first
 * @since 0.1
 */
public record EventQuery(
        Set<UUID> ids,
        Set<String> names,
        Set<String> aggregateNames,
        Set<UUID> aggregateIds,
        Set<AggregateRef> aggregates,
        NumberFilter versions,
        NumberFilter times,
        List<EventSort> sorts) {
    private static final EventQuery ALL = new EventQuery(
            Set.of(), Set.of(), Set.of(), Set.of(), Set.of(), NumberFilter.ALL, NumberFilter.ALL, List.of());

    public EventQuery {
        ids = copyOf(ids);
        names = checked("event name", names);
        aggregateNames = checked("aggregate name", aggregateNames);
        aggregateIds = copyOf(aggregateIds);
        aggregates = copyOf(aggregates);
        Objects.requireNonNull(versions, "versions");
        Objects.requireNonNull(times, "times");
        sorts = withoutRepetition(sorts);
    }

    /** Every event, in the order of positions. */
    public static EventQuery all() {
        return ALL;
    }

    /** The history of one aggregate, by version. */
    public static EventQuery ofAggregate(AggregateId aggregate) {
        return ALL.withAggregates(AggregateRef.of(aggregate))
                .withSorts(EventSort.ascending(EventSort.Key.AGGREGATE_VERSION));
    }

    /** Also accepts events with these ids. */
    public EventQuery withIds(UUID... ids) {
        return withIds(Arrays.asList(ids));
    }

    /** Also accepts events with these ids. */
    public EventQuery withIds(Collection<UUID> ids) {
        return new EventQuery(
                union(this.ids, ids), names, aggregateNames, aggregateIds, aggregates, versions, times, sorts);
    }

    /** Also accepts events with these names. */
    public EventQuery withNames(String... names) {
        return withNames(Arrays.asList(names));
    }

    /** Also accepts events with these names. */
    public EventQuery withNames(Collection<String> names) {
        return new EventQuery(
                ids, union(this.names, names), aggregateNames, aggregateIds, aggregates, versions, times, sorts);
    }

    /** Also accepts events of aggregates with these names. */
    public EventQuery withAggregateNames(String... names) {
        Set<String> united = union(aggregateNames, Arrays.asList(names));
        return new EventQuery(ids, this.names, united, aggregateIds, aggregates, versions, times, sorts);
    }

    /** Also accepts events of aggregates with these ids, whatever their names. */
    public EventQuery withAggregateIds(UUID... ids) {
        Set<UUID> united = union(aggregateIds, Arrays.asList(ids));
        return new EventQuery(this.ids, names, aggregateNames, united, aggregates, versions, times, sorts);
    }

    /** Also accepts events of these aggregates. */
    public EventQuery withAggregates(AggregateRef... aggregates) {
        Set<AggregateRef> united = union(this.aggregates, Arrays.asList(aggregates));
        return new EventQuery(ids, names, aggregateNames, aggregateIds, united, versions, times, sorts);
    }

    /** Also accepts these versions. */
    public EventQuery withVersions(int... versions) {
        List<Long> exact = Arrays.stream(versions).asLongStream().boxed().toList();
        return withVersions(Filters.exact(this.versions, exact));
    }

    /** Also accepts the versions of a range, both ends included. */
    public EventQuery withVersionRange(int from, int to) {
        return withVersions(Filters.range(versions, from, to));
    }

    /** Accepts versions from this one on; of several the lowest counts. */
    public EventQuery withMinVersion(int min) {
        return withVersions(Filters.min(versions, min));
    }

    /** Accepts versions up to this one; of several the highest counts. */
    public EventQuery withMaxVersion(int max) {
        return withVersions(Filters.max(versions, max));
    }

    /** Also accepts these times. Times that {@link EventTime} can't represent are refused, here and below. */
    public EventQuery withTimes(Instant... times) {
        return withTimes(Filters.exact(
                this.times, Arrays.stream(times).map(EventTime::toNanos).toList()));
    }

    /** Also accepts the times of a range, both ends included. */
    public EventQuery withTimeRange(Instant from, Instant to) {
        return withTimes(Filters.range(times, EventTime.toNanos(from), EventTime.toNanos(to)));
    }

    /** Accepts times from this one on; of several the lowest counts. */
    public EventQuery withMinTime(Instant min) {
        return withTimes(Filters.min(times, EventTime.toNanos(min)));
    }

    /** Accepts times up to this one; of several the highest counts. */
    public EventQuery withMaxTime(Instant max) {
        return withTimes(Filters.max(times, EventTime.toNanos(max)));
    }

    /**
     * Accepts times after this one: a minimum one nanosecond later.
     *
     * @throws IllegalArgumentException if no event can be after it, because it is {@link EventTime#MAX} or out of bounds
     */
    public EventQuery withAfter(Instant time) {
        return withTimes(Filters.min(times, beyond(time, Long.MAX_VALUE, "after") + 1));
    }

    /**
     * Accepts times before this one: a maximum one nanosecond earlier.
     *
     * @throws IllegalArgumentException if no event can be before it, because it is {@link EventTime#MIN} or out of bounds
     */
    public EventQuery withBefore(Instant time) {
        return withTimes(Filters.max(times, beyond(time, Long.MIN_VALUE, "before") - 1));
    }

    private static long beyond(Instant time, long last, String where) {
        long nanos = EventTime.toNanos(time);
        if (nanos == last) {
            throw new IllegalArgumentException("no event can be " + where + " " + time);
        }
        return nanos;
    }

    /** Adds keys to the order, each less important than those before; a key that is there already stays as it is. */
    public EventQuery withSorts(EventSort... sorts) {
        List<EventSort> united = new ArrayList<>(this.sorts);
        united.addAll(Arrays.asList(sorts));
        return new EventQuery(ids, names, aggregateNames, aggregateIds, aggregates, versions, times, united);
    }

    /**
     * Returns both queries in one: sets unite, keys of the order of {@code other} come behind those of this one, and so of the bounds
     * of versions the widest count. The bounds of times are single values: those of {@code other} replace those of this one.
     */
    public EventQuery merge(EventQuery other) {
        List<EventSort> order = new ArrayList<>(sorts);
        order.addAll(other.sorts);
        return new EventQuery(
                union(ids, other.ids),
                union(names, other.names),
                union(aggregateNames, other.aggregateNames),
                union(aggregateIds, other.aggregateIds),
                union(aggregates, other.aggregates),
                Filters.widest(versions, other.versions),
                Filters.latest(times, other.times),
                order);
    }

    private EventQuery withVersions(NumberFilter versions) {
        return new EventQuery(ids, names, aggregateNames, aggregateIds, aggregates, versions, times, sorts);
    }

    private EventQuery withTimes(NumberFilter times) {
        return new EventQuery(ids, names, aggregateNames, aggregateIds, aggregates, versions, times, sorts);
    }

    private static Set<String> checked(String what, Set<String> names) {
        names.forEach(name -> Names.checkBound(what, name));
        return copyOf(names);
    }

    private static <T> Set<T> copyOf(Collection<T> values) {
        Set<T> copy = new LinkedHashSet<>(values);
        copy.forEach(value -> Objects.requireNonNull(value, "a query can't ask for null"));
        return Collections.unmodifiableSet(copy);
    }

    private static <T> Set<T> union(Set<T> some, Collection<T> others) {
        Set<T> union = new LinkedHashSet<>(some);
        union.addAll(others);
        return union;
    }

    private static List<EventSort> withoutRepetition(List<EventSort> sorts) {
        List<EventSort> kept = new ArrayList<>();
        for (EventSort sort : sorts) {
            if (kept.stream().noneMatch(other -> other.key() == sort.key())) {
                kept.add(sort);
            }
        }
        return List.copyOf(kept);
    }

    /** How filters of numbers grow. */
    private static final class Filters {
        static NumberFilter exact(NumberFilter filter, Collection<Long> numbers) {
            return new NumberFilter(union(filter.exact(), numbers), filter.ranges(), filter.min(), filter.max());
        }

        static NumberFilter range(NumberFilter filter, long from, long to) {
            Set<NumberFilter.Range> ranges = union(filter.ranges(), List.of(new NumberFilter.Range(from, to)));
            return new NumberFilter(filter.exact(), ranges, filter.min(), filter.max());
        }

        static NumberFilter min(NumberFilter filter, long min) {
            return new NumberFilter(filter.exact(), filter.ranges(), lowest(filter.min(), min), filter.max());
        }

        static NumberFilter max(NumberFilter filter, long max) {
            return new NumberFilter(filter.exact(), filter.ranges(), filter.min(), highest(filter.max(), max));
        }

        static NumberFilter widest(NumberFilter a, NumberFilter b) {
            return new NumberFilter(
                    union(a.exact(), b.exact()),
                    union(a.ranges(), b.ranges()),
                    lowest(a.min(), b.min()),
                    highest(a.max(), b.max()));
        }

        static NumberFilter latest(NumberFilter a, NumberFilter b) {
            return new NumberFilter(
                    union(a.exact(), b.exact()),
                    union(a.ranges(), b.ranges()),
                    b.min() == null ? a.min() : b.min(),
                    b.max() == null ? a.max() : b.max());
        }

        private static @Nullable Long lowest(@Nullable Long a, @Nullable Long b) {
            return a == null ? b : b == null ? a : Long.valueOf(Math.min(a, b));
        }

        private static @Nullable Long highest(@Nullable Long a, @Nullable Long b) {
            return a == null ? b : b == null ? a : Long.valueOf(Math.max(a, b));
        }
    }
}

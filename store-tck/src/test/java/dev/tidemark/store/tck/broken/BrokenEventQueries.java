package dev.tidemark.store.tck.broken;

import dev.tidemark.event.AggregateId;
import dev.tidemark.event.Event;
import dev.tidemark.event.EventHandler;
import dev.tidemark.event.EventQuery;
import dev.tidemark.event.EventSort;
import dev.tidemark.event.EventStore;
import dev.tidemark.event.NumberFilter;
import dev.tidemark.event.Subscription;
import dev.tidemark.event.SubscriptionOptions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Event stores whose queries go wrong where several things come together, which only random queries find out. */
final class BrokenEventQueries {
    private static final int PAGE = 512;

    private BrokenEventQueries() {}

    static Stream<BrokenEvents> all() {
        return Stream.of(
                BrokenEvents.querying(
                        "e9", "ids of events and of aggregates are either or", BrokenEventQueries::eitherOr),
                BrokenEvents.asking("e9", "ranges of times have no bounds beside them", BrokenEventQueries::unbounded),
                BrokenEvents.querying("e10", "a page by version begins with a new one", BrokenEventQueries::losingTies),
                BrokenEvents.querying("e10", "ties descend with what is sorted", BrokenEventQueries::descendingTies),
                BrokenEvents.asking("e10", "an order has two keys at most", BrokenEventQueries::twoKeys),
                BrokenEvents.store("e13", "subscriptions know no time", BrokenEventQueries::timeless));
    }

    private static Stream<Event<?>> eitherOr(EventStore store, EventQuery query) {
        if (query.ids().isEmpty() || query.aggregateIds().isEmpty()) {
            return store.query(query);
        }
        return store.query(EventQuery.all().withSorts(query.sorts().toArray(EventSort[]::new)))
                .filter(event -> query.ids().contains(event.id()) || isOfOne(query, event.aggregate()));
    }

    private static boolean isOfOne(EventQuery query, @Nullable AggregateId aggregate) {
        return aggregate != null && query.aggregateIds().contains(aggregate.id());
    }

    private static EventQuery unbounded(EventQuery query) {
        NumberFilter times = query.times();
        return times.ranges().isEmpty()
                ? query
                : with(query, new NumberFilter(times.exact(), times.ranges(), null, null), query.sorts());
    }

    private static Stream<Event<?>> losingTies(EventStore store, EventQuery query) {
        if (query.sorts().isEmpty() || query.sorts().get(0).key() != EventSort.Key.AGGREGATE_VERSION) {
            return store.query(query);
        }
        List<Event<?>> read = new ArrayList<>();
        for (Event<?> event : store.list(query)) {
            boolean begins = !read.isEmpty() && read.size() % PAGE == 0;
            if (!begins || event.version() != read.get(read.size() - 1).version()) {
                read.add(event);
            }
        }
        return read.stream();
    }

    /** Where the last of several keys does. */
    private static Stream<Event<?>> descendingTies(EventStore store, EventQuery query) {
        int last = query.sorts().size() - 1;
        if (last < 1 || !query.sorts().get(last).descending()) {
            return store.query(query);
        }
        List<EventSort> opposite = query.sorts().stream()
                .map(sort -> new EventSort(sort.key(), !sort.descending()))
                .toList();
        List<Event<?>> events = new ArrayList<>(store.list(with(query, query.times(), opposite)));
        Collections.reverse(events);
        return events.stream();
    }

    private static EventQuery twoKeys(EventQuery query) {
        return with(query, query.times(), query.sorts().stream().limit(2).toList());
    }

    private static EventStore timeless(EventStore store) {
        return new ForwardingEventStore(store) {
            @Override
            public Subscription subscribe(SubscriptionOptions options, EventHandler handler) {
                return store.subscribe(
                        options.withFilter(with(options.filter(), NumberFilter.ALL, List.of())), handler);
            }
        };
    }

    private static EventQuery with(EventQuery query, NumberFilter times, List<EventSort> sorts) {
        return BrokenEvents.with(query, query.versions(), times, sorts);
    }
}

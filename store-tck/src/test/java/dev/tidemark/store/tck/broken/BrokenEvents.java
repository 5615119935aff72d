package dev.tidemark.store.tck.broken;

import dev.tidemark.event.Event;
import dev.tidemark.event.EventQuery;
import dev.tidemark.event.EventSort;
import dev.tidemark.event.EventStore;
import dev.tidemark.event.EventStoreOptions;
import dev.tidemark.event.NumberFilter;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * An event store that breaks a rule.
 *
 * @param rule the rule, as test names cite it
 * @param what what is wrong with the event store
 * @param rig makes a backend of it
 */
record BrokenEvents(String rule, String what, Supplier<EventRig> rig) {

    static BrokenEvents store(String rule, String what, UnaryOperator<EventStore> broken) {
        return new BrokenEvents(rule, what, () -> new EventRig() {
            @Override
            EventStore decorate(EventStore store, EventStoreOptions options) {
                return broken.apply(store);
            }
        });
    }

    /** What answers a query, instead of {@link EventStore#query}. */
    interface Query {
        Stream<Event<?>> on(EventStore store, EventQuery query);
    }

    static BrokenEvents querying(String rule, String what, Query broken) {
        return store(rule, what, store -> new ForwardingEventStore(store) {
            @Override
            public Stream<Event<?>> query(EventQuery query) {
                return broken.on(store, query);
            }
        });
    }

    /** An event store that answers another query than it was asked. */
    static BrokenEvents asking(String rule, String what, UnaryOperator<EventQuery> wrong) {
        return querying(rule, what, (store, query) -> store.query(wrong.apply(query)));
    }

    /** A query with other numbers and another order. */
    static EventQuery with(EventQuery query, NumberFilter versions, NumberFilter times, List<EventSort> sorts) {
        return new EventQuery(
                query.ids(),
                query.names(),
                query.aggregateNames(),
                query.aggregateIds(),
                query.aggregates(),
                versions,
                times,
                sorts);
    }

    @Override
    public String toString() {
        return rule + ": " + what;
    }
}

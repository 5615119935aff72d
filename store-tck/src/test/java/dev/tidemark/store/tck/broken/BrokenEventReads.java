package dev.tidemark.store.tck.broken;

import dev.tidemark.codec.Codec;
import dev.tidemark.event.AggregateId;
import dev.tidemark.event.AggregateRef;
import dev.tidemark.event.Event;
import dev.tidemark.event.EventHandler;
import dev.tidemark.event.EventQuery;
import dev.tidemark.event.EventSort;
import dev.tidemark.event.EventStore;
import dev.tidemark.event.EventStoreOptions;
import dev.tidemark.event.NumberFilter;
import dev.tidemark.event.Subscription;
import dev.tidemark.event.SubscriptionOptions;
import dev.tidemark.event.TransactionalEventHandler;
import dev.tidemark.event.UndecodableEventException;
import dev.tidemark.store.Entry;
import dev.tidemark.store.ListOptions;
import dev.tidemark.store.Page;
import dev.tidemark.store.Store;
import dev.tidemark.store.StoreOptions;
import dev.tidemark.store.StoreUnavailableException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Event stores that break what is promised about reading, following and what stands on that. */
final class BrokenEventReads {
    private BrokenEventReads() {}

    static Stream<BrokenEvents> all() {
        return Stream.of(
                BrokenEvents.querying("e4", "positions are counted anew for each query", BrokenEventReads::counted),
                BrokenEvents.store("e4", "the newest position is the number of events", BrokenEventReads::counting),
                BrokenEvents.querying(
                        "e5", "a stream shows what is committed while it is read", BrokenEventReads::live),
                BrokenEvents.store("e5", "an abandoned stream keeps a connection", BrokenEventReads::holding),
                BrokenEvents.asking("e9", "a range excludes its end", query -> with(query, BrokenEventReads::shorter)),
                BrokenEvents.asking(
                        "e9", "bounds of versions are ignored", query -> with(query, BrokenEventReads::unbounded)),
                BrokenEvents.asking("e9", "an aggregate is known by its id alone", BrokenEventReads::byIdAlone),
                sorting("e10", "ids are in the order of Java", BrokenEventReads::byJavaOrder),
                sorting("e10", "what is absent comes last", BrokenEventReads::absentLast),
                BrokenEvents.querying("e10", "ties are in the order of positions", BrokenEventReads::tiedByPosition),
                BrokenEvents.querying(
                        "e12", "an event that can't be decoded is passed over", BrokenEventReads::lenient),
                following("e13", "an event is dropped", BrokenEventReads::dropping),
                following("e13", "an event comes twice", handler -> event -> {
                    handler.handle(event);
                    handler.handle(event);
                }),
                subscribing(
                        "e13",
                        "a name is forgotten",
                        options ->
                                new SubscriptionOptions(options.startAfter(), options.filter(), null, options.lease())),
                subscribing(
                        "e13",
                        "from now means from the start",
                        options -> new SubscriptionOptions(0L, options.filter(), options.name(), options.lease())),
                BrokenEvents.store(
                        "e13", "a name that handled nothing is forgotten", BrokenEventReads::rememberingWhatWasHandled),
                subscribing("e13", "filters are ignored", options -> options.withFilter(EventQuery.all())),
                new BrokenEvents("e14", "the checkpoint moves by itself", BrokenEventReads::movingByItself),
                storing("e17", "a listing starts at the first key", BrokenEventReads::startingAtTheFirst),
                storing("e18", "a change reads, then writes", BrokenEventReads::losingUpdates),
                BrokenEvents.asking(
                        "e19",
                        "an aggregate has always all of its versions",
                        query -> with(query, BrokenEventReads::unbounded)));
    }

    private static BrokenEvents sorting(String rule, String what, Function<EventSort, Comparator<Event<?>>> wrong) {
        return BrokenEvents.querying(rule, what, (store, query) -> {
            Comparator<Event<?>> order = null;
            for (EventSort sort : query.sorts()) {
                order = order == null ? wrong.apply(sort) : order.thenComparing(wrong.apply(sort));
            }
            return order == null ? store.query(query) : store.query(query).sorted(order);
        });
    }

    private static BrokenEvents following(String rule, String what, UnaryOperator<EventHandler> broken) {
        return BrokenEvents.store(rule, what, store -> new ForwardingEventStore(store) {
            @Override
            public Subscription subscribe(SubscriptionOptions options, EventHandler handler) {
                return store.subscribe(options, broken.apply(handler));
            }
        });
    }

    private static EventStore rememberingWhatWasHandled(EventStore store) {
        AtomicInteger forgotten = new AtomicInteger();
        return new ForwardingEventStore(store) {
            @Override
            public Subscription subscribe(SubscriptionOptions options, EventHandler handler) {
                String name = options.name();
                if (name == null || options.startAfter() != null) {
                    return store.subscribe(options, handler);
                }
                return store.subscribe(options.withName(name + forgotten.incrementAndGet()), handler);
            }
        };
    }

    private static BrokenEvents subscribing(String rule, String what, UnaryOperator<SubscriptionOptions> wrong) {
        return BrokenEvents.store(rule, what, store -> new ForwardingEventStore(store) {
            @Override
            public Subscription subscribe(SubscriptionOptions options, EventHandler handler) {
                return store.subscribe(wrong.apply(options), handler);
            }
        });
    }

    /** What breaks the stores of entries that snapshots and models are kept in. */
    private static BrokenEvents storing(String rule, String what, Broken.OnStore broken) {
        return new BrokenEvents(rule, what, () -> new EventRig() {
            @Override
            public <V> Store<V> store(Codec<V> codec, StoreOptions<V> options) {
                return broken.over(super.store(codec, options));
            }
        });
    }

    private static <D> Event<D> at(Event<D> event, long position) {
        return new Event<>(
                event.id(),
                event.name(),
                event.time(),
                event.data(),
                event.aggregate(),
                event.version(),
                event.metadata(),
                position);
    }

    private static Stream<Event<?>> counted(EventStore store, EventQuery query) {
        AtomicInteger position = new AtomicInteger(-1);
        return store.query(query).map(event -> at(event, position.incrementAndGet()));
    }

    private static EventStore counting(EventStore store) {
        return new ForwardingEventStore(store) {
            @Override
            public long position() {
                return store.list(EventQuery.all()).size();
            }
        };
    }

    /** Reads each page anew, with no thought of what was committed since the first. */
    private static Stream<Event<?>> live(EventStore store, EventQuery query) {
        Iterator<Event<?>> pages = new Iterator<>() {
            private List<Event<?>> present = store.list(query);
            private int next;

            @Override
            public boolean hasNext() {
                if (next % 500 == 499) {
                    present = store.list(query);
                }
                return next < present.size();
            }

            @Override
            public Event<?> next() {
                return present.get(next++);
            }
        };
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(pages, Spliterator.ORDERED), false);
    }

    private static EventStore holding(EventStore store) {
        Semaphore pool = new Semaphore(4);
        return new ForwardingEventStore(store) {
            @Override
            public Stream<Event<?>> query(EventQuery query) {
                if (!pool.tryAcquire()) {
                    throw new StoreUnavailableException("no connection is free", null);
                }
                return store.query(query).onClose(pool::release);
            }
        };
    }

    private static EventQuery with(EventQuery query, UnaryOperator<NumberFilter> versions) {
        return BrokenEvents.with(query, versions.apply(query.versions()), query.times(), query.sorts());
    }

    private static NumberFilter shorter(NumberFilter filter) {
        NumberFilter shorter = new NumberFilter(filter.exact(), Set.of(), filter.min(), filter.max());
        for (NumberFilter.Range range : filter.ranges()) {
            Set<NumberFilter.Range> ranges = new LinkedHashSet<>(shorter.ranges());
            ranges.add(new NumberFilter.Range(range.from(), Math.max(range.from(), range.to() - 1)));
            shorter = new NumberFilter(filter.exact(), ranges, filter.min(), filter.max());
        }
        return shorter;
    }

    private static NumberFilter unbounded(NumberFilter filter) {
        return new NumberFilter(filter.exact(), filter.ranges(), null, null);
    }

    private static EventQuery byIdAlone(EventQuery query) {
        EventQuery wrong = new EventQuery(
                query.ids(),
                query.names(),
                query.aggregateNames(),
                query.aggregateIds(),
                Set.of(),
                query.versions(),
                query.times(),
                query.sorts());
        for (AggregateRef aggregate : query.aggregates()) {
            if (aggregate.id() != null) {
                wrong = wrong.withAggregateIds(aggregate.id());
            }
        }
        return wrong;
    }

    private static Comparator<Event<?>> byJavaOrder(EventSort sort) {
        Comparator<Event<?>> order =
                Comparator.comparing(event -> id(event), Comparator.nullsFirst(Comparator.naturalOrder()));
        return sort.descending() ? order.reversed() : order;
    }

    private static Comparator<Event<?>> absentLast(EventSort sort) {
        return Comparator.comparing(event -> event.aggregate() == null);
    }

    private static @Nullable UUID id(Event<?> event) {
        AggregateId aggregate = event.aggregate();
        return aggregate == null ? null : aggregate.id();
    }

    private static Stream<Event<?>> tiedByPosition(EventStore store, EventQuery query) {
        if (query.sorts().size() != 1 || query.sorts().get(0).key() != EventSort.Key.TIME) {
            return store.query(query);
        }
        Comparator<Event<?>> order = Comparator.comparing(Event::time);
        return store.query(query)
                .sorted((query.sorts().get(0).descending() ? order.reversed() : order).thenComparing(Event::position));
    }

    private static Stream<Event<?>> lenient(EventStore store, EventQuery query) {
        List<Event<?>> decodable = new ArrayList<>();
        try (Stream<Event<?>> events = store.query(query)) {
            events.forEachOrdered(decodable::add);
        } catch (UndecodableEventException passedOver) {
            return decodable.stream();
        }
        return decodable.stream();
    }

    private static EventHandler dropping(EventHandler handler) {
        AtomicInteger count = new AtomicInteger();
        return event -> {
            if (count.incrementAndGet() != 2) {
                handler.handle(event);
            }
        };
    }

    private static EventRig movingByItself() {
        return new EventRig() {
            @Override
            EventStore decorate(EventStore store, EventStoreOptions options) {
                return new ForwardingEventStore(store) {
                    @Override
                    public Subscription subscribe(SubscriptionOptions options, TransactionalEventHandler handler) {
                        return store.subscribe(
                                options,
                                event -> transact(transaction -> {
                                    try {
                                        handler.handle(event, transaction);
                                    } catch (Exception thrown) {
                                        throw new IllegalStateException(thrown.getMessage(), thrown);
                                    }
                                    return true;
                                }));
                    }
                };
            }
        };
    }

    private static <V> Store<V> startingAtTheFirst(Store<V> store) {
        return new ForwardingStore<>(store) {
            @Override
            public Page<Entry<V>> list(String kind, ListOptions options, Predicate<? super Entry<V>> filter) {
                return store.list(
                        kind,
                        ListOptions.defaults().withPrefix(options.prefix()).withLimit(options.limit()),
                        filter);
            }
        };
    }

    private static <V> Store<V> losingUpdates(Store<V> store) {
        Meeting meeting = new Meeting();
        return new ForwardingStore<>(store) {
            @Override
            public V upsert(String kind, String key, Function<Optional<V>, V> change) {
                V value = change.apply(store.get(kind, key));
                meeting.attend();
                store.set(kind, key, value);
                return value;
            }
        };
    }
}

package dev.tidemark.event.spi;

import dev.tidemark.event.AggregateId;
import dev.tidemark.event.Appended;
import dev.tidemark.event.Event;
import dev.tidemark.event.EventBatch;
import dev.tidemark.event.EventHandler;
import dev.tidemark.event.EventQuery;
import dev.tidemark.event.EventStore;
import dev.tidemark.event.EventStoreOptions;
import dev.tidemark.event.EventTypes;
import dev.tidemark.event.Subscription;
import dev.tidemark.event.SubscriptionOptions;
import dev.tidemark.event.TransactionalEventHandler;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The one implementation of {@link EventStore}. */
final class TypedEventStore implements EventStore {
    private final EventEngine engine;
    private final EventTypes types;
    private final EventMapper mapper;
    private final Hooks hooks;
    private final String table;

    TypedEventStore(EventEngine engine, EventTypes types, EventStoreOptions options) {
        this.engine = engine;
        this.types = types;
        this.mapper = new EventMapper(types, options);
        this.hooks = new Hooks(engine, options.hooks());
        this.table = options.table();
    }

    EventEngine engine() {
        return engine;
    }

    @Override
    public Appended write(EventBatch batch) {
        EventMapper.Draft draft = draft(batch);
        if (draft.events().isEmpty()) {
            checkOpen();
            return new Appended(List.of(), false);
        }
        EventReceipt receipt = hooks.isEmpty() ? engine.write(draft.write()) : hooks.write(draft);
        List<UUID> repeated = receipt.repeated();
        return repeated == null
                ? new Appended(EventMapper.stored(draft, receipt), false)
                : new Appended(findAll(repeated), true);
    }

    @Override
    public Optional<Event<?>> find(UUID id) {
        StoredEvent stored = engine.find(Objects.requireNonNull(id, "id"));
        return stored == null ? Optional.empty() : Optional.of(mapper.toEvent(stored));
    }

    @Override
    public Stream<Event<?>> query(EventQuery query) {
        EventCursor cursor = engine.query(asStored(query));
        return StreamSupport.stream(new EventSpliterator(cursor, mapper), false).onClose(cursor::close);
    }

    @Override
    public int delete(Collection<UUID> ids) {
        Set<UUID> distinct = new LinkedHashSet<>(ids);
        distinct.forEach(id -> Objects.requireNonNull(id, "id"));
        if (distinct.isEmpty()) {
            checkOpen();
            return 0;
        }
        return engine.delete(distinct);
    }

    /** Where there is nothing to do, a call fails all the same if it could do nothing. */
    private void checkOpen() {
        long unused = engine.newest();
    }

    @Override
    public int version(AggregateId aggregate) {
        return engine.version(Objects.requireNonNull(aggregate, "aggregate"));
    }

    @Override
    public long position() {
        return engine.newest();
    }

    @Override
    public Subscription subscribe(SubscriptionOptions options, EventHandler handler) {
        Objects.requireNonNull(handler, "handler");
        return follow(options, (event, hold) -> {
            handler.handle(mapper.toEvent(event));
            return true;
        });
    }

    @Override
    public Subscription subscribe(SubscriptionOptions options, TransactionalEventHandler handler) {
        Objects.requireNonNull(handler, "handler");
        if (options.name() == null) {
            throw new IllegalArgumentException("a transactional handler needs a named subscription");
        }
        return follow(options, new TransactionalDelivery(engine, mapper, handler));
    }

    private Subscription follow(SubscriptionOptions options, Delivery delivery) {
        engine.checkFollowable();
        Long startAfter = options.startAfter();
        Hold hold = new Hold(engine, options, startAfter == null ? engine.newest() : startAfter);
        if (startAfter == null) {
            hold.claim(); // a name remembers from when on, also if this process ends before its thread does anything
        }
        String name = options.name() == null ? "a subscription" : "the subscription '" + options.name() + "'";
        Follower follower =
                new Follower(engine, asStored(options.filter()), hold, delivery, name + " to '" + table + "'");
        follower.start();
        return follower;
    }

    EventMapper.Draft draft(EventBatch batch) {
        return mapper.draft(batch);
    }

    /** Writes as part of a transaction, hooks included. */
    EventReceipt write(TransactionEngine owner, EngineTransaction transaction, EventMapper.Draft draft) {
        return hooks.write(owner, transaction, draft);
    }

    /** The query with the names under which what it asks for may be stored. */
    EventQuery asStored(EventQuery query) {
        return query.names().isEmpty() ? query : query.withNames(types.storedNames(query.names()));
    }

    private List<Event<?>> findAll(List<UUID> ids) {
        List<Event<?>> events = new ArrayList<>();
        try (EventCursor cursor = engine.query(EventQuery.all().withIds(ids))) {
            for (List<StoredEvent> page = cursor.next(ids.size()); !page.isEmpty(); page = cursor.next(ids.size())) {
                page.forEach(stored -> events.add(mapper.toEvent(stored)));
            }
        }
        return events;
    }
}

package dev.tidemark.store.tck.broken;

import dev.tidemark.event.AggregateId;
import dev.tidemark.event.Appended;
import dev.tidemark.event.Event;
import dev.tidemark.event.EventBatch;
import dev.tidemark.event.EventHandler;
import dev.tidemark.event.EventQuery;
import dev.tidemark.event.EventStore;
import dev.tidemark.event.Subscription;
import dev.tidemark.event.SubscriptionOptions;
import dev.tidemark.event.TransactionalEventHandler;
import java.util.Collection;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/** An event store that does what another does, made to be overridden. */
class ForwardingEventStore implements EventStore {
    final EventStore intact;

    ForwardingEventStore(EventStore intact) {
        this.intact = intact;
    }

    @Override
    public Appended write(EventBatch batch) {
        return intact.write(batch);
    }

    @Override
    public Optional<Event<?>> find(UUID id) {
        return intact.find(id);
    }

    @Override
    public Stream<Event<?>> query(EventQuery query) {
        return intact.query(query);
    }

    @Override
    public int delete(Collection<UUID> ids) {
        return intact.delete(ids);
    }

    @Override
    public int version(AggregateId aggregate) {
        return intact.version(aggregate);
    }

    @Override
    public long position() {
        return intact.position();
    }

    @Override
    public Subscription subscribe(SubscriptionOptions options, EventHandler handler) {
        return intact.subscribe(options, handler);
    }

    @Override
    public Subscription subscribe(SubscriptionOptions options, TransactionalEventHandler handler) {
        return intact.subscribe(
                options, (event, transaction) -> handler.handle(event, new ForwardingTransaction(transaction)));
    }
}

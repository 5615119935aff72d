package dev.tidemark.store.tck.broken;

import dev.tidemark.event.EventBatch;
import dev.tidemark.event.EventStore;
import dev.tidemark.store.Store;
import dev.tidemark.store.Transaction;
import dev.tidemark.store.WriteBatch;
import java.util.Optional;

/** A transaction that leaves everything to another, made to be overridden; it takes the stores of a rig for what they forward to. */
class ForwardingTransaction implements Transaction {
    private final Transaction transaction;

    ForwardingTransaction(Transaction transaction) {
        this.transaction = transaction;
    }

    @Override
    public <V> void write(Store<V> store, WriteBatch<V> batch) {
        transaction.write(store, batch);
    }

    @Override
    public void write(EventStore events, EventBatch batch) {
        transaction.write(events instanceof ForwardingEventStore forwarding ? forwarding.intact : events, batch);
    }

    @Override
    public <T> Optional<T> unwrap(Class<T> type) {
        return transaction.unwrap(type);
    }
}

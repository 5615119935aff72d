package dev.tidemark.event.spi;

import dev.tidemark.event.EventBatch;
import dev.tidemark.event.EventStore;
import dev.tidemark.store.Store;
import dev.tidemark.store.Transaction;
import dev.tidemark.store.WriteBatch;
import dev.tidemark.store.spi.Op;
import dev.tidemark.store.spi.PreparedWrite;
import dev.tidemark.store.spi.Stores;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Collects what is written, so that the engine's transaction takes its locks only when everything is known. */
final class TypedTransaction implements Transaction {
    private final TransactionEngine engine;
    private final EngineTransaction transaction;
    private final List<Runnable> writes = new ArrayList<>();
    private boolean over;

    TypedTransaction(TransactionEngine engine, EngineTransaction transaction) {
        this.engine = engine;
        this.transaction = transaction;
    }

    @Override
    public <V> void write(Store<V> store, WriteBatch<V> batch) {
        checkOpen();
        PreparedWrite<?> write = Stores.prepare(store, batch);
        if (!transaction.covers(write.engine())) {
            throw new IllegalArgumentException("the store belongs to another backend than the transaction");
        }
        writes.add(() -> apply(write));
    }

    @Override
    public void write(EventStore events, EventBatch batch) {
        checkOpen();
        if (!(events instanceof TypedEventStore store) || store.engine().transactions() != engine) {
            throw new IllegalArgumentException("the event store belongs to another backend than the transaction");
        }
        EventMapper.Draft draft = store.draft(batch);
        if (!draft.events().isEmpty()) {
            writes.add(() -> store.write(engine, transaction, draft));
        }
    }

    @Override
    public <T> Optional<T> unwrap(Class<T> type) {
        checkOpen();
        return transaction.unwrap(type);
    }

    /** Does what was collected; nothing can be added any more. */
    void flush() {
        end();
        writes.forEach(Runnable::run);
    }

    void end() {
        over = true;
    }

    private <R> void apply(PreparedWrite<R> write) {
        List<Op<R>> operations = write.operations()
                .apply((kind, keys) -> transaction.getAll(write.engine(), write.namespace(), kind, keys));
        if (!operations.isEmpty()) {
            transaction.write(write.engine(), write.namespace(), operations);
        }
    }

    private void checkOpen() {
        if (over) {
            throw new IllegalStateException("the transaction is over");
        }
    }
}

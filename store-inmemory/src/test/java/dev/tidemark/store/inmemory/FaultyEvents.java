package dev.tidemark.store.inmemory;

import dev.tidemark.event.EventQuery;
import dev.tidemark.event.spi.Checkpoint;
import dev.tidemark.event.spi.EngineTransaction;
import dev.tidemark.event.spi.EventCursor;
import dev.tidemark.event.spi.EventEngine;
import dev.tidemark.event.spi.EventPage;
import dev.tidemark.event.spi.EventReceipt;
import dev.tidemark.event.spi.EventWrite;
import dev.tidemark.event.spi.StoredEvent;
import dev.tidemark.event.spi.TransactionEngine;
import dev.tidemark.store.OutcomeUnknownException;
import dev.tidemark.store.StoreUnavailableException;
import dev.tidemark.store.spi.Engine;
import dev.tidemark.store.spi.Op;
import dev.tidemark.store.spi.Stored;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A table whose calls fail now and then, some of them only after they have done their work. */
final class FaultyEvents implements EventEngine, TransactionEngine {
    private final MemoryEvents events;
    private final Random random;
    private final AtomicInteger faults = new AtomicInteger();
    private final AtomicInteger unknown = new AtomicInteger();

    FaultyEvents(MemoryEvents events, long seed) {
        this.events = events;
        this.random = new Random(seed);
    }

    int faults() {
        return faults.get();
    }

    int unknown() {
        return unknown.get();
    }

    void mayFail() {
        if (random.nextInt(10) == 0) {
            faults.incrementAndGet();
            throw new StoreUnavailableException("away for a moment", null);
        }
    }

    private void mayBeUnknown() {
        if (random.nextInt(10) == 0) {
            unknown.incrementAndGet();
            throw new OutcomeUnknownException("the acknowledgement was lost", null);
        }
    }

    @Override
    public EventPage after(long position, EventQuery filter, int limit) {
        mayFail();
        return events.after(position, filter, 1 + random.nextInt(limit));
    }

    @Override
    public Registration onCommit(Runnable hint) {
        mayFail();
        return events.onCommit(() -> {
            if (random.nextBoolean()) {
                hint.run();
            }
        });
    }

    @Override
    public Duration pollInterval() {
        return Duration.ofMillis(5);
    }

    @Override
    public OptionalLong claim(String subscription, UUID owner, Duration lease, long start) {
        mayFail();
        OptionalLong claimed = events.claim(subscription, owner, lease, start);
        mayFail();
        return claimed;
    }

    @Override
    public boolean move(Checkpoint step) {
        mayFail();
        mayBeUnknown();
        boolean moved = events.move(step);
        mayBeUnknown();
        return moved;
    }

    @Override
    public <T> T transact(Function<? super EngineTransaction, T> work) {
        mayFail();
        mayBeUnknown();
        T result = events.transactions().transact(transaction -> work.apply(new Unwrapping(transaction)));
        mayBeUnknown();
        return result;
    }

    @Override
    public TransactionEngine transactions() {
        return this;
    }

    @Override
    public Duration timeout() {
        return events.timeout();
    }

    @Override
    public EventReceipt write(EventWrite write) {
        return events.write(write);
    }

    @Override
    public @Nullable StoredEvent find(UUID id) {
        return events.find(id);
    }

    @Override
    public EventCursor query(EventQuery query) {
        return events.query(query);
    }

    @Override
    public int delete(Collection<UUID> ids) {
        return events.delete(ids);
    }

    @Override
    public long newest() {
        return events.newest();
    }

    @Override
    public void checkFollowable() {
        events.checkFollowable();
    }

    @Override
    public void release(String subscription, UUID owner) {
        events.release(subscription, owner);
    }

    /** Takes this table for the one that it stands before. */
    private final class Unwrapping implements EngineTransaction {
        private final EngineTransaction transaction;

        Unwrapping(EngineTransaction transaction) {
            this.transaction = transaction;
        }

        @Override
        public boolean covers(Engine<?> engine) {
            return transaction.covers(engine);
        }

        @Override
        public <T> Optional<T> unwrap(Class<T> type) {
            return transaction.unwrap(type);
        }

        @Override
        public <R> List<Stored<R>> getAll(Engine<R> engine, long namespace, String kind, Collection<String> keys) {
            return transaction.getAll(engine, namespace, kind, keys);
        }

        @Override
        public <R> void write(Engine<R> engine, long namespace, List<Op<R>> operations) {
            transaction.write(engine, namespace, operations);
        }

        @Override
        public EventReceipt write(EventEngine table, EventWrite write) {
            return transaction.write(events, write);
        }

        @Override
        public boolean move(EventEngine table, Checkpoint step) {
            return transaction.move(events, step);
        }
    }
}

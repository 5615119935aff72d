package dev.tidemark.store.inmemory;

import dev.tidemark.event.AggregateId;
import dev.tidemark.event.EventQuery;
import dev.tidemark.event.spi.Checkpoint;
import dev.tidemark.event.spi.EventCursor;
import dev.tidemark.event.spi.EventEngine;
import dev.tidemark.event.spi.EventPage;
import dev.tidemark.event.spi.EventReceipt;
import dev.tidemark.event.spi.EventWrite;
import dev.tidemark.event.spi.StoredEvent;
import dev.tidemark.event.spi.TransactionEngine;
import dev.tidemark.store.spi.Deadline;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A table of events.
 *
 * <p>Locks: readers share {@code lock}, and a writer holds it alone, in a transaction until that ends; so nobody sees half of one. It
 * is a leaf for everybody but transactions, of which only one at a time takes locks.
 */
final class MemoryEvents implements EventEngine {
    private final MemoryEngine engine;
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private final EventRows rows = new EventRows();
    private final Checkpoints checkpoints = new Checkpoints();
    private final Map<Object, Runnable> hints = new ConcurrentHashMap<>();

    MemoryEvents(MemoryEngine engine) {
        this.engine = engine;
    }

    @Override
    public Duration timeout() {
        return engine.timeout();
    }

    @Override
    public EventReceipt write(EventWrite write) {
        EventReceipt receipt = writing(() -> rows.write(write));
        hint();
        return receipt;
    }

    @Override
    public @Nullable StoredEvent find(UUID id) {
        engine.checkOpen();
        Turns.take(lock.readLock(), timeout());
        try {
            return rows.find(id);
        } finally {
            lock.readLock().unlock();
        }
    }

    @Override
    public int version(AggregateId aggregate) {
        return reading(() -> rows.version(aggregate));
    }

    @Override
    public EventCursor query(EventQuery query) {
        return new MemoryCursor(reading(() -> rows.select(query)).iterator(), engine::checkOpen);
    }

    @Override
    public int delete(Collection<UUID> ids) {
        return writing(() -> rows.delete(ids));
    }

    @Override
    public long newest() {
        return reading(rows::newest);
    }

    @Override
    public EventPage after(long position, EventQuery filter, int limit) {
        return reading(() -> rows.after(position, filter, limit));
    }

    @Override
    public Registration onCommit(Runnable hint) {
        Object registration = new Object();
        hints.put(registration, hint);
        return () -> hints.remove(registration);
    }

    @Override
    public Duration pollInterval() {
        return Duration.ZERO;
    }

    @Override
    public OptionalLong claim(String subscription, UUID owner, Duration lease, long start) {
        return writing(() -> checkpoints.claim(subscription, owner, lease, start));
    }

    @Override
    public boolean move(Checkpoint step) {
        return writing(() -> checkpoints.move(step));
    }

    @Override
    public void checkFollowable() {
        engine.checkOpen();
    }

    @Override
    public void release(String subscription, UUID owner) {
        writing(() -> checkpoints.release(subscription, owner));
    }

    @Override
    public TransactionEngine transactions() {
        return engine.transactions();
    }

    /** Says that something may have been committed, or that the backend was closed. */
    void hint() {
        hints.values().forEach(Runnable::run);
    }

    MemoryEngine engine() {
        return engine;
    }

    /** For the thread that holds {@link #begin}. */
    EventRows rows() {
        return rows;
    }

    /** For the thread that holds {@link #begin}. */
    Checkpoints checkpoints() {
        return checkpoints;
    }

    /** Keeps everybody else out until {@link #end}. */
    void begin(Deadline deadline) {
        Turns.take(lock.writeLock(), deadline);
    }

    void end() {
        lock.writeLock().unlock();
        hint();
    }

    private <T> T reading(Supplier<T> read) {
        engine.checkOpen();
        Turns.take(lock.readLock(), timeout());
        try {
            return read.get();
        } finally {
            lock.readLock().unlock();
        }
    }

    private <T> T writing(Supplier<T> write) {
        engine.checkOpen();
        engine.transactions().checkOutside();
        Turns.take(lock.writeLock(), timeout());
        try {
            return write.get();
        } finally {
            lock.writeLock().unlock();
        }
    }
}

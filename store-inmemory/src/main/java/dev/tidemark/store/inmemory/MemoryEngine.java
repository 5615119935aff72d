package dev.tidemark.store.inmemory;

import dev.tidemark.store.StoreClosedException;
import dev.tidemark.store.spi.Commit;
import dev.tidemark.store.spi.Engine;
import dev.tidemark.store.spi.EngineSnapshot;
import dev.tidemark.store.spi.Op;
import dev.tidemark.store.spi.Outcome;
import dev.tidemark.store.spi.Stored;
import dev.tidemark.store.spi.WatchHub;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/** The namespaces of a backend, and its tables of events. */
final class MemoryEngine implements Engine<Object>, AutoCloseable {
    private final InMemoryOptions options;
    private final ConcurrentMap<Long, Namespace> namespaces = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, MemoryEvents> tables = new ConcurrentHashMap<>();
    private final MemoryTransactions transactions = new MemoryTransactions(this);
    private volatile boolean closed;

    /** Nearly always the only one; found without a look into the map, which would be a fifth of a get. */
    private volatile @Nullable Namespace first;

    MemoryEngine(InMemoryOptions options) {
        this.options = options;
    }

    @Override
    public Duration timeout() {
        return options.timeout();
    }

    @Override
    public @Nullable Stored<Object> get(long namespace, String kind, String key) {
        return namespace(namespace).get(kind, key);
    }

    /** What is there has a valid name. */
    @Override
    public @Nullable Stored<Object> find(long namespace, String kind, String key) {
        Stored<Object> found = kind == null || key == null ? null : get(namespace, kind, key);
        return found != null ? found : Engine.super.find(namespace, kind, key);
    }

    @Override
    public EngineSnapshot<Object> snapshot(long namespace) {
        return new MemorySnapshot(namespace(namespace), this::checkOpen);
    }

    @Override
    public Commit<Object> write(long namespace, List<Op<Object>> operations) {
        transactions.checkOutside();
        return namespace(namespace).write(operations);
    }

    @Override
    public Outcome<Object> write(long namespace, Op<Object> operation) {
        transactions.checkOutside();
        return namespace(namespace).write(operation);
    }

    @Override
    public WatchHub<Object> hub(long namespace) {
        return namespace(namespace).hub();
    }

    @Override
    public void close() {
        closed = true;
        namespaces.values().forEach(namespace -> namespace.hub().close());
        tables.values().forEach(MemoryEvents::hint);
    }

    MemoryTransactions transactions() {
        return transactions;
    }

    /** Returns the events of a table, which is made when it is not there. */
    MemoryEvents events(String table) {
        checkOpen();
        return tables.computeIfAbsent(table, absent -> new MemoryEvents(this));
    }

    void checkOpen() {
        if (closed) {
            throw new StoreClosedException();
        }
    }

    Namespace namespace(long id) {
        checkOpen();
        Namespace usual = first;
        if (usual != null && usual.id() == id) {
            return usual;
        }
        Namespace present = namespaces.get(id);
        return present != null ? present : create(id);
    }

    /** One that is made while the engine closes may have been missed by it. */
    private Namespace create(long id) {
        Namespace made = namespaces.computeIfAbsent(id, absent -> new Namespace(absent, options));
        if (closed) {
            made.hub().close();
            throw new StoreClosedException();
        }
        first = first == null ? made : first;
        return made;
    }
}

package dev.tidemark.store.tck.samples;

import dev.tidemark.store.StoreClosedException;
import dev.tidemark.store.spi.Commit;
import dev.tidemark.store.spi.Engine;
import dev.tidemark.store.spi.EngineSnapshot;
import dev.tidemark.store.spi.Op;
import dev.tidemark.store.spi.Stored;
import dev.tidemark.store.spi.WatchHub;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Finds the namespace of a call, and knows whether it is closed. */
public final class MapEngine implements Engine<byte[]> {
    private final Duration timeout;
    private final Map<Long, MapNamespace> namespaces = new ConcurrentHashMap<>();
    private volatile boolean closed;

    public MapEngine(Duration timeout) {
        this.timeout = timeout;
    }

    @Override
    public Duration timeout() {
        return timeout;
    }

    @Override
    public @Nullable Stored<byte[]> get(long namespace, String kind, String key) {
        return namespace(namespace).get(kind, key);
    }

    @Override
    public EngineSnapshot<byte[]> snapshot(long namespace) {
        return namespace(namespace).snapshot();
    }

    @Override
    public Commit<byte[]> write(long namespace, List<Op<byte[]>> operations) {
        return namespace(namespace).write(operations);
    }

    @Override
    public WatchHub<byte[]> hub(long namespace) {
        return namespace(namespace).hub();
    }

    public void close() {
        closed = true;
        namespaces.values().forEach(namespace -> namespace.hub().close());
    }

    void checkOpen() {
        if (closed) {
            throw new StoreClosedException();
        }
    }

    /** Its history, for who delivers changes himself. */
    public MapNamespace namespace(long namespace) {
        checkOpen();
        return namespaces.computeIfAbsent(namespace, absent -> new MapNamespace(this));
    }
}

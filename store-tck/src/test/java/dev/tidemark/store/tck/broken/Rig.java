package dev.tidemark.store.tck.broken;

import dev.tidemark.codec.Codec;
import dev.tidemark.store.Backend;
import dev.tidemark.store.HistoryCompactedException;
import dev.tidemark.store.OutcomeUnknownException;
import dev.tidemark.store.Store;
import dev.tidemark.store.StoreClosedException;
import dev.tidemark.store.StoreOptions;
import dev.tidemark.store.StoreUnavailableException;
import dev.tidemark.store.spi.Commit;
import dev.tidemark.store.spi.Engine;
import dev.tidemark.store.spi.EngineSnapshot;
import dev.tidemark.store.spi.History;
import dev.tidemark.store.spi.Op;
import dev.tidemark.store.spi.Representation;
import dev.tidemark.store.spi.Stored;
import dev.tidemark.store.spi.Stores;
import dev.tidemark.store.spi.WatchHub;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A backend on a {@link Disk} that keeps every rule, made to be overridden so that it breaks one. */
class Rig implements Backend, Engine<byte[]> {
    /** How a rig is opened. */
    record Settings(Disk disk, Duration timeout, long retained) {}

    /** Opens a rig. */
    interface Factory {
        Rig open(Settings settings);
    }

    final Disk disk;
    final Settings settings;
    private final Map<Long, WatchHub<byte[]>> hubs = new ConcurrentHashMap<>();
    private volatile boolean closed;

    Rig(Settings settings) {
        this.settings = settings;
        this.disk = settings.disk();
        disk.rigs.add(this);
    }

    Engine<byte[]> data() {
        return disk.data;
    }

    @Override
    public Duration timeout() {
        return settings.timeout();
    }

    @Override
    public <V> Store<V> store(Codec<V> codec, StoreOptions<V> options) {
        checkOpen();
        return decorate(Stores.over(this, Representation.of(codec), options), codec, options);
    }

    <V> Store<V> decorate(Store<V> store, Codec<V> codec, StoreOptions<V> options) {
        return store;
    }

    @Override
    public @Nullable Stored<byte[]> get(long namespace, String kind, String key) {
        checkReachable();
        return data().get(namespace, kind, key);
    }

    @Override
    public EngineSnapshot<byte[]> snapshot(long namespace) {
        checkReachable();
        return new ForwardingSnapshot(data().snapshot(namespace), this::checkReachable);
    }

    @Override
    public Commit<byte[]> write(long namespace, List<Op<byte[]>> operations) {
        checkReachable();
        disk.acquire(timeout());
        try {
            Commit<byte[]> commit = data().write(namespace, operations);
            if (disk.losesAcknowledgements) {
                throw new OutcomeUnknownException("the acknowledgement was lost", null);
            }
            return commit;
        } finally {
            disk.release();
            disk.rigs.forEach(rig -> rig.poke(namespace));
        }
    }

    private void poke(long namespace) {
        WatchHub<byte[]> hub = hubs.get(namespace);
        if (hub != null) {
            hub.poke();
        }
    }

    @Override
    public WatchHub<byte[]> hub(long namespace) {
        checkOpen();
        return hubs.computeIfAbsent(namespace, absent -> new WatchHub<>("rig", history(absent), pollInterval()));
    }

    Duration pollInterval() {
        return Duration.ofMillis(20);
    }

    History<byte[]> history(long namespace) {
        return new RetainedHistory(namespace);
    }

    void checkOpen() {
        if (closed) {
            throw new StoreClosedException();
        }
    }

    private void checkReachable() {
        checkOpen();
        if (disk.cutOff) {
            throw new StoreUnavailableException("the disk is away");
        }
    }

    @Override
    public void close() {
        closed = true;
        disk.rigs.remove(this);
        hubs.values().forEach(WatchHub::close);
    }

    /** The history of the disk, as far as the settings retain it. */
    class RetainedHistory implements History<byte[]> {
        final History<byte[]> all;
        private final long namespace;

        RetainedHistory(long namespace) {
            this.namespace = namespace;
            this.all = disk.data.namespace(namespace);
        }

        @Override
        public long newest() {
            checkReachable();
            return all.newest();
        }

        @Override
        public Page<byte[]> after(long revision, int limit) {
            checkReachable();
            long oldest = Math.max(0, all.newest() - settings.retained());
            if (revision < oldest && !isNeeded(revision)) {
                throw new HistoryCompactedException(revision, oldest);
            }
            return all.after(revision, limit);
        }

        /** Whether that is where the live watches are. */
        boolean isNeeded(long revision) {
            return hub(namespace).drained() == revision;
        }
    }
}

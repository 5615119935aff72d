package dev.tidemark.store.inmemory;

import dev.tidemark.codec.Codec;
import dev.tidemark.event.EventStore;
import dev.tidemark.event.EventStoreOptions;
import dev.tidemark.event.EventTypes;
import dev.tidemark.event.spi.EventStores;
import dev.tidemark.event.spi.Transactions;
import dev.tidemark.store.Backend;
import dev.tidemark.store.Store;
import dev.tidemark.store.StoreOptions;
import dev.tidemark.store.Transaction;
import dev.tidemark.store.spi.Stores;
import java.util.function.Function;

/**
 * A backend whose entries and events live in this object and end with it.
 *
 * <p>Readers block nobody and are blocked by nobody; writers of one namespace take turns. Thread safe.
 *
 * @since 0.1
 */
public final class InMemoryBackend implements Backend {
    private final MemoryEngine engine;

    private InMemoryBackend(InMemoryOptions options) {
        this.engine = new MemoryEngine(options);
    }

    /** Opens an empty backend; the caller closes it. Does not block. */
    public static InMemoryBackend open(InMemoryOptions options) {
        return new InMemoryBackend(options);
    }

    /** Opens an empty backend with {@link InMemoryOptions#defaults()}; the caller closes it. */
    public static InMemoryBackend open() {
        return open(InMemoryOptions.defaults());
    }

    /**
     * Returns a view that keeps values as they are given, without a codec: what is read is the object that was written, so use
     * immutable values. Two values are the same when they are deeply equal, which is found out while other writers wait, so their
     * {@code equals} can't write to the store. The limit of their size does not apply.
     */
    public <V> Store<V> store(StoreOptions<V> options) {
        engine.checkOpen();
        return Stores.over(engine, Representations.asGiven(), options);
    }

    /** Returns a view that isolates values from their writers and readers: it keeps the bytes that the codec makes of them. */
    @Override
    public <V> Store<V> store(Codec<V> codec, StoreOptions<V> options) {
        engine.checkOpen();
        return Stores.over(engine, Representations.encoded(codec), options);
    }

    @Override
    public EventStore events(EventTypes types, EventStoreOptions options) {
        return EventStores.over(engine.events(options.table()), types, options);
    }

    @Override
    public <T> T transact(Function<? super Transaction, T> work) {
        return Transactions.run(engine.transactions(), work);
    }

    @Override
    public void close() {
        engine.close();
    }
}

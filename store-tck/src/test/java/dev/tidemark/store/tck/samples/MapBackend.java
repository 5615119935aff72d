package dev.tidemark.store.tck.samples;

import dev.tidemark.codec.Codec;
import dev.tidemark.store.Backend;
import dev.tidemark.store.BackendOptions;
import dev.tidemark.store.Store;
import dev.tidemark.store.StoreOptions;
import dev.tidemark.store.spi.Representation;
import dev.tidemark.store.spi.Stores;

/** The backend of docs/custom-backend.md: maps for the entries, a list for the history, one lock around both. */
public final class MapBackend implements Backend {
    private final MapEngine engine = new MapEngine(BackendOptions.defaults().timeout());

    @Override
    public <V> Store<V> store(Codec<V> codec, StoreOptions<V> options) {
        engine.checkOpen();
        return Stores.over(engine, Representation.of(codec), options);
    }

    @Override
    public void close() {
        engine.close();
    }
}

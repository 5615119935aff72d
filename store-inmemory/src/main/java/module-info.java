/** The in-memory backend. */
module dev.tidemark.store.inmemory {
    requires transitive dev.tidemark.store.api;
    requires static org.jspecify;

    exports dev.tidemark.store.inmemory;

    provides dev.tidemark.store.spi.BackendProvider with
            dev.tidemark.store.inmemory.InMemoryProvider;
}

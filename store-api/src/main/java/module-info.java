/** The store contract: what applications call, and what backend authors build on. */
module dev.tidemark.store.api {
    requires static transitive org.jspecify;

    exports dev.tidemark.codec;
    exports dev.tidemark.event;
    exports dev.tidemark.event.spi;
    exports dev.tidemark.store;
    exports dev.tidemark.store.spi;

    uses dev.tidemark.store.spi.BackendProvider;
}

package dev.tidemark.store.inmemory;

import dev.tidemark.store.Backend;
import dev.tidemark.store.BackendOptions;
import dev.tidemark.store.spi.BackendProvider;

/**
 * Opens {@code memory:}, a new and empty backend each time.
 *
 * @since 0.1
 */
public final class InMemoryProvider implements BackendProvider {

    /** For {@link java.util.ServiceLoader}. */
    public InMemoryProvider() {}

    @Override
    public boolean accepts(String uri) {
        return uri.startsWith("memory:");
    }

    @Override
    public Backend open(String uri, BackendOptions options) {
        if (!uri.equals("memory:")) {
            throw new IllegalArgumentException("'memory:' takes nothing after the colon");
        }
        return InMemoryBackend.open(InMemoryOptions.defaults().withTimeout(options.timeout()));
    }
}

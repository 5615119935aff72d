package dev.tidemark.store.spi;

import dev.tidemark.store.Backend;
import dev.tidemark.store.BackendOptions;

/**
 * Makes a backend known to {@link dev.tidemark.store.Backends} through {@link java.util.ServiceLoader}. Thread safe.
 *
 * @since 0.1
 */
public interface BackendProvider {

    /** Whether this provider understands the URI, by its scheme; anything else wrong with it is an error of {@link #open}. */
    boolean accepts(String uri);

    /**
     * Opens the backend; the caller closes it. Blocks up to the timeout of the options.
     *
     * @throws IllegalArgumentException if the URI is malformed or has an unknown parameter
     * @throws dev.tidemark.store.StoreUnavailableException if the database can't be opened
     */
    Backend open(String uri, BackendOptions options);
}

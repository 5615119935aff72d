package dev.tidemark.store.postgres;

import dev.tidemark.store.Backend;
import dev.tidemark.store.BackendOptions;
import dev.tidemark.store.spi.BackendProvider;

/**
 * Opens {@code postgresql:}, {@code postgres:} and {@code jdbc:postgresql:} URIs.
 *
 * @since 0.1
 */
public final class PostgresProvider implements BackendProvider {
    public PostgresProvider() {}

    @Override
    public boolean accepts(String uri) {
        return PostgresUri.isOne(uri);
    }

    @Override
    public Backend open(String uri, BackendOptions options) {
        return PostgresBackend.open(PostgresOptions.of(uri).withTimeout(options.timeout()));
    }
}

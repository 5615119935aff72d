package dev.tidemark.store.sqlite;

import dev.tidemark.store.Backend;
import dev.tidemark.store.BackendOptions;
import dev.tidemark.store.spi.BackendProvider;

/**
 * Opens {@code sqlite:FILE}, {@code file:FILE} and {@code :memory:}, as {@link SqliteOptions#of} describes.
 *
 * @since 0.1
 */
public final class SqliteProvider implements BackendProvider {

    /** For {@link java.util.ServiceLoader}. */
    public SqliteProvider() {}

    @Override
    public boolean accepts(String uri) {
        return SqliteUri.accepts(uri);
    }

    @Override
    public Backend open(String uri, BackendOptions options) {
        return SqliteBackend.open(SqliteUri.parse(uri, options.timeout()));
    }
}

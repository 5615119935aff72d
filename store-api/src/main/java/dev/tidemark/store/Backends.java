package dev.tidemark.store;

import dev.tidemark.store.spi.BackendProvider;
import java.util.Map;
import java.util.ServiceLoader;

/**
 * Opens a backend by URI, so that swapping backends is a change of configuration: {@code memory:}, {@code sqlite:app.db},
 * {@code postgresql://user@host/database}.
 *
 * @since 0.1
 */
public final class Backends {
    private static final Map<String, String> MODULES = Map.of(
            "memory", "tidemark-store-inmemory",
            "sqlite", "tidemark-store-sqlite",
            "file", "tidemark-store-sqlite",
            "", "tidemark-store-sqlite",
            "postgresql", "tidemark-store-postgres",
            "postgres", "tidemark-store-postgres",
            "jdbc", "tidemark-store-postgres");

    private Backends() {}

    /** Opens the backend that {@code uri} names, with {@link BackendOptions#defaults()}. Blocks as {@link #open(String, BackendOptions)}. */
    public static Backend open(String uri) {
        return open(uri, BackendOptions.defaults());
    }

    /**
     * Opens the backend that {@code uri} names; the caller closes it. Blocks while files are opened or a server is reached, up
     * to the timeout of the options.
     *
     * @throws IllegalArgumentException if no backend on the class path or module path understands the URI; the message says
     *     which module to add
     * @throws StoreUnavailableException if the database can't be reached or refuses to be opened
     */
    public static Backend open(String uri, BackendOptions options) {
        for (BackendProvider provider : ServiceLoader.load(BackendProvider.class)) {
            if (provider.accepts(uri)) {
                return provider.open(uri, options);
            }
        }
        throw new IllegalArgumentException(unknown(uri));
    }

    private static String unknown(String uri) {
        int colon = uri.indexOf(':');
        if (colon < 0) {
            return "not a store URI: no scheme; expected memory:, sqlite:FILE or postgresql://…";
        }
        String scheme = uri.substring(0, colon);
        String module = MODULES.get(scheme);
        return module == null
                ? "unknown store scheme '" + scheme + ":'; expected memory:, sqlite:FILE or postgresql://…"
                : "no backend for '" + scheme + ":' here; add the module dev.tidemark:" + module;
    }
}

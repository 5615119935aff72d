package dev.tidemark.store;

import dev.tidemark.store.spi.BackendProvider;
import java.util.Map;
import java.util.Objects;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/**
 * Opens a backend by URI, so that swapping backends is a change of configuration: {@code memory:}, {@code sqlite:app.db},
 * {@code postgresql://user@host/database}.
 *
 * @since 0.1
 */
public final class Backends {
    private static final Map<String, String> MODULES = Map.of(
            "memory:", "tidemark-store-inmemory",
            "sqlite:", "tidemark-store-sqlite",
            "file:", "tidemark-store-sqlite",
            ":memory:", "tidemark-store-sqlite",
            "postgresql:", "tidemark-store-postgres",
            "postgres:", "tidemark-store-postgres",
            "jdbc:postgresql:", "tidemark-store-postgres");
    private static final String EXPECTED = "expected memory:, sqlite:FILE, postgresql://… or jdbc:postgresql://…";

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
        Objects.requireNonNull(uri, "the URI of the store is null");
        BackendProvider provider = find(uri);
        if (provider == null) {
            throw new IllegalArgumentException(unknown(uri));
        }
        return provider.open(uri, options);
    }

    /** Beside this class first: the context of a thread need not know the application, as in the common pool of a jar of jars. */
    private static @Nullable BackendProvider find(String uri) {
        BackendProvider near = find(uri, ServiceLoader.load(BackendProvider.class, Backends.class.getClassLoader()));
        return near != null ? near : find(uri, ServiceLoader.load(BackendProvider.class));
    }

    private static @Nullable BackendProvider find(String uri, ServiceLoader<BackendProvider> providers) {
        for (BackendProvider provider : providers) {
            if (provider.accepts(uri)) {
                return provider;
            }
        }
        return null;
    }

    private static String unknown(String uri) {
        for (Map.Entry<String, String> module : MODULES.entrySet()) {
            if (uri.startsWith(module.getKey())) {
                return "no backend for '" + module.getKey() + "' here; add the module dev.tidemark:" + module.getValue()
                        + ", or, in a jar made of several, merge their files in META-INF/services";
            }
        }
        int colon = uri.indexOf(':');
        return colon < 0
                ? "not a store URI: no scheme; " + EXPECTED
                : "unknown store scheme '" + uri.substring(0, colon + 1) + "'; " + EXPECTED;
    }
}

package dev.tidemark.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.store.Backend;
import dev.tidemark.store.BackendOptions;
import dev.tidemark.store.Backends;
import dev.tidemark.store.Store;
import dev.tidemark.store.StoreOptions;
import dev.tidemark.store.sqlite.SqliteBackend;
import dev.tidemark.store.sqlite.SqliteOptions;
import java.time.Duration;

/** An open store for as long as a command takes. */
final class Session implements AutoCloseable {
    /** How soon a watch sees what another process writes to a SQLite file. */
    private static final Duration WATCH_POLLING = Duration.ofMillis(50);

    private final Backend backend;
    private final Store<JsonNode> store;

    private Session(Backend backend, long namespace) {
        this.backend = backend;
        this.store = backend.store(Json.codec(), StoreOptions.<JsonNode>defaults().withNamespace(namespace));
    }

    static Session open(String uri, long namespace, Duration timeout) {
        return new Session(backend(uri, timeout), namespace);
    }

    /** Two terminals on one file must see each other, so SQLite always looks for the commits of other processes. */
    private static Backend backend(String uri, Duration timeout) {
        if (uri.startsWith("sqlite:") || uri.startsWith("file:") || uri.equals(":memory:")) {
            return SqliteBackend.open(
                    SqliteOptions.of(uri).withTimeout(timeout).withWatchPolling(WATCH_POLLING));
        }
        return Backends.open(uri, BackendOptions.defaults().withTimeout(timeout));
    }

    Store<JsonNode> store() {
        return store;
    }

    @Override
    public void close() {
        backend.close();
    }
}

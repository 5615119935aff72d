package dev.tidemark.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.event.EventStore;
import dev.tidemark.event.EventStoreOptions;
import dev.tidemark.event.EventTypes;
import dev.tidemark.store.Backend;
import dev.tidemark.store.BackendOptions;
import dev.tidemark.store.Backends;
import dev.tidemark.store.Store;
import dev.tidemark.store.StoreOptions;
import dev.tidemark.store.sqlite.SqliteBackend;
import dev.tidemark.store.sqlite.SqliteOptions;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** An open store for as long as a command takes. */
final class Session implements AutoCloseable {
    /** How soon a watch sees what another process writes to a SQLite file. */
    private static final Duration WATCH_POLLING = Duration.ofMillis(50);

    private final Backend backend;
    private final Store<JsonNode> store;

    private Session(Backend backend, long namespace) {
        this.backend = backend;
        this.store =
                backend.store(Json.codec(), StoreOptions.<JsonNode>defaults().withNamespace(namespace));
    }

    /** Opens the store; without a timeout it is what the URI says, or the default. */
    static Session open(String uri, long namespace, @Nullable Duration timeout) {
        return new Session(backend(uri, timeout), namespace);
    }

    private static Backend backend(String uri, @Nullable Duration timeout) {
        if (uri.startsWith("sqlite:") || uri.startsWith("file:") || uri.equals(":memory:")) {
            return SqliteBackend.open(sqlite(SqliteOptions.of(uri), timeout));
        }
        BackendOptions options = BackendOptions.defaults();
        return Backends.open(uri, timeout == null ? options : options.withTimeout(timeout));
    }

    /** Two terminals on one file must see each other, so a watch always looks for the commits of other processes. */
    private static SqliteOptions sqlite(SqliteOptions options, @Nullable Duration timeout) {
        SqliteOptions polling = options.watchPolling().isZero() ? options.withWatchPolling(WATCH_POLLING) : options;
        return timeout == null ? polling : polling.withTimeout(timeout);
    }

    /** The events of a table, of any name, with JSON as their data. */
    EventStore events(String table) {
        return backend.events(
                EventTypes.none().withOthers(JsonNode.class, Json.codec()),
                EventStoreOptions.defaults().withTable(table));
    }

    Store<JsonNode> store() {
        return store;
    }

    @Override
    public void close() {
        backend.close();
    }
}

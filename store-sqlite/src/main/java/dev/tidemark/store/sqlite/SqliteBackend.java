package dev.tidemark.store.sqlite;

import dev.tidemark.codec.Codec;
import dev.tidemark.event.EventStore;
import dev.tidemark.event.EventStoreOptions;
import dev.tidemark.event.EventTypes;
import dev.tidemark.event.spi.EventStores;
import dev.tidemark.event.spi.Transactions;
import dev.tidemark.store.Backend;
import dev.tidemark.store.Store;
import dev.tidemark.store.StoreOptions;
import dev.tidemark.store.Transaction;
import dev.tidemark.store.spi.Representation;
import dev.tidemark.store.spi.Stores;
import java.util.function.Function;
import org.sqlite.JDBC;

/**
 * A backend whose entries, events and history live in one SQLite file.
 *
 * <p>Writes of concurrent callers share transactions, and with {@link SqliteOptions.Synchronous#FULL}, the default, a write that
 * returned survives a power failure. Reads wait for nobody, and neither do writers for readers. Other processes may use the same
 * file at the same time; watches see what they write only {@linkplain SqliteOptions#withWatchPolling if asked to look for it}.
 *
 * <p>All who use a file at the same time must do so under one name, or symbolic links to it: SQLite keeps its log beside the name, and
 * what is written under one hard link can be lost under another. Links are followed once, when the file is opened. When the file or its
 * log is deleted, moved or replaced while it is open, writes are a {@link dev.tidemark.store.StoreUnavailableException}, and reads may
 * show what it held.
 *
 * <p>Thread safe. Owns its connections, a thread for each watched namespace, and one that drops old history.
 *
 * @since 0.1
 */
public final class SqliteBackend implements Backend {
    private final SqliteEngine engine;

    private SqliteBackend(SqliteEngine engine) {
        this.engine = engine;
    }

    /**
     * Opens a file, or creates it, and its tables; the caller closes the backend. Tables that a zestor service made are taken
     * over: they are rewritten, once and in one transaction, after which that service can no longer write them. Blocks up to the
     * timeout of the options.
     *
     * @throws dev.tidemark.store.StoreUnavailableException if the file can't be opened, is not a SQLite database, or has other
     *     tables under the names of ours; the message says which
     * @throws dev.tidemark.store.StoreTimeoutException if another process holds the file's lock for too long
     */
    public static SqliteBackend open(SqliteOptions options) {
        return open(options, JDBC::createConnection);
    }

    static SqliteBackend open(SqliteOptions options, Session.Connector connector) {
        return new SqliteBackend(SqliteEngine.open(options, connector));
    }

    @Override
    public <V> Store<V> store(Codec<V> codec, StoreOptions<V> options) {
        engine.checkOpen();
        return Stores.over(engine, Representation.of(codec), options);
    }

    @Override
    public EventStore events(EventTypes types, EventStoreOptions options) {
        return EventStores.over(engine.events(options.table()), types, options);
    }

    @Override
    public <T> T transact(Function<? super Transaction, T> work) {
        return Transactions.run(engine.transactions(), work);
    }

    @Override
    public void close() {
        engine.close();
    }

    SqliteEngine engine() {
        return engine;
    }
}

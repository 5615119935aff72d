package dev.tidemark.store.postgres;

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
import dev.tidemark.store.spi.Deadline;
import dev.tidemark.store.spi.Representation;
import dev.tidemark.store.spi.Stores;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import javax.sql.DataSource;

/**
 * Stores in a PostgreSQL database, whose watches see the changes of every process that uses it.
 *
 * <p>Owns a pool of connections, one connection to listen on while anybody watches, one to notify other processes, and a few
 * daemon threads; all stores share them. Thread safe.
 *
 * @since 0.1
 */
public final class PostgresBackend implements Backend {
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final PostgresEngine engine;
    private final Connections connections;
    private final PostgresOptions options;

    private PostgresBackend(PostgresEngine engine, Connections connections, PostgresOptions options) {
        this.engine = engine;
        this.connections = connections;
        this.options = options;
    }

    /**
     * Opens a database, and makes or checks its tables as the options say; the caller closes it. Blocks up to the timeout of the
     * options.
     *
     * @throws IllegalArgumentException if the options name no database
     * @throws dev.tidemark.store.StoreUnavailableException if the server can't be reached, refuses the connection, or its tables
     *     can't be used; the message lists all that is wrong with them
     */
    public static PostgresBackend open(PostgresOptions options) {
        String name = "tidemark-postgres-" + COUNT.incrementAndGet();
        Calls calls = new Calls(name);
        Connections connections = null;
        boolean opened = false;
        try {
            connections = new Connections(options, name);
            Schema schema = schema(options, calls, connections);
            PostgresEngine engine = new PostgresEngine(options, schema, name, calls, connections);
            opened = true;
            return new PostgresBackend(engine, connections, options);
        } finally {
            if (!opened) {
                calls.close();
                if (connections != null) {
                    connections.close();
                }
            }
        }
    }

    private static Schema schema(PostgresOptions options, Calls calls, Connections connections) {
        Deadline deadline = Deadline.after(options.timeout());
        try {
            return calls.run(deadline, "the database to be opened", call -> {
                try (Connection connection = call.attach(connections.open())) {
                    Schema schema = Schema.locate(connection, options.tablePrefix());
                    schema.prepare(connection, options.schemaMode());
                    return schema;
                } catch (SQLException failure) {
                    throw SqlErrors.translated(failure, call);
                }
            });
        } catch (SQLException impossible) {
            throw SqlErrors.unavailable(impossible);
        }
    }

    @Override
    public <V> Store<V> store(Codec<V> codec, StoreOptions<V> storeOptions) {
        engine.checkOpen();
        return Stores.over(engine, Representation.of(codec), storeOptions);
    }

    /** Returns a view of a table of events, which may be schema-qualified; its columns are those that goes uses, and some more. */
    @Override
    public EventStore events(EventTypes types, EventStoreOptions storeOptions) {
        engine.checkOpen();
        PostgresEventEngine table = engine.events().engine(storeOptions.table(), types.isJson());
        return EventStores.over(table, types, storeOptions);
    }

    @Override
    public <T> T transact(Function<? super Transaction, T> work) {
        engine.checkOpen();
        return Transactions.run(engine.events().transactions(), work);
    }

    /**
     * Returns a source of stores whose calls run inside the caller's own transaction on {@code connection}, together with the caller's
     * SQL: nothing is visible or emitted unless the caller commits. The caller keeps the connection, ends the transaction, and uses
     * the stores from one thread at a time; watching is refused, since a transaction sees no commits. Closing what is returned does
     * nothing.
     *
     * <p>The changes get their revisions inside the commit. Until then writes report the newest revision that the transaction sees. A
     * write that fails leaves the transaction as it was before, unless the connection broke.
     *
     * @throws IllegalStateException if the connection is in auto-commit mode
     */
    public Backend withConnection(Connection connection) {
        return JoinedBackend.join(engine, engine.events(), connection, options.timeout());
    }

    /** The pool, for the caller's own SQL; closed with this backend unless it is the caller's. */
    public DataSource dataSource() {
        return connections.dataSource();
    }

    PostgresEngine engine() {
        return engine;
    }

    @Override
    public void close() {
        engine.close();
    }
}

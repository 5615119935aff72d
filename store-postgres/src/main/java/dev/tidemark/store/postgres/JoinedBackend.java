package dev.tidemark.store.postgres;

import dev.tidemark.codec.Codec;
import dev.tidemark.event.EventStore;
import dev.tidemark.event.EventStoreOptions;
import dev.tidemark.event.EventTypes;
import dev.tidemark.event.spi.EventStores;
import dev.tidemark.event.spi.Transactions;
import dev.tidemark.store.Backend;
import dev.tidemark.store.Store;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.StoreOptions;
import dev.tidemark.store.Transaction;
import dev.tidemark.store.spi.Representation;
import dev.tidemark.store.spi.Stores;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.Function;

/** Stores inside a transaction of the caller's, who alone ends it. */
final class JoinedBackend implements Backend {
    private final JoinedEngine engine;
    private final EventTables tables;
    private final JoinedConnection connection;
    private final JoinedTransactions transactions;

    private JoinedBackend(JoinedEngine engine, EventTables tables, Connection connection, JoinedConnection joined) {
        this.engine = engine;
        this.tables = tables;
        this.connection = joined;
        this.transactions = new JoinedTransactions(engine, connection, joined);
    }

    static JoinedBackend join(PostgresEngine engine, EventTables tables, Connection connection, Duration timeout) {
        try {
            if (connection.getAutoCommit()) {
                throw new IllegalStateException(
                        "the connection commits every statement by itself; call setAutoCommit(false) first");
            }
        } catch (SQLException failure) {
            throw new StoreException("the connection can't be used: " + SqlErrors.messageOf(failure), failure);
        }
        JoinedConnection joined =
                new JoinedConnection(engine.calls(), connection, timeout, SqlErrors::translatedJoined);
        return new JoinedBackend(new JoinedEngine(engine, joined, timeout), tables, connection, joined);
    }

    @Override
    public <V> Store<V> store(Codec<V> codec, StoreOptions<V> options) {
        return Stores.over(engine, Representation.of(codec), options);
    }

    @Override
    public EventStore events(EventTypes types, EventStoreOptions options) {
        PostgresEventEngine table = tables.engine(options.table(), types.isJson());
        return EventStores.over(new JoinedEvents(table, connection, transactions), types, options);
    }

    @Override
    public <T> T transact(Function<? super Transaction, T> work) {
        return Transactions.run(transactions, work);
    }

    @Override
    public void close() {}
}

package dev.tidemark.store.postgres;

import dev.tidemark.codec.Codec;
import dev.tidemark.store.Backend;
import dev.tidemark.store.Store;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.StoreOptions;
import dev.tidemark.store.spi.Representation;
import dev.tidemark.store.spi.Stores;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/** Stores inside a transaction of the caller's, who alone ends it. */
final class JoinedBackend implements Backend {
    private final JoinedEngine engine;

    private JoinedBackend(JoinedEngine engine) {
        this.engine = engine;
    }

    static JoinedBackend join(PostgresEngine engine, Connection connection, Duration timeout) {
        try {
            if (connection.getAutoCommit()) {
                throw new IllegalStateException(
                        "the connection commits every statement by itself; call setAutoCommit(false) first");
            }
        } catch (SQLException failure) {
            throw new StoreException("the connection can't be used: " + SqlErrors.messageOf(failure), failure);
        }
        return new JoinedBackend(new JoinedEngine(engine, connection, timeout));
    }

    @Override
    public <V> Store<V> store(Codec<V> codec, StoreOptions<V> options) {
        return Stores.over(engine, Representation.of(codec), options);
    }

    @Override
    public void close() {}
}

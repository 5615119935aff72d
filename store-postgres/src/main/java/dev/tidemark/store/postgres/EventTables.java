package dev.tidemark.store.postgres;

import dev.tidemark.store.StoreClosedException;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The tables of events of one database, which may be yet to be connected to. */
final class EventTables implements AutoCloseable {
    private record Key(EventTableName name, boolean json) {}

    private final PostgresOptions options;
    private final Supplier<EventDatabase> database;
    private final PostgresTransactions transactions;
    private final ConcurrentMap<Key, PostgresEventEngine> engines = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /**
     * Makes no connection.
     *
     * @param database connects, when that has not been done yet
     */
    EventTables(PostgresOptions options, Supplier<EventDatabase> database) {
        this.options = options;
        this.database = database;
        this.transactions = new PostgresTransactions(this);
    }

    PostgresEventEngine engine(String table, boolean json) {
        checkOpen();
        Key key = new Key(EventTableName.parse(table), json);
        return engines.computeIfAbsent(key, absent -> new PostgresEventEngine(this, key.name(), json));
    }

    /** Connects, and prepares the tables that were asked for. */
    void connect() {
        database();
        engines.values().forEach(PostgresEventEngine::connect);
    }

    PostgresOptions options() {
        return options;
    }

    /** Connects unless that is done; throws when it fails. */
    EventDatabase database() {
        checkOpen();
        return database.get();
    }

    PostgresTransactions transactions() {
        return transactions;
    }

    void checkOpen() {
        if (closed) {
            throw new StoreClosedException();
        }
    }

    /** Tells whoever follows a table that something may have been committed to it; null for all tables. */
    void poke(@Nullable Long oid) {
        engines.values().forEach(engine -> engine.poke(oid));
    }

    /** Lets the writes end that were begun. The database is its owner's to close. */
    @Override
    public void close() {
        closed = true;
        Duration timeout = options.timeout();
        engines.values().forEach(engine -> engine.close(timeout));
    }
}

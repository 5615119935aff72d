package dev.tidemark.store.postgres;

import dev.tidemark.event.EventStore;
import dev.tidemark.event.EventStoreOptions;
import dev.tidemark.event.EventTypes;
import dev.tidemark.event.spi.EventStores;
import dev.tidemark.event.spi.Transactions;
import dev.tidemark.store.Transaction;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Event stores in a PostgreSQL database of their own, such as one that a goes service uses too.
 *
 * <p>Nothing is connected to until the first call of a store, or {@link #connect}; what fails then is tried again by the next call. A
 * {@link PostgresBackend} has event stores, too ({@link PostgresBackend#events}), in the database that it is open on. Owns a pool of
 * connections and a few threads once it is connected. Thread safe.
 *
 * @since 0.1
 */
public final class PostgresEvents implements AutoCloseable {
    private final PostgresEventOptions options;
    private final EventConnector connector;
    private final EventTables tables;

    private PostgresEvents(PostgresEventOptions options) {
        this.options = options;
        this.connector = new EventConnector(options, this::poke);
        this.tables = new EventTables(options.connection(), connector);
    }

    /** Returns event stores that are connected to when they are needed; the caller closes this. Does not block. */
    public static PostgresEvents of(PostgresEventOptions options) {
        return new PostgresEvents(options);
    }

    /**
     * Connects, creates the database if it is missing, and prepares the tables of the stores that were asked for so far; those that
     * come later are prepared by their first call. Does nothing that has been done. Blocks up to the timeout.
     *
     * @throws IllegalArgumentException if neither the options nor the environment name a server
     * @throws dev.tidemark.store.StoreUnavailableException if the server can't be reached, or a table can't be used; the message then
     *     lists all that is wrong with it, and the statements that would mend it
     */
    public void connect() {
        tables.connect();
    }

    /** Returns the store in the table of the options. */
    public EventStore store(EventTypes types) {
        return store(types, EventStoreOptions.defaults().withTable(options.table()));
    }

    /** Returns a store in the table of {@code storeOptions}. */
    public EventStore store(EventTypes types, EventStoreOptions storeOptions) {
        return EventStores.over(tables.engine(storeOptions.table(), types.isJson()), types, storeOptions);
    }

    /** Commits what {@code work} writes to stores of this database together, as {@link PostgresBackend#transact} does. */
    public <T> T transact(Function<? super Transaction, T> work) {
        return Transactions.run(tables.transactions(), work);
    }

    /**
     * The pool, for the caller's own SQL; closed with this unless it is the caller's.
     *
     * @throws IllegalStateException if nothing has connected yet
     */
    public DataSource dataSource() {
        return connector.dataSource();
    }

    private void poke(@Nullable Long oid) {
        tables.poke(oid);
    }

    /** Ends every call and subscription, and releases what was connected. Calling it again does nothing. */
    @Override
    public void close() {
        tables.close();
        connector.close();
    }
}

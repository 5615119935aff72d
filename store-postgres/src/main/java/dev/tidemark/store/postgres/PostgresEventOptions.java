package dev.tidemark.store.postgres;

import dev.tidemark.store.postgres.PostgresOptions.SchemaMode;
import java.time.Duration;
import java.util.Objects;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Where events are in PostgreSQL, and how to reach them. Immutable; {@link #toString} holds no password.
 *
 * <p>By default they are in the table {@code events} of the database {@code goes}, on the server that the environment variable
 * {@code POSTGRES_EVENTSTORE} names when it is connected to.
 *
 * @since 0.1
 */
public final class PostgresEventOptions {
    private static final String VARIABLE = "POSTGRES_EVENTSTORE";
    private static final PostgresEventOptions DEFAULTS =
            new PostgresEventOptions(PostgresOptions.defaults(), "goes", "events");

    private final PostgresOptions connection;
    private final String database;
    private final String table;

    private PostgresEventOptions(PostgresOptions connection, String database, String table) {
        this.connection = connection;
        this.database = database;
        this.table = table;
    }

    /** The defaults that this class describes. */
    public static PostgresEventOptions defaults() {
        return DEFAULTS;
    }

    /**
     * Connects to a server, in the forms that {@link PostgresOptions#withUri} takes. The database in it is only where to connect to
     * for creating {@link #withDatabase the one with the events}, when that is missing.
     *
     * @throws IllegalArgumentException if it is malformed; the message does not quote it
     */
    public PostgresEventOptions withUrl(String url) {
        return with(options -> options.withUri(url));
    }

    /** Keeps the events in this database, which is created if it is missing; {@code goes} by default. Any name will do. */
    public PostgresEventOptions withDatabase(String database) {
        if (!EventTable.fits(database) || database.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("the name of a database has 1 to 63 bytes, none of them 0");
        }
        return new PostgresEventOptions(connection, database, table);
    }

    /**
     * Keeps the events in this table, {@code events} by default: {@code name}, or {@code schema.name} with the schema before the first
     * dot. Any name will do.
     *
     * @throws IllegalArgumentException if it is empty or longer than 63 bytes
     */
    public PostgresEventOptions withTable(String table) {
        EventTableName.parse(table);
        return new PostgresEventOptions(connection, database, table);
    }

    /** Takes connections from a data source of the caller, and with them the database; it is never closed from here. */
    public PostgresEventOptions withDataSource(DataSource dataSource) {
        return with(options -> options.withDataSource(dataSource));
    }

    /** The longest time any call may take, including the connecting that it may do; 10 seconds by default. */
    public PostgresEventOptions withTimeout(Duration timeout) {
        return with(options -> options.withTimeout(timeout));
    }

    /** How many connections the pool may hold; see {@link PostgresOptions#withPoolSize}. */
    public PostgresEventOptions withPoolSize(int poolSize) {
        return with(options -> options.withPoolSize(poolSize));
    }

    /** What connecting does about the table and what belongs to it; {@link SchemaMode#CREATE} by default. */
    public PostgresEventOptions withSchemaMode(SchemaMode schemaMode) {
        return with(options -> options.withSchemaMode(schemaMode));
    }

    /** How often subscriptions look for events that no notification told of; 1 second by default. */
    public PostgresEventOptions withPollInterval(Duration pollInterval) {
        return with(options -> options.withPollInterval(pollInterval));
    }

    /** The database with the events. */
    public String database() {
        return database;
    }

    /** The table with the events. */
    public String table() {
        return table;
    }

    /** The longest time any call may take. */
    public Duration timeout() {
        return connection.timeout();
    }

    /** How to connect; without a server, unless one was given. */
    PostgresOptions connection() {
        return connection;
    }

    /** How to connect to the server; {@code environment} looks up variables. */
    PostgresOptions server(UnaryOperator<@Nullable String> environment) {
        if (connection.uri() != null || connection.dataSource() != null) {
            return connection;
        }
        String url = environment.apply(VARIABLE);
        if (url == null || url.isBlank()) {
            throw new IllegalArgumentException("which server? Set the environment variable " + VARIABLE
                    + ", or use PostgresEventOptions.withUrl or withDataSource");
        }
        return connection.withUri(url);
    }

    @Override
    public String toString() {
        Object server = Objects.requireNonNullElse(
                connection.uri(), connection.dataSource() == null ? "$" + VARIABLE : "the caller's data source");
        return "PostgresEventOptions[" + server + ", database=" + database + ", table=" + table + ", timeout="
                + connection.timeout() + "]";
    }

    private PostgresEventOptions with(UnaryOperator<PostgresOptions> change) {
        return new PostgresEventOptions(change.apply(connection), database, table);
    }
}

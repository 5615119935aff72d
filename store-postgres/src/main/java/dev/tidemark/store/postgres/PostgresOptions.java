package dev.tidemark.store.postgres;

import java.time.Duration;
import java.util.Objects;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * How to reach and use a PostgreSQL database. Immutable; {@link #toString} holds no password.
 *
 * @since 0.1
 */
public final class PostgresOptions {

    /** What opening does about tables. */
    public enum SchemaMode {
        /** Creates what is missing, and widens tables that a zestor service made; needs the right to do so only then. */
        CREATE,
        /** Checks that everything is there, and lists all that is wrong. */
        VALIDATE,
        /** Takes for granted that everything is there. */
        NONE
    }

    private static final Pattern PREFIX = Pattern.compile("[a-z_][a-z0-9_]{0,39}");
    private static final PostgresOptions DEFAULTS = new PostgresOptions(new Builder());

    private final @Nullable PostgresUri uri;
    private final @Nullable DataSource dataSource;
    private final Duration timeout;
    private final Duration connectTimeout;
    private final int poolSize;
    private final String tablePrefix;
    private final SchemaMode schemaMode;
    private final Duration retention;
    private final long retainedChanges;
    private final Duration pollInterval;
    private final boolean listening;
    private final Retention.Pace compaction;

    private static final class Builder {
        @Nullable
        PostgresUri uri;

        @Nullable
        DataSource dataSource;

        Duration timeout = Duration.ofSeconds(10);
        Duration connectTimeout = Duration.ofSeconds(5);
        int poolSize = 2 * Runtime.getRuntime().availableProcessors() + 1;
        String tablePrefix = "zestor";
        SchemaMode schemaMode = SchemaMode.CREATE;
        Duration retention = Duration.ofHours(24);
        long retainedChanges = 10_000_000;
        Duration pollInterval = Duration.ofSeconds(1);
        boolean listening = true;
        Retention.Pace compaction = Retention.Pace.DEFAULT;

        Builder() {}

        Builder(PostgresOptions options) {
            uri = options.uri;
            dataSource = options.dataSource;
            timeout = options.timeout;
            connectTimeout = options.connectTimeout;
            poolSize = options.poolSize;
            tablePrefix = options.tablePrefix;
            schemaMode = options.schemaMode;
            retention = options.retention;
            retainedChanges = options.retainedChanges;
            pollInterval = options.pollInterval;
            listening = options.listening;
            compaction = options.compaction;
        }
    }

    private interface Edit {
        void apply(Builder builder);
    }

    private PostgresOptions(Builder builder) {
        this.uri = builder.uri;
        this.dataSource = builder.dataSource;
        this.timeout = builder.timeout;
        this.connectTimeout = builder.connectTimeout;
        this.poolSize = builder.poolSize;
        this.tablePrefix = builder.tablePrefix;
        this.schemaMode = builder.schemaMode;
        this.retention = builder.retention;
        this.retainedChanges = builder.retainedChanges;
        this.pollInterval = builder.pollInterval;
        this.listening = builder.listening;
        this.compaction = builder.compaction;
    }

    /** The defaults that the other methods describe; they name no database yet. */
    public static PostgresOptions defaults() {
        return DEFAULTS;
    }

    /** Returns the defaults for the database at {@code uri}; see {@link #withUri}. */
    public static PostgresOptions of(String uri) {
        return DEFAULTS.withUri(uri);
    }

    /**
     * Connects to {@code postgresql://user:password@host:port/database?sslmode=require}. Also understood: {@code postgres://},
     * several hosts separated by commas (the primary is chosen), {@code postgresql:///database?host=/var/run/postgresql} for a Unix
     * socket, and {@code jdbc:postgresql:} URLs. Parameters are those of the driver, and libpq's {@code application_name}, {@code
     * connect_timeout}, {@code target_session_attrs} and {@code keepalives}.
     *
     * @throws IllegalArgumentException if the URI is malformed; the message does not quote it
     */
    public PostgresOptions withUri(String uri) {
        PostgresUri parsed = PostgresUri.parse(uri);
        return with(builder -> {
            builder.uri = parsed;
            builder.dataSource = null;
        });
    }

    /**
     * Takes connections from a data source of the caller, which stays its owner: the backend never closes it. Two connections at
     * least must be free for it besides one per open snapshot and unfinished replay, since a backend keeps one to listen on from its
     * first watch until it is closed. How long a call waits for a connection is for the data source to bound, so let it give up before
     * the timeout of this backend. Connections are used to commit each statement, and to write, and set back to how they came. One that
     * is in the middle of a transaction that has written fails the call with {@link IllegalStateException}: to take part in a
     * transaction is what {@link PostgresBackend#withConnection} is for.
     */
    public PostgresOptions withDataSource(DataSource dataSource) {
        Objects.requireNonNull(dataSource, "dataSource");
        return with(builder -> {
            builder.dataSource = dataSource;
            builder.uri = null;
        });
    }

    /** The longest time any single call may take, opening included; 10 seconds by default. */
    public PostgresOptions withTimeout(Duration timeout) {
        return with(builder -> builder.timeout = positive("timeout", timeout));
    }

    /** The longest time to wait for one host to accept a connection; 5 seconds by default, in whole seconds. */
    public PostgresOptions withConnectTimeout(Duration connectTimeout) {
        return with(builder -> builder.connectTimeout = positive("connectTimeout", connectTimeout));
    }

    /**
     * How many connections the pool may hold; twice the processors plus one by default. Besides these a backend uses one to listen
     * and one to notify, and some for open snapshots and replays: at most twice as many as the pool, or 16. Means nothing with a data source of the caller's.
     */
    public PostgresOptions withPoolSize(int poolSize) {
        if (poolSize < 1) {
            throw new IllegalArgumentException("poolSize must be at least 1, not " + poolSize);
        }
        return with(builder -> builder.poolSize = poolSize);
    }

    /** The same server, another database; a data source stays what it is. */
    PostgresOptions onDatabase(String database) {
        return with(builder -> builder.uri = builder.uri == null ? null : builder.uri.onDatabase(database));
    }

    /** What the names of all tables, sequences and functions start with, and the channel too; {@code zestor} by default. */
    public PostgresOptions withTablePrefix(String tablePrefix) {
        if (!PREFIX.matcher(tablePrefix).matches()) {
            throw new IllegalArgumentException(
                    "tablePrefix must be 1 to 40 lower case letters, digits and underscores and not start with a digit, but is '"
                            + tablePrefix + "'");
        }
        return with(builder -> builder.tablePrefix = tablePrefix);
    }

    /** What opening does about tables; {@link SchemaMode#CREATE} by default. */
    public PostgresOptions withSchemaMode(SchemaMode schemaMode) {
        return with(builder -> builder.schemaMode = Objects.requireNonNull(schemaMode, "schemaMode"));
    }

    /** How long changes are kept to resume from, at least; 24 hours by default. */
    public PostgresOptions withRetention(Duration retention) {
        return with(builder -> builder.retention = positive("retention", retention));
    }

    /**
     * How many changes of a namespace are kept, even if they are younger than the retention; 10 million by default. Changes of the
     * last minute are kept in any case, so that no watch that keeps up is cut off.
     */
    public PostgresOptions withRetainedChanges(long retainedChanges) {
        if (retainedChanges < 1) {
            throw new IllegalArgumentException("retainedChanges must be at least 1, not " + retainedChanges);
        }
        return with(builder -> builder.retainedChanges = retainedChanges);
    }

    /** How often watches look for changes that no notification told of; 1 second by default. */
    public PostgresOptions withPollInterval(Duration pollInterval) {
        return with(builder -> builder.pollInterval = positive("pollInterval", pollInterval));
    }

    /** Whether watches listen for notifications, on a connection of their own; by default they do, and poll besides. */
    public PostgresOptions withListening(boolean listening) {
        return with(builder -> builder.listening = listening);
    }

    /** For tests, which can't wait a minute. */
    PostgresOptions withCompaction(Retention.Pace compaction) {
        return with(builder -> builder.compaction = compaction);
    }

    Retention.Pace compaction() {
        return compaction;
    }

    @Nullable
    PostgresUri uri() {
        return uri;
    }

    @Nullable
    DataSource dataSource() {
        return dataSource;
    }

    /** The longest time any single call may take. */
    public Duration timeout() {
        return timeout;
    }

    /** The longest time to wait for one host to accept a connection. */
    public Duration connectTimeout() {
        return connectTimeout;
    }

    /** How many connections the pool may hold. */
    public int poolSize() {
        return poolSize;
    }

    /** What the names of all tables, sequences and functions start with. */
    public String tablePrefix() {
        return tablePrefix;
    }

    /** What opening does about tables. */
    public SchemaMode schemaMode() {
        return schemaMode;
    }

    /** How long changes are kept to resume from. */
    public Duration retention() {
        return retention;
    }

    /** How many changes of a namespace are kept. */
    public long retainedChanges() {
        return retainedChanges;
    }

    /** How often watches look for changes that no notification told of. */
    public Duration pollInterval() {
        return pollInterval;
    }

    /** Whether watches listen for notifications. */
    public boolean listening() {
        return listening;
    }

    @Override
    public String toString() {
        Object database = uri != null ? uri : dataSource != null ? "the caller's data source" : "no database";
        return "PostgresOptions[" + database + ", timeout=" + timeout + ", poolSize=" + poolSize + ", tablePrefix="
                + tablePrefix + ", schemaMode=" + schemaMode + ", retention=" + retention + "]";
    }

    private PostgresOptions with(Edit edit) {
        Builder builder = new Builder(this);
        edit.apply(builder);
        return new PostgresOptions(builder);
    }

    private static Duration positive(String name, Duration duration) {
        if (duration.isNegative() || duration.isZero()) {
            throw new IllegalArgumentException(name + " must be positive, not " + duration);
        }
        return duration;
    }
}

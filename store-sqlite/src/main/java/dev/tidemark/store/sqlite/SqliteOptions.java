package dev.tidemark.store.sqlite;

import dev.tidemark.store.BackendOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which database a SQLite backend uses, and how. Immutable.
 *
 * @since 0.1
 */
public final class SqliteOptions {

    /**
     * What a commit waits for.
     *
     * @since 0.1
     */
    public enum Synchronous {
        /** The disk: a write that returned survives a power failure. */
        FULL,
        /** The operating system: a write that returned survives the end of the process, but the newest may not survive a power failure. */
        NORMAL
    }

    private static final Pattern PREFIX = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,47}");
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private final @Nullable Path file;
    private final Duration timeout;
    private final Synchronous synchronous;
    private final int readers;
    private final Duration retention;
    private final long historyLimit;
    private final Duration watchPolling;
    private final boolean readOnly;
    private final String tablePrefix;

    private SqliteOptions(Builder builder) {
        this.file = builder.file;
        this.timeout = builder.timeout;
        this.synchronous = builder.synchronous;
        this.readers = builder.readers;
        this.retention = builder.retention;
        this.historyLimit = builder.historyLimit;
        this.watchPolling = builder.watchPolling;
        this.readOnly = builder.readOnly;
        this.tablePrefix = builder.tablePrefix;
    }

    /** A file, with the defaults that each of the {@code with} methods names. */
    public static SqliteOptions at(Path file) {
        Builder builder = new Builder();
        builder.file = Objects.requireNonNull(file);
        return new SqliteOptions(builder);
    }

    /**
     * A new database in memory, which ends with its backend; for tests and small data. It has one connection that all calls take
     * turns with, and every listing and snapshot is made of a copy of it.
     */
    public static SqliteOptions inMemory() {
        return new SqliteOptions(new Builder());
    }

    /**
     * What a URI says:
     *
     * <ul>
     *   <li>{@code sqlite:app.db}, {@code sqlite:/var/lib/app.db}: a file, relative to the working directory or not. Parameters
     *       may follow, as in {@code sqlite:app.db?timeout=5s&watchPolling=200ms}: {@code timeout}, {@code synchronous}
     *       ({@code full} or {@code normal}), {@code readers}, {@code retention}, {@code historyLimit}, {@code watchPolling},
     *       {@code readOnly} ({@code true} or {@code false}) and {@code tablePrefix}. Durations are {@code 500ms}, {@code 5s},
     *       {@code 10m}, {@code 24h}, {@code 7d} or ISO-8601. {@code ?} and {@code %} in a path are written {@code %3F} and
     *       {@code %25}.
     *   <li>{@code file:app.db?cache=shared}: the same as a SQLite URI. {@code mode=ro} stands for {@code readOnly},
     *       {@code mode=memory} for {@code :memory:}, and {@code _pragma=busy_timeout(5000)} for {@code timeout};
     *       {@code cache} makes no difference.
     *   <li>{@code :memory:}, {@code sqlite::memory:}: {@link #inMemory()}.
     * </ul>
     *
     * @throws IllegalArgumentException if the URI is none of these, or has an unknown parameter
     */
    public static SqliteOptions of(String uri) {
        return SqliteUri.parse(uri, BackendOptions.defaults().timeout());
    }

    /** Bounds every call, opening and closing included; 10 seconds by default. */
    public SqliteOptions withTimeout(Duration timeout) {
        Builder builder = new Builder(this);
        builder.timeout = positive("timeout", timeout);
        return new SqliteOptions(builder);
    }

    /** Says what a commit waits for; {@link Synchronous#FULL} by default. */
    public SqliteOptions withSynchronous(Synchronous synchronous) {
        Builder builder = new Builder(this);
        builder.synchronous = Objects.requireNonNull(synchronous);
        return new SqliteOptions(builder);
    }

    /** Sets how many short reads can run at once, each on a connection of its own; by default 4, or half the processors. */
    public SqliteOptions withReaders(int readers) {
        if (readers < 1 || readers > 128) {
            throw new IllegalArgumentException("readers must be between 1 and 128, not " + readers);
        }
        Builder builder = new Builder(this);
        builder.readers = readers;
        return new SqliteOptions(builder);
    }

    /** Sets how long changes are kept for watches that resume; 24 hours by default. */
    public SqliteOptions withRetention(Duration retention) {
        Builder builder = new Builder(this);
        builder.retention = positive("retention", retention);
        return new SqliteOptions(builder);
    }

    /** Sets how many changes of a namespace are kept at most, give or take a tenth; 1 000 000 by default. */
    public SqliteOptions withHistoryLimit(long changes) {
        if (changes < 1) {
            throw new IllegalArgumentException("historyLimit must be at least 1, not " + changes);
        }
        Builder builder = new Builder(this);
        builder.historyLimit = changes;
        return new SqliteOptions(builder);
    }

    /**
     * Lets watches see what other processes write to the file, by looking for it so often; zero, the default, for never. What is
     * seen and its order are the same either way, since all processes write one history.
     */
    public SqliteOptions withWatchPolling(Duration interval) {
        if (interval.isNegative()) {
            throw new IllegalArgumentException("watchPolling must not be negative");
        }
        Builder builder = new Builder(this);
        builder.watchPolling = interval.compareTo(LONGEST) > 0 ? LONGEST : interval;
        return new SqliteOptions(builder);
    }

    /**
     * Refuses all writes, so that a file that may only be read can be opened; off by default. A file in a directory where nothing
     * may be written must not be changed by anybody while it is open.
     */
    public SqliteOptions withReadOnly(boolean readOnly) {
        Builder builder = new Builder(this);
        builder.readOnly = readOnly;
        return new SqliteOptions(builder);
    }

    /** Sets how the names of the tables begin, {@code zestor} by default: letters, digits and underscores. */
    public SqliteOptions withTablePrefix(String prefix) {
        if (!PREFIX.matcher(prefix).matches()
                || (prefix + "_").toLowerCase(Locale.ROOT).startsWith("sqlite_")) {
            throw new IllegalArgumentException(
                    "a table prefix has letters, digits and underscores, at most 48, and is not sqlite");
        }
        Builder builder = new Builder(this);
        builder.tablePrefix = prefix;
        return new SqliteOptions(builder);
    }

    /** The file; empty for a database in memory. */
    public Optional<Path> file() {
        return Optional.ofNullable(file);
    }

    /** See {@link #withTimeout}. */
    public Duration timeout() {
        return timeout;
    }

    /** See {@link #withSynchronous}. */
    public Synchronous synchronous() {
        return synchronous;
    }

    /** See {@link #withReaders}. */
    public int readers() {
        return readers;
    }

    /** See {@link #withRetention}. */
    public Duration retention() {
        return retention;
    }

    /** See {@link #withHistoryLimit}. */
    public long historyLimit() {
        return historyLimit;
    }

    /** See {@link #withWatchPolling}. */
    public Duration watchPolling() {
        return watchPolling;
    }

    /** See {@link #withReadOnly}. */
    public boolean readOnly() {
        return readOnly;
    }

    /** See {@link #withTablePrefix}. */
    public String tablePrefix() {
        return tablePrefix;
    }

    private static Duration positive(String what, Duration duration) {
        if (duration.isNegative() || duration.isZero()) {
            throw new IllegalArgumentException(what + " must be positive, not " + duration);
        }
        return duration.compareTo(LONGEST) > 0 ? LONGEST : duration;
    }

    /** Lets each {@code with} method name only what it changes. */
    private static final class Builder {
        private @Nullable Path file;
        private Duration timeout = BackendOptions.defaults().timeout();
        private Synchronous synchronous = Synchronous.FULL;
        private int readers = Math.max(4, Runtime.getRuntime().availableProcessors() / 2);
        private Duration retention = Duration.ofHours(24);
        private long historyLimit = 1_000_000;
        private Duration watchPolling = Duration.ZERO;
        private boolean readOnly;
        private String tablePrefix = "zestor";

        private Builder() {}

        private Builder(SqliteOptions options) {
            this.file = options.file;
            this.timeout = options.timeout;
            this.synchronous = options.synchronous;
            this.readers = options.readers;
            this.retention = options.retention;
            this.historyLimit = options.historyLimit;
            this.watchPolling = options.watchPolling;
            this.readOnly = options.readOnly;
            this.tablePrefix = options.tablePrefix;
        }
    }
}

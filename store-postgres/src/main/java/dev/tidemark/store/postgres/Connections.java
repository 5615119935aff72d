package dev.tidemark.store.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
import dev.tidemark.store.StoreClosedException;
import dev.tidemark.store.postgres.socket.PromptSocketFactory;
import dev.tidemark.store.spi.Deadline;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Enumeration;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGProperty;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Where connections come from: a pool for what is short, and outside of it what is held for long (snapshots, the listener, the
 * doorbell), so that none of these can starve the calls. With a data source of the caller's, all come from there.
 */
final class Connections implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Connections.class.getName());

    /** How often who waits in the pool looks whether it was closed. */
    private static final long LOOK_MILLIS = 250;

    private final DataSource pooled;
    private final DataSource direct;
    private final DataSource listening;
    private final @Nullable HikariDataSource own;
    private final @Nullable Semaphore turns;
    private final @Nullable Semaphore snapshots;

    /** A connection that is given back by closing this. */
    final class Lease implements AutoCloseable {
        private final Connection connection;
        private final Manner before;
        private final @Nullable Semaphore turn;
        private boolean spoilt;
        private boolean open = true;

        private Lease(Connection connection, @Nullable Semaphore turn) throws SQLException {
            this.before = Manner.changed(connection);
            this.connection = connection;
            this.turn = turn;
        }

        Connection connection() {
            return connection;
        }

        /** The connection must not be used by anyone else; nor must one whose transaction could not be ended. */
        void spoil() {
            spoilt = true;
        }

        @Override
        public void close() {
            if (!open) {
                return;
            }
            open = false;
            try (connection) {
                if (!spoilt && connection.getAutoCommit()) {
                    before.restore(connection);
                } else if (own != null) {
                    own.evictConnection(connection);
                } else {
                    connection.abort(Runnable::run);
                }
            } catch (SQLException | RuntimeException brokenAnyway) {
                LOG.log(Level.DEBUG, "can''t give back a connection: {0}", brokenAnyway.getMessage());
            } finally {
                if (turn != null) {
                    turn.release();
                }
            }
        }
    }

    /** How a connection came. Statements here commit by themselves, and may write; the owner of a pool may have thought otherwise. */
    private record Manner(boolean committing, boolean readOnly) {
        /** Makes a connection fit, or gives it back. */
        static Manner changed(Connection connection) throws SQLException {
            try {
                Manner before = new Manner(connection.getAutoCommit(), connection.isReadOnly());
                if (!before.committing() && isInTransaction(connection)) {
                    throw new IllegalStateException(
                            "the data source hands out a connection in the middle of a transaction that has written;"
                                    + " give the backend the pool itself, and join a transaction by withConnection");
                }
                before.change(connection, true, false);
                return before;
            } catch (SQLException | RuntimeException | Error failure) {
                giveBack(connection, failure);
                throw failure;
            }
        }

        void restore(Connection connection) throws SQLException {
            new Manner(true, false).change(connection, committing, readOnly);
        }

        private void change(Connection connection, boolean toCommitting, boolean toReadOnly) throws SQLException {
            if (toCommitting != committing) {
                connection.setAutoCommit(toCommitting);
            }
            if (toReadOnly != readOnly) {
                connection.setReadOnly(toReadOnly);
            }
        }

        /**
         * Whether there is a transaction that must not be committed by us, as far as the pool lets anybody see. One that has written
         * nothing was left behind by the pool's own test of its connection, for instance.
         */
        private static boolean isInTransaction(Connection connection) throws SQLException {
            if (!connection.isWrapperFor(BaseConnection.class)) {
                return false;
            }
            TransactionState state = connection.unwrap(BaseConnection.class).getTransactionState();
            return state == TransactionState.FAILED || (state == TransactionState.OPEN && hasWritten(connection));
        }

        private static boolean hasWritten(Connection connection) throws SQLException {
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("SELECT txid_current_if_assigned() IS NOT NULL")) {
                return row.next() && row.getBoolean(1);
            }
        }
    }

    Connections(PostgresOptions options, String name) {
        DataSource given = options.dataSource();
        if (given != null) {
            pooled = given;
            direct = given;
            listening = given;
            own = null;
            turns = null;
            snapshots = null;
            return;
        }
        AtomicBoolean proxied = new AtomicBoolean(true);
        direct = ofUri(options, false, proxied);
        listening = prompt(ofUri(options, false, proxied));
        own = new HikariDataSource(pool(options, ofUri(options, true, proxied), name));
        pooled = own;
        // Not fair: handing each connection to who waits longest makes a switch of threads of every call.
        turns = new Semaphore(turns(options.poolSize()));
        snapshots = new Semaphore(Math.max(16, 2 * options.poolSize()), true);
    }

    /**
     * How many may ask the pool at once: more than it has connections, as who waits there is handed the next one, while who waits for a
     * turn has to be woken first. But few more: for many, the pool is slower than turns are.
     */
    private static int turns(int poolSize) {
        return (int) Math.min(Integer.MAX_VALUE / 2, 2L * poolSize - 1);
    }

    private static HikariConfig pool(PostgresOptions options, DataSource source, String name) {
        HikariConfig config = new HikariConfig();
        config.setPoolName(name);
        config.setDataSource(source);
        config.setMaximumPoolSize(options.poolSize());
        config.setMinimumIdle(1);
        config.setConnectionTimeout(Math.max(250, options.timeout().toMillis()));
        config.setInitializationFailTimeout(-1);
        config.setValidationTimeout(
                Math.max(250, Math.min(2_000, options.timeout().toMillis())));
        config.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
        return config;
    }

    /** Connections for a few statements. */
    static PGSimpleDataSource ofUri(PostgresOptions options) {
        return ofUri(options, false, new AtomicBoolean(true));
    }

    private static PGSimpleDataSource ofUri(PostgresOptions options, boolean asking, AtomicBoolean proxied) {
        PostgresUri uri = options.uri();
        if (uri == null) {
            throw new IllegalArgumentException("the options name no database: use withUri or withDataSource");
        }
        boolean told = uri.properties().containsKey(PGProperty.PREPARE_THRESHOLD.getName());
        PGSimpleDataSource source = told ? new PGSimpleDataSource() : new UriDataSource(asking, proxied);
        source.setURL(uri.jdbcUrl());
        try {
            setDefaults(source, options);
            Enumeration<?> names = uri.properties().propertyNames();
            while (names.hasMoreElements()) {
                String name = (String) names.nextElement();
                source.setProperty(name, uri.properties().getProperty(name));
            }
        } catch (SQLException bad) {
            throw new IllegalArgumentException("a parameter of the PostgreSQL URI has no valid value", bad);
        }
        return source;
    }

    /** Unless the URI names other sockets, or the driver's class loader does not find ours. */
    private static PGSimpleDataSource prompt(PGSimpleDataSource source) {
        String name = PromptSocketFactory.class.getName();
        try {
            Class<?> found = Class.forName(name, false, PGSimpleDataSource.class.getClassLoader());
            if (found == PromptSocketFactory.class && source.getSocketFactory() == null) {
                source.setSocketFactory(name);
            }
        } catch (ClassNotFoundException hidden) {
            LOG.log(Level.DEBUG, "the driver can''t see {0}, so notifications arrive a millisecond later", name);
        }
        return source;
    }

    /** As far as the URI does not say otherwise. */
    private static void setDefaults(PGSimpleDataSource source, PostgresOptions options) {
        setDefault(source, PGProperty.CONNECT_TIMEOUT, seconds(options.connectTimeout()));
        setDefault(source, PGProperty.LOGIN_TIMEOUT, seconds(options.timeout()));
        setDefault(source, PGProperty.SOCKET_TIMEOUT, seconds(options.timeout().plusSeconds(5)));
        setDefault(source, PGProperty.CANCEL_SIGNAL_TIMEOUT, "2");
        setDefault(source, PGProperty.TCP_KEEP_ALIVE, "true");
        setDefault(source, PGProperty.TARGET_SERVER_TYPE, "primary");
        setDefault(source, PGProperty.APPLICATION_NAME, "tidemark");
        setDefault(source, PGProperty.LOG_SERVER_ERROR_DETAIL, "false");
    }

    private static void setDefault(PGSimpleDataSource source, PGProperty property, String value) {
        String present = source.getProperty(property);
        if (present == null || Objects.equals(present, property.getDefaultValue())) {
            source.setProperty(property, value);
        }
    }

    private static String seconds(Duration duration) {
        return String.valueOf(Math.min(86_400, Math.max(1, (duration.toMillis() + 999) / 1_000)));
    }

    /** Whether connections belong to the caller, so that none is kept longer than needed. */
    boolean areShared() {
        return own == null;
    }

    DataSource dataSource() {
        return pooled;
    }

    /** Borrows a connection for something short. */
    Lease borrow(Calls.Call call) throws SQLException {
        return lease(pooled, turns, call.deadline(), "a pooled connection");
    }

    /** Takes a connection for a snapshot that may stay open. */
    Lease forSnapshot(Calls.Call call) throws SQLException {
        return lease(direct, snapshots, call.deadline(), "the end of another open snapshot");
    }

    /** Opens a connection that the caller keeps. */
    Connection open() throws SQLException {
        return open(direct);
    }

    /** Opens a connection that the caller keeps to listen on. */
    Connection openListening() throws SQLException {
        return open(listening);
    }

    private static Connection open(DataSource source) throws SQLException {
        try {
            Connection connection = source.getConnection();
            Manner unused = Manner.changed(connection); // to be set back by the pool
            return connection;
        } catch (SQLException failure) {
            throw unreachable(failure);
        }
    }

    private static void giveBack(Connection unusable, Throwable reason) {
        try {
            unusable.close();
        } catch (SQLException | RuntimeException brokenAnyway) {
            reason.addSuppressed(brokenAnyway);
        }
    }

    /** Ends whatever goes on on a connection; some pools refuse to. */
    static void breakOff(Connection busy) {
        try {
            busy.abort(Runnable::run);
        } catch (SQLException | RuntimeException brokenAnyway) {
            LOG.log(Level.DEBUG, "can''t break off a connection: {0}", brokenAnyway.getMessage());
        }
    }

    /** By one thread alone. A pool that was closed meanwhile may fail in ways of its own. */
    static void close(Connection open) {
        try {
            open.close();
        } catch (SQLException | RuntimeException brokenAnyway) {
            LOG.log(Level.DEBUG, "can''t close a connection: {0}", brokenAnyway.getMessage());
        }
    }

    /** Whatever the server says to somebody who connects, there is no connection. */
    private static SQLException unreachable(SQLException failure) {
        return SqlErrors.isConnectionFailure(failure)
                ? failure
                : new SQLTransientConnectionException(SqlErrors.messageOf(failure), "08001", failure);
    }

    private Lease lease(DataSource source, @Nullable Semaphore turn, Deadline deadline, String waitingFor)
            throws SQLException {
        if (turn != null) {
            await(turn, deadline, waitingFor);
        }
        boolean leased = false;
        try {
            checkOpen();
            Lease lease = new Lease(source == own ? pooled(own, deadline) : source.getConnection(), turn);
            leased = true;
            return lease;
        } catch (SQLException failure) {
            checkOpen();
            throw unreachable(failure);
        } finally {
            if (!leased && turn != null) {
                turn.release();
            }
        }
    }

    /**
     * A pool waits for its own time-out, in milliseconds, unless it is asked directly: however little of it is left to the call. And it
     * doesn't wake those who wait when it is closed, so they look every now and then.
     */
    private Connection pooled(HikariDataSource own, Deadline deadline) throws SQLException {
        HikariPool pool = (HikariPool) own.getHikariPoolMXBean();
        while (true) {
            long left = 1 + Math.max(0, TimeUnit.NANOSECONDS.toMillis(deadline.remainingNanos()));
            try {
                return pool.getConnection(Math.min(left, LOOK_MILLIS));
            } catch (SQLTransientConnectionException noneYet) {
                checkOpen();
                if (left <= LOOK_MILLIS) {
                    throw noneYet;
                }
            }
        }
    }

    private void checkOpen() {
        if (own != null && own.isClosed()) {
            throw new StoreClosedException();
        }
    }

    private static void await(Semaphore turn, Deadline deadline, String waitingFor) {
        try {
            if (!turn.tryAcquire(deadline.remainingNanos(), TimeUnit.NANOSECONDS)) {
                throw deadline.expired(waitingFor);
            }
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            throw SqlErrors.interrupted(waitingFor, interrupt);
        }
    }

    @Override
    public void close() {
        if (own != null && turns != null && snapshots != null) {
            own.close();
            turns.release(); // wakes one who waits, and that one the next
            snapshots.release();
        }
    }
}

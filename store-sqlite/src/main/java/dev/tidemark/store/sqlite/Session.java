package dev.tidemark.store.sqlite;

import dev.tidemark.store.StoreClosedException;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.StoreInterruptedException;
import dev.tidemark.store.StoreUnavailableException;
import dev.tidemark.store.spi.Deadline;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.sqlite.JDBC;
import org.sqlite.ProgressHandler;
import org.sqlite.SQLiteCommitListener;
import org.sqlite.SQLiteConnection;

/**
 * A connection with its prepared statements, for one call at a time.
 *
 * <p>Calls are bounded in both places where SQLite can spend time. Its waiting for locks is cut into short slices, between which
 * the deadline and the interrupt flag are looked at; and while it computes, it asks a handler now and then whether to go on.
 */
final class Session {
    private static final Logger LOG = System.getLogger(Session.class.getName());

    /** What a call does. Outside of a transaction it is done again while another process holds a lock. */
    @FunctionalInterface
    interface Work<T> {
        T run(Session session) throws SQLException;
    }

    /** Makes connections. */
    @FunctionalInterface
    interface Connector {
        SQLiteConnection connect(String url, Properties properties) throws SQLException;
    }

    private static final String LOCK_WAIT_MILLIS = "50";
    private static final long BUSY_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final int STEPS_BETWEEN_CHECKS = 20_000;
    private static final Duration ABORT_TIMEOUT = Duration.ofSeconds(1);

    private final String file;
    private final SQLiteConnection connection;
    private final StatementCache statements;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Deadline deadline;
    private boolean inTransaction;

    /** Whether the transaction has ended without being told to, as SQLite has it when a disk is full, for instance. */
    private volatile boolean over;

    /** Whether something was thrown through a call that may have left a statement in the middle of its results. */
    private boolean interrupted;

    private boolean broken;
    private boolean closed;
    private volatile boolean aborting;

    private Session(String file, SQLiteConnection connection) {
        this.file = file;
        this.connection = connection;
        this.statements = new StatementCache(file, connection);
    }

    /** Connects; {@code file} names the database in messages. */
    static Session open(String url, String file) {
        return open(JDBC::createConnection, url, file);
    }

    static Session open(Connector connector, String url, String file) {
        Properties properties = new Properties();
        properties.setProperty("jdbc.get_generated_keys", "false");
        properties.setProperty("busy_timeout", LOCK_WAIT_MILLIS);
        try {
            Session session = new Session(file, connector.connect(url, properties));
            ProgressHandler.setHandler(session.connection, STEPS_BETWEEN_CHECKS, session.new Watchdog());
            session.connection.addCommitListener(session.new EndOfTransaction());
            return session;
        } catch (SQLException failure) {
            throw Failures.of(failure, file);
        }
    }

    /** Runs a call, with all SQL failures translated. */
    <T> T run(Deadline deadline, Work<T> work) {
        return alone(deadline, session -> {
            if (inTransaction) {
                // Left behind by a thread that ran out of stack or memory, and so could not end it.
                rollback();
                checkNone();
            }
            return runUntilFree(deadline, work);
        });
    }

    /** Runs a call that goes on with a transaction, and throws if that is over: its statements would be committed one by one. */
    <T> T proceed(Deadline deadline, Work<T> work) {
        return alone(deadline, session -> {
            checkTransaction();
            return runUntilFree(deadline, work);
        });
    }

    /** Ends a transaction, if there is one. */
    void end(Deadline deadline) {
        boolean unused = alone(deadline, session -> {
            rollback();
            return true;
        });
    }

    /** Throws if the transaction is over. */
    void checkTransaction() {
        if (isOver()) {
            throw new StoreUnavailableException(
                    file + ": the transaction is over, because something failed in it; try again");
        }
    }

    /** Whether there is no transaction any more. */
    boolean isOver() {
        return over || !inTransaction;
    }

    /** Returns the statement, prepared. */
    PreparedStatement statement(String sql) throws SQLException {
        return statements.get(sql);
    }

    SQLiteConnection connection() {
        return connection;
    }

    void begin(String how) throws SQLException {
        inTransaction = true;
        try {
            statement(how).execute();
        } catch (SQLException failure) {
            inTransaction = !Failures.isBusy(failure);
            throw failure;
        }
        over = false;
    }

    void commit() throws SQLException {
        deadline = null;
        statement(Sql.COMMIT).execute();
        inTransaction = false;
    }

    /** Ends the transaction; a connection that can't is not used again. */
    void rollback() {
        deadline = null;
        try {
            statement(Sql.ROLLBACK).execute();
            inTransaction = false;
        } catch (SQLException failure) {
            statements.forget();
            inTransaction = !Failures.isNoTransaction(failure);
        }
    }

    /** Notes that a statement failed, after which the connection may be in a bad state. */
    void distrust(SQLException failure) {
        statements.forget();
        broken |= !Failures.isHarmless(failure) && isReplaceable();
    }

    /** Whether it should not be used again, being in a state that nobody knows. */
    boolean isBroken() {
        return broken || ((interrupted || inTransaction) && isReplaceable());
    }

    String file() {
        return file;
    }

    /** Waits for a running call until the deadline, then breaks it off. */
    void close(Deadline deadline) {
        if (!lockForClose(deadline)) {
            aborting = true;
            if (!lockForClose(Deadline.after(ABORT_TIMEOUT))) {
                return;
            }
        }
        try {
            if (!closed) {
                closed = true;
                ProgressHandler.clearHandler(connection);
                connection.close();
            }
        } catch (SQLException failure) {
            LOG.log(Level.WARNING, file + ": a connection could not be closed", failure);
        } finally {
            lock.unlock();
        }
    }

    private <T> T alone(Deadline deadline, Function<Session, T> call) {
        acquire(deadline);
        try {
            if (closed) {
                throw new StoreClosedException();
            }
            if (interrupted) {
                statements.forget();
                interrupted = false;
            }
            return call.apply(this);
        } catch (RuntimeException | Error failure) {
            interrupted |= !(failure instanceof StoreException);
            throw failure;
        } finally {
            this.deadline = null;
            lock.unlock();
        }
    }

    private <T> T runUntilFree(Deadline deadline, Work<T> work) {
        boolean proceeding = inTransaction;
        this.deadline = deadline;
        while (true) {
            try {
                return work.run(this);
            } catch (SQLException failure) {
                if (proceeding || inTransaction || !Failures.isBusy(failure)) {
                    throw translated(failure, deadline);
                }
                deadline.check("the lock of another process on " + file);
                LockSupport.parkNanos(this, BUSY_PAUSE_NANOS);
            }
        }
    }

    private RuntimeException translated(SQLException failure, Deadline deadline) {
        distrust(failure);
        if (Failures.isInterrupt(failure)) {
            if (aborting) {
                return new StoreClosedException();
            }
            deadline.check("the database");
            return new StoreUnavailableException(file + ": the statement was broken off", failure);
        }
        return Failures.of(failure, file);
    }

    private void checkNone() {
        if (inTransaction) {
            throw new StoreUnavailableException(
                    file + ": a transaction that was left behind can't be ended; try again");
        }
    }

    /** The one connection to a database in memory is the database. */
    private boolean isReplaceable() {
        return !file.equals(DatabaseFile.MEMORY);
    }

    private void acquire(Deadline deadline) {
        if (lock.tryLock()) {
            return;
        }
        try {
            if (!lock.tryLock(deadline.remainingNanos(), TimeUnit.NANOSECONDS)) {
                throw deadline.expired("another call on the same connection");
            }
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            throw new StoreInterruptedException("interrupted while waiting for a connection", interrupt);
        }
    }

    private boolean lockForClose(Deadline deadline) {
        boolean interrupted = Thread.interrupted();
        try {
            return lock.tryLock(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException interrupt) {
            interrupted = true;
            return lock.tryLock();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Told by SQLite. */
    private final class EndOfTransaction implements SQLiteCommitListener {
        @Override
        public void onCommit() {
            over = true;
        }

        @Override
        public void onRollback() {
            over = true;
        }
    }

    /** Asked by SQLite, in the thread of the call, whether to break off; a commit or rollback, having no deadline, never is. */
    private final class Watchdog extends ProgressHandler {
        @Override
        protected int progress() {
            Deadline end = deadline;
            boolean stop = aborting
                    || (end != null
                            && (end.hasPassed() || Thread.currentThread().isInterrupted()));
            return stop ? 1 : 0;
        }
    }
}

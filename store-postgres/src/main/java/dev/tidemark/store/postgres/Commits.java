package dev.tidemark.store.postgres;

import dev.tidemark.store.StoreException;
import dev.tidemark.store.StoreInterruptedException;
import dev.tidemark.store.StoreTimeoutException;
import dev.tidemark.store.spi.Deadline;
import dev.tidemark.store.spi.GroupCommit.Slot;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes on the pool. What failed cleanly is tried again until the deadline; a commit that lost its connection is not, as nobody knows
 * what became of it.
 */
final class Commits {
    private static final Logger LOG = System.getLogger(Commits.class.getName());

    private final Calls calls;
    private final Connections connections;

    /**
     * A transaction; it sets {@code committing} for the statement that commits it, and need not commit. Null means that nothing was
     * written, and that it has to be tried again.
     */
    interface Work<T> {
        @Nullable
        T run(Connection connection, AtomicBoolean committing) throws SQLException;
    }

    Commits(Calls calls, Connections connections) {
        this.calls = calls;
        this.connections = connections;
    }

    /** Runs one statement, which commits by itself. */
    <T> T commit(Deadline deadline, String waitingFor, Reads.Query<T> statement) {
        return run(deadline, waitingFor, (connection, committing) -> {
            committing.set(true);
            return statement.run(connection);
        });
    }

    /** Runs several statements, of which the last one is a commit. */
    <T> T transact(Deadline deadline, String waitingFor, Work<T> work) {
        return run(deadline, waitingFor, (connection, committing) -> inTransaction(connection, committing, work));
    }

    /** Runs several statements; what they have not committed is rolled back. */
    static <T> @Nullable T inTransaction(Connection connection, AtomicBoolean committing, Work<T> work)
            throws SQLException {
        connection.setAutoCommit(false);
        try {
            return work.run(connection, committing);
        } finally {
            end(connection);
        }
    }

    /** Leaves the connection as it came, if it can. What became of the work is known without that. */
    static void end(Connection connection) {
        try {
            connection.rollback();
            connection.setAutoCommit(true);
        } catch (SQLException unfinished) {
            LOG.log(Level.DEBUG, "can''t end a transaction: {0}", unfinished.getMessage());
        }
    }

    /** Runs statements in the transaction of somebody else; what they did before they failed is taken back. */
    static <T> T orTakenBack(Connection connection, Reads.Query<T> statements) throws SQLException {
        Savepoint before = connection.setSavepoint();
        boolean done = false;
        try {
            T result = statements.run(connection);
            connection.releaseSavepoint(before);
            done = true;
            return result;
        } finally {
            if (!done) {
                takeBack(connection, before);
            }
        }
    }

    /** Takes back what failed; with its connection it is gone already, and to say so would hide why. */
    static void takeBack(Connection connection, Savepoint before) throws SQLException {
        if (!connection.isClosed()) {
            connection.rollback(before);
        }
    }

    /**
     * Commits a group one by one, in its leader's thread and time. When the leader's patience is at an end, that is no reason for the
     * others to fail.
     */
    static <Q, A> void oneByOne(List<Slot<Q, A>> group, Consumer<Slot<Q, A>> commit) {
        for (Slot<Q, A> slot : group) {
            try {
                commit.accept(slot);
            } catch (StoreTimeoutException | StoreInterruptedException impatient) {
                if (slot == group.get(0)) {
                    slot.fail(impatient);
                } else {
                    slot.postpone();
                }
            } catch (RuntimeException failure) {
                slot.fail(failure);
            }
        }
    }

    /** Runs work that sees to its transaction by itself. */
    <T> T run(Deadline deadline, String waitingFor, Work<T> work) {
        Retries retries = new Retries(deadline, waitingFor);
        while (true) {
            Optional<T> result = tryOnce(deadline, waitingFor, work, retries);
            if (result.isPresent()) {
                return result.get();
            }
            retries.pause();
        }
    }

    /** Empty when nothing was written and another try may succeed. */
    private <T> Optional<T> tryOnce(Deadline deadline, String waitingFor, Work<T> work, Retries retries) {
        try {
            return calls.run(deadline, waitingFor, call -> tryOnce(call, work, retries));
        } catch (SQLException impossible) {
            throw SqlErrors.unavailable(impossible);
        }
    }

    private <T> Optional<T> tryOnce(Calls.Call call, Work<T> work, Retries retries) {
        AtomicBoolean committing = new AtomicBoolean();
        Connections.@Nullable Lease lease = null;
        try {
            lease = connections.borrow(call);
            return Optional.ofNullable(work.run(call.attach(lease.connection()), committing));
        } catch (SQLException failure) {
            call.detach();
            if (SqlErrors.isConnectionFailure(failure) && lease != null) {
                lease.spoil();
            }
            boolean clean = !committing.get() || SqlErrors.isRefused(failure);
            if (mayTryAgain(failure, clean, call, retries)) {
                return Optional.empty();
            }
            if (SqlErrors.gaveWay(failure) && retries.isOutOfTime()) {
                throw call.stopped(failure);
            }
            throw clean ? SqlErrors.translated(failure, call) : SqlErrors.translatedCommit(failure, call);
        } catch (RuntimeException | Error failure) {
            if (lease != null && !(failure instanceof StoreException)) {
                lease.spoil(); // thrown between a question and its answer, perhaps
            }
            throw failure;
        } finally {
            call.detach();
            if (lease != null) {
                if (call.wasStopped()) {
                    lease.spoil();
                }
                lease.close();
            }
        }
    }

    private static boolean mayTryAgain(SQLException failure, boolean clean, Calls.Call call, Retries retries) {
        boolean passing = SqlErrors.isCleanConflict(failure) || (clean && SqlErrors.isConnectionFailure(failure));
        return passing && !call.wasStopped() && retries.mayTryAgain();
    }
}

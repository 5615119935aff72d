package dev.tidemark.store.postgres;

import dev.tidemark.store.ConflictException;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.spi.Commit;
import dev.tidemark.store.spi.Deadline;
import dev.tidemark.store.spi.GroupCommit;
import dev.tidemark.store.spi.GroupCommit.Slot;
import dev.tidemark.store.spi.Op;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The transaction of a group commit: takes as many requests as belong together and answers them in the cheapest way that does what
 * they ask. The rest waits for the next one.
 *
 * <p>What failed cleanly is tried again until the deadline. A statement that commits by itself and lost its connection is not: nobody
 * knows what became of it.
 */
final class WritePath implements GroupCommit.Transaction<Request, Commit<byte[]>> {
    private static final int MAX_ROWS = 2_000;
    private static final long MAX_BYTES = 8 << 20;
    private static final String WAITING_FOR = "the database to commit the write";

    private final Sql sql;
    private final Calls calls;
    private final Connections connections;
    private final LoneWrite lone;
    private final PlainWrite plain;

    WritePath(Sql sql, Calls calls, Connections connections) {
        this.sql = sql;
        this.calls = calls;
        this.connections = connections;
        this.lone = new LoneWrite(sql);
        this.plain = new PlainWrite(sql);
    }

    /** One try; whether a statement is out that commits by itself. */
    private static final class Attempt {
        boolean committing;
    }

    @Override
    public void run(List<Slot<Request, Commit<byte[]>>> batch, Deadline deadline) {
        List<Slot<Request, Commit<byte[]>>> group = take(batch);
        try {
            commit(group, deadline);
        } catch (RefusedException refused) {
            if (group.size() == 1) {
                throw refused.reason;
            }
            group.forEach(slot -> commitAlone(slot, deadline));
        }
    }

    /** The server refused a statement, maybe because of what one of its requests holds. */
    private static final class RefusedException extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final transient RuntimeException reason;

        RefusedException(RuntimeException reason) {
            super(reason);
            this.reason = reason;
        }
    }

    private void commitAlone(Slot<Request, Commit<byte[]>> slot, Deadline deadline) {
        try {
            commit(List.of(slot), deadline);
        } catch (RefusedException refused) {
            slot.fail(refused.reason);
        } catch (RuntimeException failure) {
            slot.fail(failure);
        }
    }

    private static List<Slot<Request, Commit<byte[]>>> take(List<Slot<Request, Commit<byte[]>>> batch) {
        List<Slot<Request, Commit<byte[]>>> group = new ArrayList<>();
        int rows = 0;
        long bytes = 0;
        boolean full = false;
        for (Slot<Request, Commit<byte[]>> slot : batch) {
            rows += slot.request().rows();
            bytes += slot.request().bytes();
            full |= rows > MAX_ROWS || bytes > MAX_BYTES;
            if (group.isEmpty() || !full) {
                group.add(slot);
            } else {
                slot.postpone();
            }
        }
        return group;
    }

    private void commit(List<Slot<Request, Commit<byte[]>>> group, Deadline deadline) {
        Retries retries = new Retries(deadline, WAITING_FOR);
        while (!tryOnce(group, deadline, retries)) {
            retries.pause();
        }
    }

    /** False when nothing was written and another try may succeed. */
    private boolean tryOnce(List<Slot<Request, Commit<byte[]>>> group, Deadline deadline, Retries retries) {
        Attempt attempt = new Attempt();
        try {
            return calls.run(deadline, WAITING_FOR, call -> tryOnce(group, call, attempt, retries));
        } catch (SQLException closing) {
            throw new StoreException("a connection could not be given back", closing);
        }
    }

    private boolean tryOnce(
            List<Slot<Request, Commit<byte[]>>> group, Calls.Call call, Attempt attempt, Retries retries) {
        Connections.@Nullable Lease lease = null;
        try {
            lease = connections.borrow(call);
            boolean done = write(group, call.attach(lease.connection()), attempt);
            call.detach();
            return done;
        } catch (SQLException failure) {
            call.detach();
            if (SqlErrors.isConnectionFailure(failure) && lease != null) {
                lease.spoil();
            }
            return failed(failure, call, attempt, retries);
        } finally {
            if (lease != null) {
                if (call.wasStopped()) {
                    lease.spoil();
                }
                lease.close();
            }
        }
    }

    private static boolean failed(SQLException failure, Calls.Call call, Attempt attempt, Retries retries) {
        boolean clean = !attempt.committing || SqlErrors.isRefused(failure);
        if (SqlErrors.isCleanConflict(failure) || (clean && SqlErrors.isConnectionFailure(failure))) {
            if (!call.wasStopped() && retries.mayTryAgain()) {
                return false;
            }
        }
        RuntimeException translated =
                clean ? SqlErrors.translated(failure, call) : SqlErrors.translatedCommit(failure, call);
        throw translated.getClass() == StoreException.class ? new RefusedException(translated) : translated;
    }

    private boolean write(List<Slot<Request, Commit<byte[]>>> group, Connection connection, Attempt attempt)
            throws SQLException {
        Request first = group.get(0).request();
        if (group.size() == 1
                && first.rows() == 1
                && LoneWrite.knows(first.operations().get(0))) {
            return writeLone(group.get(0), connection, attempt);
        }
        List<Request> requests = group.stream().map(Slot::request).toList();
        if (isPlain(requests)) {
            attempt.committing = true;
            boolean each =
                    requests.size() == requests.stream().mapToInt(Request::rows).sum();
            List<Commit<byte[]>> commits = each ? plain.runEach(connection, requests) : plain.run(connection, requests);
            for (int i = 0; i < commits.size(); i++) {
                group.get(i).answer(commits.get(i));
            }
            return true;
        }
        return writeTransaction(group, requests, connection, attempt);
    }

    private boolean writeLone(Slot<Request, Commit<byte[]>> slot, Connection connection, Attempt attempt)
            throws SQLException {
        attempt.committing = true;
        try {
            Commit<byte[]> commit =
                    lone.run(connection, slot.request().operations().get(0));
            if (commit != null) {
                slot.answer(commit);
            }
            return commit != null;
        } catch (ConflictException conflict) {
            slot.fail(conflict);
            return true;
        }
    }

    private static boolean isPlain(List<Request> requests) {
        if (requests.size() == 1
                && (requests.get(0).rows() > MAX_ROWS || requests.get(0).bytes() > MAX_BYTES)) {
            return false;
        }
        Set<RowState.Name> names = new HashSet<>();
        for (Request request : requests) {
            if (!request.plain()) {
                return false;
            }
            for (Op<byte[]> op : request.operations()) {
                if (!names.add(new RowState.Name(op.kind(), op.key()))) {
                    return false;
                }
            }
        }
        return true;
    }

    private boolean writeTransaction(
            List<Slot<Request, Commit<byte[]>>> group, List<Request> requests, Connection connection, Attempt attempt)
            throws SQLException {
        connection.setAutoCommit(false);
        boolean ended = false;
        try {
            TransactionWrite transaction = new TransactionWrite(sql, connection);
            TransactionWrite.Prepared prepared = transaction.prepare(requests);
            long before;
            if (prepared.changes().isEmpty()) {
                before = newest(connection);
                connection.rollback();
            } else {
                attempt.committing = true;
                before = transaction.appendAndCommit(prepared.changes()) - 1;
            }
            ended = true;
            answer(group, prepared, before);
            return true;
        } finally {
            end(connection, ended);
        }
    }

    private static void answer(
            List<Slot<Request, Commit<byte[]>>> group, TransactionWrite.Prepared prepared, long before) {
        for (int i = 0; i < group.size(); i++) {
            Evaluation.Answer answer = prepared.answers().get(i);
            ConflictException conflict = answer.conflict();
            if (conflict != null) {
                group.get(i).fail(conflict);
            } else {
                group.get(i).answer(new Commit<>(before + answer.changes(), answer.outcomes()));
            }
        }
    }

    /** Leaves the connection as it came; one that is broken says so to its next user, who is the pool. */
    private static void end(Connection connection, boolean ended) throws SQLException {
        try {
            if (!ended) {
                connection.rollback();
            }
            connection.setAutoCommit(true);
        } catch (SQLException broken) {
            if (ended) {
                connection.abort(Runnable::run);
            }
        }
    }

    private long newest(Connection connection) throws SQLException {
        return PostgresHistory.newest(connection, sql);
    }
}

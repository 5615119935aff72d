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

    /** What fits into a transaction; the few that would spoil its one statement wait for the next. */
    private static List<Slot<Request, Commit<byte[]>>> take(List<Slot<Request, Commit<byte[]>>> batch) {
        List<Slot<Request, Commit<byte[]>>> fitting = fitting(batch);
        List<Slot<Request, Commit<byte[]>>> plain = plain(fitting);
        List<Slot<Request, Commit<byte[]>>> group = 2 * plain.size() > fitting.size() ? plain : fitting;
        Set<Slot<Request, Commit<byte[]>>> taken = new HashSet<>(group);
        for (Slot<Request, Commit<byte[]>> slot : batch) {
            if (!taken.contains(slot)) {
                slot.postpone();
            }
        }
        return group;
    }

    private static List<Slot<Request, Commit<byte[]>>> fitting(List<Slot<Request, Commit<byte[]>>> batch) {
        int rows = 0;
        long bytes = 0;
        int fitting = 0;
        for (Slot<Request, Commit<byte[]>> slot : batch) {
            rows += slot.request().rows();
            bytes += slot.request().bytes();
            if (fitting > 0 && (rows > MAX_ROWS || bytes > MAX_BYTES)) {
                break;
            }
            fitting++;
        }
        return batch.subList(0, fitting);
    }

    /** The first request, and all others that can be written together with it by one statement, which names no key twice. */
    private static List<Slot<Request, Commit<byte[]>>> plain(List<Slot<Request, Commit<byte[]>>> fitting) {
        List<Slot<Request, Commit<byte[]>>> plain = new ArrayList<>();
        Set<RowState.Name> names = new HashSet<>();
        for (Slot<Request, Commit<byte[]>> slot : fitting) {
            if (joins(slot.request(), names)) {
                plain.add(slot);
            } else if (plain.isEmpty()) {
                break;
            }
        }
        return plain;
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
        if (SqlErrors.gaveWay(failure) && retries.isOutOfTime()) {
            throw call.stopped(failure);
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
        Set<RowState.Name> names = new HashSet<>();
        if (requests.stream().allMatch(request -> joins(request, names))) {
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

    /** Whether one statement can write a request together with others, whose names are given and then hold its own, too. */
    private static boolean joins(Request request, Set<RowState.Name> names) {
        if (!request.plain() || isLarge(request)) {
            return false;
        }
        Set<RowState.Name> own = new HashSet<>();
        for (Op<byte[]> op : request.operations()) {
            RowState.Name name = new RowState.Name(op.kind(), op.key());
            if (names.contains(name) || !own.add(name)) {
                return false;
            }
        }
        names.addAll(own);
        return true;
    }

    private static boolean isLarge(Request request) {
        return request.rows() > MAX_ROWS || request.bytes() > MAX_BYTES;
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

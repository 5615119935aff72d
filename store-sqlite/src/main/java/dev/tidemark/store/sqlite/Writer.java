package dev.tidemark.store.sqlite;

import dev.tidemark.store.OutcomeUnknownException;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.spi.Deadline;
import dev.tidemark.store.spi.GroupCommit;
import dev.tidemark.store.spi.GroupCommit.Slot;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** Runs the requests of concurrent callers as few transactions. */
final class Writer {

    /** What a request does in a transaction: all of it, or, when it throws {@link StoreException}, nothing. */
    @FunctionalInterface
    interface Work<T> {
        T run(WriteTransaction transaction) throws SQLException;
    }

    private record Request(int rows, Work<?> work) {}

    private static final int MAX_REQUESTS = 256;

    /** Lest a small request wait for a large one. */
    private static final int MAX_ROWS = 4096;

    /** At most; it is a part of what a transaction takes, and a lone caller waits for nobody. */
    private static final Duration GATHER = Duration.ofMillis(1);

    private final Sessions sessions;
    private final Sql sql;
    private final Consumer<WriteTransaction> afterCommit;
    private final GroupCommit<Request, Object> group = new GroupCommit<>(MAX_REQUESTS, 1, GATHER, this::commit);

    /** The consumer is told of every transaction that has changed something, or may have; it must not block. */
    Writer(Sessions sessions, Sql sql, Consumer<WriteTransaction> afterCommit) {
        this.sessions = sessions;
        this.sql = sql;
        this.afterCommit = afterCommit;
    }

    /** Runs the work, which writes about so many rows. */
    @SuppressWarnings("unchecked") // a request is answered with what its work returned
    <T> T submit(int rows, Work<T> work, Deadline deadline) {
        return (T) group.submit(new Request(rows, work), deadline);
    }

    void close(Duration timeout) {
        group.close(timeout);
    }

    /** Begins a transaction of a caller's own, who holds the writing session, and with it off all others, until it ends. */
    WriteTransaction begin(Session session) throws SQLException {
        sessions.checkFiles();
        session.begin(Sql.BEGIN_WRITE);
        return new WriteTransaction(session, sql);
    }

    /** Ends a transaction, in any case. */
    WriteTransaction commit(WriteTransaction transaction) throws SQLException {
        try {
            transaction.finish();
            transaction.session().checkTransaction();
        } catch (SQLException | RuntimeException | Error failure) {
            transaction.session().rollback();
            throw failure;
        }
        try {
            commit(transaction.session());
            transaction.committed();
        } catch (OutcomeUnknownException | Error doubt) {
            afterCommit.accept(transaction);
            throw doubt;
        }
        return transaction;
    }

    /** For a transaction of a caller's own, when the session has been given back. */
    void committed(WriteTransaction transaction) {
        afterCommit.accept(transaction);
    }

    private void commit(List<Slot<Request, Object>> batch, Deadline deadline) {
        committed(sessions.writer().run(deadline, session -> commit(session, batch)));
    }

    private WriteTransaction commit(Session session, List<Slot<Request, Object>> batch) throws SQLException {
        WriteTransaction transaction = begin(session);
        try {
            answer(batch, transaction);
        } catch (SQLException | RuntimeException | Error failure) {
            session.rollback();
            throw failure;
        }
        return commit(transaction);
    }

    private static void answer(List<Slot<Request, Object>> batch, WriteTransaction transaction) throws SQLException {
        long rows = 0;
        for (Slot<Request, Object> slot : batch) {
            rows += slot.request().rows();
            if (rows > MAX_ROWS && slot != batch.get(0)) {
                slot.postpone();
                continue;
            }
            try {
                slot.answer(slot.request().work().run(transaction));
            } catch (StoreException refusal) {
                slot.fail(refusal);
            }
        }
    }

    private static void commit(Session session) {
        try {
            session.commit();
        } catch (SQLException failure) {
            session.distrust(failure);
            session.rollback();
            throw Failures.ofCommit(failure, session.file());
        } catch (RuntimeException bug) {
            session.rollback();
            throw new OutcomeUnknownException(
                    session.file() + ": committing broke off; the write may or may not have happened", bug);
        }
    }
}

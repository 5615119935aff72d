package dev.tidemark.store.sqlite;

import dev.tidemark.store.ConflictException;
import dev.tidemark.store.spi.Commit;
import dev.tidemark.store.spi.Deadline;
import dev.tidemark.store.spi.GroupCommit;
import dev.tidemark.store.spi.GroupCommit.Slot;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** Runs the requests of concurrent callers as few transactions. */
final class Writer {

    /** What a request does in a transaction: all of it, or, when it throws {@link ConflictException}, nothing. */
    @FunctionalInterface
    interface Work {
        Commit<byte[]> run(WriteTransaction transaction) throws SQLException;
    }

    private record Request(int rows, Work work) {}

    private static final int MAX_REQUESTS = 256;

    /** Lest a small request wait for a large one. */
    private static final int MAX_ROWS = 4096;

    private final SessionPool sessions;
    private final Sql sql;
    private final Consumer<WriteTransaction> afterCommit;
    private final GroupCommit<Request, Commit<byte[]>> group = new GroupCommit<>(MAX_REQUESTS, this::commit);

    /** The consumer is told of every transaction that has changed something; it must not block. */
    Writer(SessionPool sessions, Sql sql, Consumer<WriteTransaction> afterCommit) {
        this.sessions = sessions;
        this.sql = sql;
        this.afterCommit = afterCommit;
    }

    /** Runs the work, which writes about so many rows. */
    Commit<byte[]> submit(int rows, Work work, Deadline deadline) {
        return group.submit(new Request(rows, work), deadline);
    }

    void close(Duration timeout) {
        group.close(timeout);
    }

    private void commit(List<Slot<Request, Commit<byte[]>>> batch, Deadline deadline) {
        afterCommit.accept(sessions.run(deadline, session -> commit(session, batch)));
    }

    private WriteTransaction commit(Session session, List<Slot<Request, Commit<byte[]>>> batch) throws SQLException {
        session.begin(Sql.BEGIN_WRITE);
        WriteTransaction transaction;
        try {
            transaction = new WriteTransaction(session, sql);
            answer(batch, transaction);
            transaction.finish();
        } catch (SQLException | RuntimeException | Error failure) {
            session.rollback();
            throw failure;
        }
        commit(session);
        return transaction;
    }

    private static void answer(List<Slot<Request, Commit<byte[]>>> batch, WriteTransaction transaction)
            throws SQLException {
        long rows = 0;
        for (Slot<Request, Commit<byte[]>> slot : batch) {
            rows += slot.request().rows();
            if (rows > MAX_ROWS && slot != batch.get(0)) {
                slot.postpone();
                continue;
            }
            try {
                slot.answer(slot.request().work().run(transaction));
            } catch (ConflictException conflict) {
                slot.fail(conflict);
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
        }
    }
}

package dev.tidemark.store.postgres;

import dev.tidemark.event.spi.Checkpoint;
import dev.tidemark.event.spi.EventReceipt;
import dev.tidemark.event.spi.EventWrite;
import dev.tidemark.store.spi.Deadline;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.BiFunction;

/** Runs statements on a connection in whose transaction somebody else's statements run, too. */
final class JoinedConnection implements PostgresEventCursor.Runner {
    private final Calls calls;
    private final Connection connection;
    private final Duration timeout;
    private final BiFunction<SQLException, Calls.Call, RuntimeException> translation;

    /** @param translation says what the failure of a statement means */
    JoinedConnection(
            Calls calls,
            Connection connection,
            Duration timeout,
            BiFunction<SQLException, Calls.Call, RuntimeException> translation) {
        this.calls = calls;
        this.connection = connection;
        this.timeout = timeout;
        this.translation = translation;
    }

    @Override
    public <T> T run(String waitingFor, Reads.Query<T> query) {
        try {
            return calls.run(Deadline.after(timeout), waitingFor, call -> {
                try {
                    return query.run(call.attach(connection));
                } catch (SQLException failure) {
                    throw translation.apply(failure, call);
                }
            });
        } catch (SQLException impossible) {
            throw SqlErrors.unavailable(impossible);
        }
    }

    /** A connection that was closed says so itself. */
    @Override
    public void checkOpen() {}

    EventReceipt write(PostgresEventEngine table, EventWrite write, EventTransactionWrite.Stamping stamping) {
        EventSql sql = table.sql();
        return run(
                "the events to be written",
                open -> new EventTransactionWrite(sql, open).run(write, stamping, Deadline.after(timeout)));
    }

    boolean move(PostgresEventEngine table, Checkpoint step) {
        EventCheckpoints checkpoints = new EventCheckpoints(table.sql());
        return run("a checkpoint to be moved", open -> checkpoints.move(open, step));
    }
}

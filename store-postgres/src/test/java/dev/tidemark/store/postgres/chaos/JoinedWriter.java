package dev.tidemark.store.postgres.chaos;

import dev.tidemark.store.Store;
import dev.tidemark.store.postgres.PostgresBackend;
import dev.tidemark.store.postgres.chaos.Call.Op;
import dev.tidemark.store.postgres.chaos.Call.Step;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Writes through stores inside transactions of its own, which do something else, too. */
final class JoinedWriter implements WriterProcess.Writer {
    private static final int SLOW_MILLIS = 100;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final PostgresBackend backend;
    private final Journal journal;
    private final Random random;
    private final Transaction transaction;

    JoinedWriter(PostgresBackend backend, Journal journal, Random random) {
        this.backend = backend;
        this.journal = journal;
        this.random = random;
        this.transaction = new Transaction(journal, random);
    }

    @Override
    public void turn() {
        try (Connection connection = backend.dataSource().getConnection()) {
            connection.setAutoCommit(false);
            Store<String> store = backend.withConnection(connection).store(Text.CODEC);
            String id = journal.next();
            int pause = random.nextInt(4) == 0 ? random.nextInt(SLOW_MILLIS) : 0;
            transaction.run(
                    id, Op.JOINED, transaction.steps(id, false), connection, pause, step -> perform(store, step));
        } catch (SQLException away) {
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private static String perform(Store<String> store, Step step) {
        return step.isDelete()
                ? store.delete(step.kind(), step.key()).orElse(Call.NONE)
                : store.set(step.kind(), step.key(), Text.value(step.token(), 0))
                        .name();
    }
}

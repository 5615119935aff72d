package dev.tidemark.store.sqlite;

import dev.tidemark.store.spi.Deadline;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** A statement that would take for ever. */
final class Endless {
    private static final String SQL =
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";

    private final SqliteBackend backend;
    private final CountDownLatch running = new CountDownLatch(1);
    private final CompletableFuture<Long> result = new CompletableFuture<>();

    Endless(SqliteBackend backend) {
        this.backend = backend;
    }

    /** Runs it on a reader, with no end to its patience. */
    void start() throws InterruptedException {
        Thread thread = new Thread(() -> {
            try {
                result.complete(
                        backend.engine().sessions().readers().run(Deadline.after(Duration.ofDays(1)), session -> {
                            running.countDown();
                            return run(session);
                        }));
            } catch (RuntimeException failure) {
                result.completeExceptionally(failure);
            }
        });
        thread.setDaemon(true);
        thread.start();
        running.await();
    }

    Throwable failure() throws Exception {
        try {
            throw new AssertionError("ended with " + result.get(60, TimeUnit.SECONDS));
        } catch (ExecutionException failure) {
            return failure.getCause();
        }
    }

    static long run(Session session) throws SQLException {
        try (Statement statement = session.connection().createStatement();
                ResultSet row = statement.executeQuery(SQL)) {
            return row.getLong(1);
        }
    }
}

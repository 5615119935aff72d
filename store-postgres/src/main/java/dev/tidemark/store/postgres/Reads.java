package dev.tidemark.store.postgres;

import dev.tidemark.store.spi.Deadline;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/** Short reads on the pool; since they change nothing, a broken connection only means another try. */
final class Reads {
    private final Commits commits;
    private final Duration timeout;

    /** A query. */
    interface Query<T> {
        T run(Connection connection) throws SQLException;
    }

    Reads(Commits commits, Duration timeout) {
        this.commits = commits;
        this.timeout = timeout;
    }

    <T> T read(String waitingFor, Query<T> query) {
        return commits.run(Deadline.after(timeout), waitingFor, (connection, committing) -> query.run(connection));
    }
}

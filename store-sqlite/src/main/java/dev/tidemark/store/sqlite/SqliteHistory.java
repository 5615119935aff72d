package dev.tidemark.store.sqlite;

import dev.tidemark.store.HistoryCompactedException;
import dev.tidemark.store.RevisionAheadException;
import dev.tidemark.store.spi.Committed;
import dev.tidemark.store.spi.Deadline;
import dev.tidemark.store.spi.History;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The history of one namespace, read in single statements: each sees one moment of the file, and when nothing is new it costs
 * hardly more than asking whether the file has changed.
 */
final class SqliteHistory implements History<byte[]> {
    private final SessionPool sessions;
    private final Sql sql;
    private final long namespace;
    private final Duration timeout;

    SqliteHistory(SessionPool sessions, Sql sql, long namespace, Duration timeout) {
        this.sessions = sessions;
        this.sql = sql;
        this.namespace = namespace;
        this.timeout = timeout;
    }

    @Override
    public long newest() {
        return sessions.run(Deadline.after(timeout), this::head);
    }

    @Override
    public Page<byte[]> after(long revision, int limit) {
        return sessions.run(Deadline.after(timeout), session -> read(session, revision, limit));
    }

    private long head(Session session) throws SQLException {
        PreparedStatement statement = session.statement(sql.line);
        statement.setLong(1, namespace);
        try (ResultSet line = statement.executeQuery()) {
            return line.next() ? line.getLong(1) : 0;
        }
    }

    private Page<byte[]> read(Session session, long revision, int limit) throws SQLException {
        PreparedStatement statement = session.statement(sql.changes);
        statement.setLong(1, namespace);
        statement.setLong(2, revision);
        statement.setInt(3, limit);
        try (ResultSet rows = statement.executeQuery()) {
            boolean any = rows.next();
            long head = any ? rows.getLong(1) : 0;
            checkReach(revision, head, any ? rows.getLong(2) : 0);
            return revision == head ? new Page<>(List.of(), true) : read(rows, head);
        }
    }

    private static void checkReach(long revision, long head, long floor) {
        if (revision < floor) {
            throw new HistoryCompactedException(revision, floor);
        }
        if (revision > head) {
            throw new RevisionAheadException(revision, head);
        }
    }

    /** Reads from the present row on, of which there is one. */
    private static Page<byte[]> read(ResultSet rows, long head) throws SQLException {
        List<Committed<byte[]>> changes = new ArrayList<>();
        long bytes = 0;
        Committed<byte[]> last;
        do {
            last = Rows.change(rows);
            changes.add(last);
            bytes += last.value().length;
        } while (bytes < Rows.PAGE_BYTES && rows.next());
        return new Page<>(changes, last.revision() == head);
    }
}

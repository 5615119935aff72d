package dev.tidemark.store.postgres;

import dev.tidemark.store.Change;
import dev.tidemark.store.HistoryCompactedException;
import dev.tidemark.store.RevisionAheadException;
import dev.tidemark.store.spi.Committed;
import dev.tidemark.store.spi.History;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;

/** The outbox behind a cursor, which is a revision and nothing else. */
final class PostgresHistory implements History<byte[]> {
    private final Sql sql;
    private final Reads reads;

    PostgresHistory(Sql sql, Reads reads) {
        this.sql = sql;
        this.reads = reads;
    }

    static long newest(Connection connection, Sql sql) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql.newest);
                ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    @Override
    public long newest() {
        return reads.read("the newest revision", connection -> newest(connection, sql));
    }

    @Override
    public Page<byte[]> after(long revision, int limit) {
        return reads.read("changes", connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql.history)) {
                statement.setLong(1, revision);
                statement.setLong(2, revision + 1);
                statement.setLong(3, revision);
                statement.setInt(4, limit);
                try (ResultSet rows = statement.executeQuery()) {
                    return page(revision, limit, rows);
                }
            }
        });
    }

    /** The floor, the newest revision and the changes are all of one moment. */
    private static Page<byte[]> page(long revision, int limit, ResultSet rows) throws SQLException {
        List<Committed<byte[]>> changes = new ArrayList<>();
        long bytes = 0;
        while (rows.next()) {
            if (rows.isFirst()) {
                checkBounds(revision, rows);
            }
            if (rows.getString("etype") != null) {
                Committed<byte[]> change = change(rows);
                changes.add(change);
                bytes += change.value().length;
            }
        }
        return new Page<>(changes, changes.size() < limit && bytes < Sql.PAGE_BYTES);
    }

    /**
     * Revisions are never given twice, not even when commits get lost. So what was delivered up to some place is known still if there
     * is a change at that place or right behind it; else the change that was there has been lost.
     */
    private static void checkBounds(long revision, ResultSet row) throws SQLException {
        long floor = row.getLong("floor");
        if (revision < floor) {
            throw new HistoryCompactedException(revision, floor);
        }
        long newest = row.getLong("newest");
        if (revision > newest || (revision > floor && !row.getBoolean("known"))) {
            throw new RevisionAheadException(revision, newest);
        }
    }

    private static Committed<byte[]> change(ResultSet row) throws SQLException {
        return new Committed<>(
                type(row.getString("etype")),
                row.getString("kind"),
                row.getString("key"),
                row.getBytes("value"),
                row.getLong("version"),
                row.getLong("revision"),
                row.getObject("at", OffsetDateTime.class).toInstant());
    }

    private static Change.Type type(String etype) throws SQLException {
        return switch (etype) {
            case "create" -> Change.Type.CREATED;
            case "update" -> Change.Type.UPDATED;
            case "delete" -> Change.Type.DELETED;
            default -> throw new SQLException("the outbox holds a change of an unknown type");
        };
    }
}

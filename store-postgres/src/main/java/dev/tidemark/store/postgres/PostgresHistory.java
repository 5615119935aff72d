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
import java.util.Objects;
import org.jspecify.annotations.Nullable;

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
            Page<byte[]> small = page(connection, sql.history, revision, limit);
            Page<byte[]> page =
                    small != null ? small : Objects.requireNonNull(page(connection, sql.largeHistory, revision, limit));
            List<Committed<byte[]>> changes = page.changes();
            if (changes.isEmpty() || changes.get(0).revision() != revision + 1) {
                checkBounds(connection, revision);
            }
            return page;
        });
    }

    /** Null when the query left out a value for its size. */
    private static @Nullable Page<byte[]> page(Connection connection, String query, long revision, int limit)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            statement.setLong(1, revision);
            statement.setInt(2, limit);
            try (ResultSet rows = statement.executeQuery()) {
                List<Committed<byte[]>> changes = new ArrayList<>();
                long bytes = 0;
                while (rows.next()) {
                    byte[] value = rows.getBytes(4);
                    if (value == null) {
                        return null;
                    }
                    changes.add(change(rows, value));
                    bytes += value.length;
                }
                return new Page<>(changes, changes.size() < limit && bytes < Sql.PAGE_BYTES);
            }
        }
    }

    /**
     * Asks what a change right behind a revision proves, were there one: that nothing was compacted or lost before it. To be asked
     * after the changes were read, so that what is compacted meanwhile is no silent gap.
     *
     * <p>Revisions are never given twice, not even when commits get lost. So what was delivered up to some place is known still if
     * there is a change at that place or right behind it; else the change that was there has been lost.
     */
    private void checkBounds(Connection connection, long revision) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql.bounds)) {
            statement.setLong(1, revision);
            statement.setLong(2, revision + 1);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                long floor = row.getLong(1);
                if (revision < floor) {
                    throw new HistoryCompactedException(revision, floor);
                }
                long newest = row.getLong(2);
                if (revision > newest || (revision > floor && !row.getBoolean(3))) {
                    throw new RevisionAheadException(revision, newest);
                }
            }
        }
    }

    private static Committed<byte[]> change(ResultSet row, byte[] value) throws SQLException {
        return Committed.of(
                type(row.getString(1)),
                row.getString(2),
                row.getString(3),
                value,
                row.getLong(5),
                row.getLong(6),
                row.getObject(7, OffsetDateTime.class).toInstant());
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

package dev.tidemark.store.postgres;

import dev.tidemark.store.Condition;
import dev.tidemark.store.spi.Commit;
import dev.tidemark.store.spi.Op;
import dev.tidemark.store.spi.Outcome;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One operation on one key: one statement, one round trip, and a second one only to explain why nothing happened. */
final class LoneWrite {
    private final Sql sql;

    LoneWrite(Sql sql) {
        this.sql = sql;
    }

    /** Whether there is a statement that does this operation alone. */
    static boolean knows(Op<byte[]> op) {
        if (op instanceof Op.Put<byte[]> put) {
            return !(put.condition() instanceof Condition.Any && put.evenIfEqual());
        }
        return op instanceof Op.Delete<byte[]> && !(op.condition() instanceof Condition.Absent);
    }

    /** Null when what the statement met was gone a moment later, and it has to be tried again. */
    @Nullable
    Commit<byte[]> run(Connection connection, Op<byte[]> op) throws SQLException {
        if (op instanceof Op.Put<byte[]> put) {
            Condition condition = put.condition();
            if (condition instanceof Condition.Tag tag) {
                return replace(connection, put, tag.expected());
            }
            return condition instanceof Condition.Any ? set(connection, put) : create(connection, put);
        }
        return delete(connection, op);
    }

    private Commit<byte[]> set(Connection connection, Op.Put<byte[]> put) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql.set)) {
            statement.setString(1, put.kind());
            statement.setString(2, put.key());
            statement.setBytes(3, put.value());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                boolean created = row.getBoolean(3);
                Outcome.Effect effect = row.wasNull()
                        ? Outcome.Effect.UNCHANGED
                        : created ? Outcome.Effect.CREATED : Outcome.Effect.UPDATED;
                return commit(row, effect, row.getLong(2), null);
            }
        }
    }

    private @Nullable Commit<byte[]> create(Connection connection, Op.Put<byte[]> put) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql.create)) {
            statement.setString(1, put.kind());
            statement.setString(2, put.key());
            statement.setBytes(3, put.value());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                long tag = row.getLong(2);
                if (!row.wasNull()) {
                    return commit(row, Outcome.Effect.CREATED, tag, null);
                }
            }
        }
        Present present = present(connection, put);
        if (present != null) {
            throw put.conflict(present.tag());
        }
        return null;
    }

    private @Nullable Commit<byte[]> replace(Connection connection, Op.Put<byte[]> put, long expected)
            throws SQLException {
        long newest;
        try (PreparedStatement statement = connection.prepareStatement(sql.replace)) {
            statement.setBytes(1, put.value());
            statement.setString(2, put.kind());
            statement.setString(3, put.key());
            statement.setLong(4, expected);
            statement.setBoolean(5, put.evenIfEqual());
            statement.setBytes(6, put.value());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                newest = row.getLong(1);
                long tag = row.getLong(2);
                if (!row.wasNull()) {
                    return commit(row, Outcome.Effect.UPDATED, tag, null);
                }
            }
        }
        Present present = presentOrConflict(connection, put, expected);
        boolean unchanged = !put.evenIfEqual() && Arrays.equals(present.value(), put.value());
        return unchanged
                ? new Commit<>(newest, List.of(new Outcome<>(Outcome.Effect.UNCHANGED, expected, null)))
                : null;
    }

    private @Nullable Commit<byte[]> delete(Connection connection, Op<byte[]> op) throws SQLException {
        Long expected = op.condition() instanceof Condition.Tag tag ? Long.valueOf(tag.expected()) : null;
        try (PreparedStatement statement = connection.prepareStatement(sql.delete)) {
            statement.setString(1, op.kind());
            statement.setString(2, op.key());
            statement.setBoolean(3, expected == null);
            statement.setLong(4, expected == null ? 0 : expected);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                byte[] deleted = row.getBytes(2);
                if (deleted != null) {
                    return commit(row, Outcome.Effect.DELETED, 0, deleted);
                }
                if (expected == null) {
                    return commit(row, Outcome.Effect.NONE, 0, null);
                }
            }
        }
        presentOrConflict(connection, op, expected);
        return null;
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Present(byte[] value, long tag) {}

    private Present presentOrConflict(Connection connection, Op<byte[]> op, long expected) throws SQLException {
        Present present = present(connection, op);
        if (present == null || present.tag() != expected) {
            throw op.conflict(present == null ? null : present.tag());
        }
        return present;
    }

    private @Nullable Present present(Connection connection, Op<byte[]> op) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql.get)) {
            statement.setString(1, op.kind());
            statement.setString(2, op.key());
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? new Present(row.getBytes("value"), row.getLong("tag")) : null;
            }
        }
    }

    private static Commit<byte[]> commit(ResultSet row, Outcome.Effect effect, long tag, byte @Nullable [] deleted)
            throws SQLException {
        return new Commit<>(row.getLong(1), List.of(new Outcome<>(effect, tag, deleted)));
    }
}

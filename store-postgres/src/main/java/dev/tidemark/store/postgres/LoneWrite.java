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

    /**
     * Null when nothing was written.
     *
     * @param ring whether the change announces itself
     */
    @Nullable
    Commit<byte[]> write(Connection connection, Op<byte[]> op, boolean ring) throws SQLException {
        if (op instanceof Op.Put<byte[]> put) {
            Condition condition = put.condition();
            if (condition instanceof Condition.Tag tag) {
                return replace(connection, put, tag.expected(), ring);
            }
            return put(connection, condition instanceof Condition.Any ? sql.set : sql.create, put, ring);
        }
        return delete(connection, op, ring);
    }

    /**
     * Says why nothing was written; null when what was met is gone a moment later, and it has to be tried again.
     *
     * @throws dev.tidemark.store.ConflictException if the condition does not hold
     */
    @Nullable
    Commit<byte[]> explain(Connection connection, Op<byte[]> op) throws SQLException {
        Standing standing = standing(connection, op);
        byte[] value = standing.value();
        Long tag = value == null ? null : Long.valueOf(standing.tag());
        if (!op.condition().holds(tag)) {
            throw op.conflict(tag);
        }
        if (op instanceof Op.Put<byte[]> put) {
            boolean unchanged = !put.evenIfEqual() && Arrays.equals(value, put.value());
            return unchanged ? commit(standing.revision(), Outcome.Effect.UNCHANGED, standing.tag(), null) : null;
        }
        return value == null ? commit(standing.revision(), Outcome.Effect.NONE, 0, null) : null;
    }

    private static @Nullable Commit<byte[]> put(Connection connection, String text, Op.Put<byte[]> put, boolean ring)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(text)) {
            statement.setString(1, put.kind());
            statement.setString(2, put.key());
            statement.setBytes(3, put.value());
            statement.setBoolean(4, ring);
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    return null;
                }
                Outcome.Effect effect = row.getBoolean(3) ? Outcome.Effect.CREATED : Outcome.Effect.UPDATED;
                return commit(row.getLong(1), effect, row.getLong(2), null);
            }
        }
    }

    private @Nullable Commit<byte[]> replace(Connection connection, Op.Put<byte[]> put, long expected, boolean ring)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql.replace)) {
            statement.setBytes(1, put.value());
            statement.setString(2, put.kind());
            statement.setString(3, put.key());
            statement.setLong(4, expected);
            statement.setBoolean(5, put.evenIfEqual());
            statement.setBytes(6, put.value());
            statement.setBoolean(7, ring);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? commit(row.getLong(1), Outcome.Effect.UPDATED, row.getLong(2), null) : null;
            }
        }
    }

    private @Nullable Commit<byte[]> delete(Connection connection, Op<byte[]> op, boolean ring) throws SQLException {
        Long expected = op.condition() instanceof Condition.Tag tag ? Long.valueOf(tag.expected()) : null;
        try (PreparedStatement statement = connection.prepareStatement(sql.delete)) {
            statement.setString(1, op.kind());
            statement.setString(2, op.key());
            statement.setBoolean(3, expected == null);
            statement.setLong(4, expected == null ? 0 : expected);
            statement.setBoolean(5, ring);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? commit(row.getLong(1), Outcome.Effect.DELETED, 0, row.getBytes(2)) : null;
            }
        }
    }

    /** How things stand where nothing was done; without a value, the key is absent. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Standing(long revision, long tag, byte @Nullable [] value) {}

    private Standing standing(Connection connection, Op<byte[]> op) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql.standing)) {
            statement.setString(1, op.kind());
            statement.setString(2, op.key());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return new Standing(row.getLong(1), row.getLong(2), row.getBytes(3));
            }
        }
    }

    private static Commit<byte[]> commit(long revision, Outcome.Effect effect, long tag, byte @Nullable [] deleted) {
        return new Commit<>(revision, List.of(Outcome.of(effect, tag, deleted)));
    }
}

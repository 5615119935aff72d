package dev.tidemark.store.sqlite;

import dev.tidemark.store.Change;
import dev.tidemark.store.spi.Committed;
import dev.tidemark.store.spi.KeyRange;
import dev.tidemark.store.spi.Stored;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** How things look in rows and parameters. */
final class Rows {
    /** Read pages end once their values have this many bytes. */
    static final long PAGE_BYTES = 4 << 20;

    /** Above every text: in SQLite's order all blobs follow all texts. */
    private static final byte[] BEHIND_ALL_KEYS = {0};

    private static final long MICROS = 1_000_000;

    private Rows() {}

    static Stored<byte[]> entry(ResultSet row) throws SQLException {
        return Stored.of(
                row.getString(1),
                row.getString(2),
                row.getBytes(6),
                row.getLong(3),
                row.getLong(4),
                fromMicros(row.getLong(5)));
    }

    /** The entries at some keys, by {@link Sql#get}. */
    static List<Stored<byte[]>> getAll(
            PreparedStatement statement, long namespace, String kind, Collection<String> keys) throws SQLException {
        List<Stored<byte[]>> found = new ArrayList<>();
        for (String key : keys) {
            bindKey(statement, namespace, kind, key);
            try (ResultSet row = statement.executeQuery()) {
                if (row.next()) {
                    found.add(entry(row));
                }
            }
        }
        return found;
    }

    /** From a row of {@link Sql#changes}. */
    static Committed<byte[]> change(ResultSet row) throws SQLException {
        return Committed.of(
                type(row.getString(3)),
                row.getString(4),
                row.getString(5),
                row.getBytes(9),
                row.getLong(6),
                row.getLong(7),
                fromMicros(row.getLong(8)));
    }

    static void bindKey(PreparedStatement statement, long namespace, String kind, String key) throws SQLException {
        statement.setLong(1, namespace);
        statement.setString(2, kind);
        statement.setString(3, key);
    }

    static void bindRange(PreparedStatement statement, long namespace, String kind, KeyRange range)
            throws SQLException {
        bindKey(statement, namespace, kind, from(range));
        if (range.upper() == null) {
            statement.setBytes(4, BEHIND_ALL_KEYS);
        } else {
            statement.setString(4, range.upper());
        }
    }

    static String nameOf(Change.Type type) {
        return switch (type) {
            case CREATED -> "create";
            case UPDATED -> "update";
            case DELETED -> "delete";
        };
    }

    static long toMicros(Instant time) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, time);
    }

    /** The inclusive start: no key, having no NUL, lies between a key and the key followed by U+0001. */
    private static String from(KeyRange range) {
        String lower = range.lower();
        if (lower == null) {
            return "";
        }
        return range.lowerInclusive() ? lower : lower + '\u0001';
    }

    private static Change.Type type(String name) throws SQLException {
        return switch (name) {
            case "create" -> Change.Type.CREATED;
            case "update" -> Change.Type.UPDATED;
            case "delete" -> Change.Type.DELETED;
            default -> throw new SQLException("unknown type of change: " + name);
        };
    }

    private static Instant fromMicros(long micros) {
        return Instant.ofEpochSecond(Math.floorDiv(micros, MICROS), Math.floorMod(micros, MICROS) * 1000);
    }
}

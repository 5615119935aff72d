package dev.tidemark.store.postgres;

import dev.tidemark.store.spi.EngineSnapshot;
import dev.tidemark.store.spi.KeyRange;
import dev.tidemark.store.spi.Names;
import dev.tidemark.store.spi.Stored;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The queries on entries, on any connection. */
final class Rows {
    private static final int KEYS_PER_QUERY = 10_000;

    private final Sql sql;

    Rows(Sql sql) {
        this.sql = sql;
    }

    Optional<Stored<byte[]>> get(Connection connection, String kind, String key) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql.get)) {
            statement.setString(1, kind);
            statement.setString(2, key);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? Optional.of(stored(kind, row)) : Optional.empty();
            }
        }
    }

    List<String> kinds(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql.kinds);
                ResultSet rows = statement.executeQuery()) {
            List<String> kinds = new ArrayList<>();
            while (rows.next()) {
                kinds.add(rows.getString(1));
            }
            kinds.sort(Names.ORDER);
            return kinds;
        }
    }

    long count(Connection connection, String kind, KeyRange range) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql.count(range))) {
            bind(statement, kind, range);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    List<String> keys(Connection connection, String kind, KeyRange range, int limit) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql.keys(range))) {
            statement.setInt(bind(statement, kind, range), limit);
            try (ResultSet rows = statement.executeQuery()) {
                List<String> keys = new ArrayList<>();
                while (rows.next()) {
                    keys.add(rows.getString(1));
                }
                return keys;
            }
        }
    }

    EngineSnapshot.Page<byte[]> page(Connection connection, String kind, KeyRange range, int limit)
            throws SQLException {
        EngineSnapshot.Page<byte[]> small = page(connection, sql.page(range), kind, range, limit);
        return small != null
                ? small
                : Objects.requireNonNull(page(connection, sql.largePage(range), kind, range, limit));
    }

    /** Null when the query left out a value for its size. */
    private static EngineSnapshot.@Nullable Page<byte[]> page(
            Connection connection, String query, String kind, KeyRange range, int limit) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            statement.setInt(bind(statement, kind, range), limit);
            try (ResultSet rows = statement.executeQuery()) {
                List<Stored<byte[]>> entries = new ArrayList<>();
                long bytes = 0;
                while (rows.next()) {
                    byte[] value = rows.getBytes(2);
                    if (value == null) {
                        return null;
                    }
                    entries.add(stored(kind, rows, value));
                    bytes += value.length;
                }
                return new EngineSnapshot.Page<>(entries, entries.size() < limit && bytes < Sql.PAGE_BYTES);
            }
        }
    }

    List<Stored<byte[]>> getAll(Connection connection, String kind, Collection<String> keys) throws SQLException {
        List<Stored<byte[]>> found = new ArrayList<>();
        List<String> all = List.copyOf(keys);
        for (int start = 0; start < all.size(); start += KEYS_PER_QUERY) {
            List<String> some = all.subList(start, Math.min(all.size(), start + KEYS_PER_QUERY));
            try (PreparedStatement statement = connection.prepareStatement(sql.getAll)) {
                new Columns<>(connection, statement, some).text(key -> key);
                statement.setString(2, kind);
                try (ResultSet rows = statement.executeQuery()) {
                    while (rows.next()) {
                        found.add(stored(kind, rows));
                    }
                }
            }
        }
        return found;
    }

    /** Returns the number of the next parameter. */
    private static int bind(PreparedStatement statement, String kind, KeyRange range) throws SQLException {
        int next = 1;
        statement.setString(next++, kind);
        if (range.lower() != null) {
            statement.setString(next++, range.lower());
        }
        if (range.upper() != null) {
            statement.setString(next++, range.upper());
        }
        return next;
    }

    private static Stored<byte[]> stored(String kind, ResultSet row) throws SQLException {
        return stored(kind, row, row.getBytes(2));
    }

    private static Stored<byte[]> stored(String kind, ResultSet row, byte[] value) throws SQLException {
        return Stored.of(
                kind,
                row.getString(1),
                value,
                row.getLong(3),
                row.getLong(4),
                row.getObject(5, OffsetDateTime.class).toInstant());
    }
}

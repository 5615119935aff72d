package dev.tidemark.benchmarks.sqlite;

import dev.tidemark.benchmarks.harness.Data;
import dev.tidemark.store.sqlite.Statements;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** One connection with prepared statements: the same SQL and the same pragmas as the backend's, and nothing around them. */
final class RawSqlite implements AutoCloseable {
    /** Of {@code synchronous}, 2 is FULL. */
    private static final List<String> SETTINGS =
            List.of("journal_mode", "synchronous", "page_size", "cache_size", "wal_autocheckpoint");

    private final Connection connection;
    private final PreparedStatement begin;
    private final PreparedStatement commit;
    private final PreparedStatement get;
    private final PreparedStatement put;
    private final PreparedStatement append;
    private final PreparedStatement line;
    private final PreparedStatement advance;

    /** Opens a file that the backend has made. */
    RawSqlite(Path file) throws SQLException {
        connection = DriverManager.getConnection("jdbc:sqlite:" + file + "?jdbc.get_generated_keys=false");
        try (Statement pragmas = connection.createStatement()) {
            pragmas.execute("PRAGMA journal_mode = WAL");
            pragmas.execute("PRAGMA synchronous = FULL");
        }
        begin = connection.prepareStatement("BEGIN IMMEDIATE");
        commit = connection.prepareStatement("COMMIT");
        get = connection.prepareStatement(Statements.get());
        put = connection.prepareStatement(Statements.put());
        append = connection.prepareStatement(Statements.append());
        line = connection.prepareStatement(Statements.line());
        advance = connection.prepareStatement(Statements.advance());
    }

    Map<String, String> settings() throws SQLException {
        Map<String, String> settings = new LinkedHashMap<>();
        try (Statement statement = connection.createStatement()) {
            for (String name : SETTINGS) {
                try (ResultSet row = statement.executeQuery("PRAGMA " + name)) {
                    settings.put(name, row.getString(1));
                }
            }
            try (ResultSet row = statement.executeQuery("SELECT sqlite_version()")) {
                settings.put("version", row.getString(1));
            }
        }
        return settings;
    }

    void get(SplittableRandom random) throws SQLException {
        get.setLong(1, 0);
        get.setString(2, Data.KIND);
        get.setString(3, Data.key(random));
        try (ResultSet row = get.executeQuery()) {
            if (!row.next()
                    || row.getString(1).isEmpty()
                    || row.getString(2).isEmpty()
                    || row.getLong(3) < 1
                    || row.getLong(4) < 1
                    || row.getLong(5) < 1) {
                throw new SQLException("an entry is not what it should be");
            }
            Data.check(row.getBytes(6));
        }
    }

    /** So many sets in one transaction. */
    void set(int number, SplittableRandom random) throws SQLException {
        begin.execute();
        long head = head();
        for (int i = 0; i < number; i++) {
            head++;
            set(head, Data.key(random), Data.value(random));
        }
        advance.setLong(1, 0);
        advance.setLong(2, head);
        advance.executeUpdate();
        commit.execute();
    }

    private long head() throws SQLException {
        line.setLong(1, 0);
        try (ResultSet row = line.executeQuery()) {
            return row.next() ? row.getLong(1) : 0;
        }
    }

    private void set(long revision, String key, byte[] value) throws SQLException {
        long now = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
        put.setLong(1, 0);
        put.setString(2, Data.KIND);
        put.setString(3, key);
        put.setLong(4, revision);
        put.setLong(5, now);
        put.setBytes(6, value);
        put.setBoolean(7, false);
        long version;
        try (ResultSet row = put.executeQuery()) {
            if (!row.next()) {
                throw new SQLException("nothing was written");
            }
            version = row.getLong(1);
        }
        append.setLong(1, 0);
        append.setLong(2, revision);
        append.setString(3, Data.KIND);
        append.setString(4, key);
        append.setString(5, version == 1 ? "create" : "update");
        append.setLong(6, version);
        append.setLong(7, now);
        append.setBytes(8, value);
        append.executeUpdate();
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}

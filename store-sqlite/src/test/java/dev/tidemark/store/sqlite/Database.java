package dev.tidemark.store.sqlite;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** A connection to a store's file that knows nothing of the store. */
final class Database implements AutoCloseable {
    private final Connection connection;

    Database(Path file) throws SQLException {
        this.connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        execute("PRAGMA busy_timeout = 10000");
    }

    void execute(String... statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    long number(String sql) throws SQLException {
        return Long.parseLong(column(sql).get(0));
    }

    /** The first column of every row. */
    List<String> column(String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> values = new ArrayList<>();
            while (rows.next()) {
                values.add(rows.getString(1));
            }
            return values;
        }
    }

    /** The history of namespace 0 as text, oldest first. */
    List<String> history() throws SQLException {
        return column("SELECT revision || ' ' || etype || ' ' || kind || '/' || key || ' ' || version || ' '"
                + " || CAST(value AS TEXT) FROM zestor_outbox WHERE ns_id = 0 ORDER BY revision");
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}

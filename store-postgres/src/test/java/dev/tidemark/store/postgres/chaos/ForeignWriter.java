package dev.tidemark.store.postgres.chaos;

import dev.tidemark.store.postgres.chaos.Call.Op;
import dev.tidemark.store.postgres.chaos.Call.Step;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Properties;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Writes as a zestor service does: plain SQL in a transaction, without a word of versions, tags or revisions. */
final class ForeignWriter implements WriterProcess.Writer {
    private static final int SLOW_MILLIS = 1_500;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final String url;
    private final Journal journal;
    private final Random random;
    private final boolean slow;
    private final Transaction transaction;
    private Connection connection;

    ForeignWriter(String uri, Journal journal, Random random, boolean slow) {
        this.url = "jdbc:" + uri.replace("postgres@", "");
        this.journal = journal;
        this.random = random;
        this.slow = slow;
        this.transaction = new Transaction(journal, random);
    }

    @Override
    public void turn() {
        if (connection == null && !connect()) {
            LockSupport.parkNanos(PAUSE_NANOS);
            return;
        }
        String id = journal.next();
        int pause = slow ? 50 + random.nextInt(SLOW_MILLIS) : 0;
        boolean usable = transaction.run(id, Op.FOREIGN, transaction.steps(id, slow), connection, pause, this::perform);
        if (!usable) {
            hangUp();
        }
    }

    private boolean connect() {
        try {
            Properties properties = new Properties();
            properties.setProperty("user", "postgres");
            properties.setProperty("connectTimeout", "1");
            properties.setProperty("loginTimeout", "2");
            connection = DriverManager.getConnection(url, properties);
            connection.setAutoCommit(false);
            return true;
        } catch (SQLException away) {
            hangUp();
            return false;
        }
    }

    private void hangUp() {
        try {
            if (connection != null) {
                connection.close();
            }
        } catch (SQLException brokenAnyway) {
            System.err.println("can't close: " + brokenAnyway.getMessage());
        }
        connection = null;
    }

    private String perform(Step step) throws SQLException {
        return step.isDelete() ? delete(step) : set(step);
    }

    private String set(Step step) throws SQLException {
        while (true) {
            if (update(
                            "INSERT INTO zestor_kv (ns_id, kind, key, value) VALUES (0, ?, ?, ?) ON CONFLICT DO NOTHING",
                            step)
                    == 1) {
                append("create", step, Text.value(step.token(), 0));
                return Call.NONE;
            }
            String present =
                    query("SELECT value FROM zestor_kv WHERE ns_id = 0 AND kind = ? AND key = ? FOR UPDATE", step);
            if (present != null) {
                update(
                        "UPDATE zestor_kv SET value = v.value, version = version + 1, updated_at = now()"
                                + " FROM (SELECT ?::text AS kind, ?::text AS key, ?::bytea AS value) v"
                                + " WHERE ns_id = 0 AND zestor_kv.kind = v.kind AND zestor_kv.key = v.key",
                        step);
                append("update", step, Text.value(step.token(), 0));
                return present;
            }
        }
    }

    private String delete(Step step) throws SQLException {
        String deleted = query("DELETE FROM zestor_kv WHERE ns_id = 0 AND kind = ? AND key = ? RETURNING value", step);
        if (deleted == null) {
            return Call.NONE;
        }
        append("delete", step, deleted);
        return deleted;
    }

    private int update(String sql, Step step) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, step.kind());
            statement.setString(2, step.key());
            statement.setBytes(3, Text.CODEC.encode(Text.value(step.token(), 0)));
            return statement.executeUpdate();
        }
    }

    private String query(String sql, Step step) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, step.kind());
            statement.setString(2, step.key());
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? Text.CODEC.decode(row.getBytes(1)) : null;
            }
        }
    }

    private void append(String type, Step step, String value) throws SQLException {
        String sql = "INSERT INTO zestor_outbox (ns_id, kind, key, etype, value) VALUES (0, ?, ?, ?, ?)";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, step.kind());
            statement.setString(2, step.key());
            statement.setString(3, type);
            statement.setBytes(4, Text.CODEC.encode(value));
            statement.executeUpdate();
        }
    }
}

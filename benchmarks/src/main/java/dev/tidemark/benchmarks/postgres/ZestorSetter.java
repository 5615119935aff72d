package dev.tidemark.benchmarks.postgres;

import dev.tidemark.benchmarks.harness.Callers.Caller;
import dev.tidemark.benchmarks.harness.Data;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.SplittableRandom;

/** What a zestor service sends for a set: a transaction of several statements, and a notification by trigger for each row. */
final class ZestorSetter implements Caller {
    static final String TRIGGER = """
            CREATE FUNCTION plain_notify() RETURNS TRIGGER LANGUAGE plpgsql AS $$
            BEGIN
              PERFORM pg_notify('plain_events', NEW.ns_id || '|' || NEW.kind || '|' || NEW.key || '|' || NEW.etype || '|' || NEW.id);
              RETURN NULL;
            END $$;
            CREATE TRIGGER plain_notify AFTER INSERT ON plain_outbox FOR EACH ROW EXECUTE FUNCTION plain_notify();
            """;

    private final Connection connection;
    private final PreparedStatement insert;
    private final PreparedStatement select;
    private final PreparedStatement update;
    private final PreparedStatement append;

    ZestorSetter(Schema schema) throws SQLException {
        connection = schema.connect();
        connection.setAutoCommit(false);
        insert = connection.prepareStatement(
                "INSERT INTO plain_kv (ns_id, kind, key, value) VALUES (0, ?, ?, ?) ON CONFLICT DO NOTHING");
        select = connection.prepareStatement("SELECT value FROM plain_kv WHERE ns_id = 0 AND kind = ? AND key = ?");
        update = connection.prepareStatement("UPDATE plain_kv SET value = ?, version = version + 1, updated_at = now()"
                + " WHERE ns_id = 0 AND kind = ? AND key = ?");
        append = connection.prepareStatement(
                "INSERT INTO plain_outbox (ns_id, kind, key, etype, value) VALUES (0, ?, ?, ?, ?)");
    }

    @Override
    public void call(SplittableRandom random) throws SQLException {
        String key = Data.key(random);
        byte[] value = Data.value(random);
        boolean created = insert(key, value);
        if (created || !Arrays.equals(select(key), value)) {
            if (!created) {
                update(key, value);
            }
            append(key, created ? "create" : "update", value);
        }
        connection.commit();
    }

    private boolean insert(String key, byte[] value) throws SQLException {
        insert.setString(1, Data.KIND);
        insert.setString(2, key);
        insert.setBytes(3, value);
        return insert.executeUpdate() == 1;
    }

    private byte[] select(String key) throws SQLException {
        select.setString(1, Data.KIND);
        select.setString(2, key);
        try (ResultSet row = select.executeQuery()) {
            row.next();
            return row.getBytes(1);
        }
    }

    private void update(String key, byte[] value) throws SQLException {
        update.setBytes(1, value);
        update.setString(2, Data.KIND);
        update.setString(3, key);
        update.executeUpdate();
    }

    private void append(String key, String type, byte[] value) throws SQLException {
        append.setString(1, Data.KIND);
        append.setString(2, key);
        append.setString(3, type);
        append.setBytes(4, value);
        append.executeUpdate();
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}

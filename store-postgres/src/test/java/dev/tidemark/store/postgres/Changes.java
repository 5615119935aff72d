package dev.tidemark.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.store.Change;
import dev.tidemark.store.Watch;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What tests say about changes, and how others than the backend write them. */
final class Changes {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private Changes() {}

    /** The next changes of a watch. */
    static List<Change<String>> next(Watch<String> watch, int count) throws InterruptedException {
        List<Change<String>> changes = new ArrayList<>();
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (changes.size() < count) {
            watch.poll(Duration.ofMillis(200)).ifPresent(changes::add);
            assertThat(System.nanoTime())
                    .as("%d of %d changes came", changes.size(), count)
                    .isLessThan(end);
        }
        return changes;
    }

    static List<String> keys(List<Change<String>> changes) {
        return changes.stream().map(Change::key).toList();
    }

    /** Writes as a zestor service does, which knows neither tags nor versions nor revisions of changes. */
    static void foreignSet(Connection connection, String kind, String key, String value) throws SQLException {
        boolean created = insert(connection, kind, key, value);
        while (!created
                && update(
                                connection,
                                "UPDATE zestor_kv SET value=convert_to(?, 'UTF8'), version=version+1, updated_at=now()"
                                        + " WHERE ns_id=0 AND kind=? AND key=?",
                                value,
                                kind,
                                key)
                        == 0) {
            created = insert(connection, kind, key, value);
        }
        append(connection, kind, key, created ? "create" : "update", value);
    }

    private static boolean insert(Connection connection, String kind, String key, String value) throws SQLException {
        return update(
                        connection,
                        "INSERT INTO zestor_kv(ns_id,kind,key,value) VALUES(0,?,?,convert_to(?, 'UTF8'))"
                                + " ON CONFLICT (ns_id,kind,key) DO NOTHING",
                        kind,
                        key,
                        value)
                == 1;
    }

    static void foreignDelete(Connection connection, String kind, String key, String value) throws SQLException {
        update(connection, "DELETE FROM zestor_kv WHERE ns_id=0 AND kind=? AND key=?", kind, key);
        append(connection, kind, key, "delete", value);
    }

    private static void append(Connection connection, String kind, String key, String etype, String value)
            throws SQLException {
        update(
                connection,
                "INSERT INTO zestor_outbox(ns_id,kind,key,etype,value) VALUES(0,?,?,?,convert_to(?, 'UTF8'))",
                kind,
                key,
                etype,
                value);
    }

    private static int update(Connection connection, String sql, String... parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setString(i + 1, parameters[i]);
            }
            return statement.executeUpdate();
        }
    }

    /** The only value of a query. */
    static long number(Connection connection, String query) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(query);
                ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }
}

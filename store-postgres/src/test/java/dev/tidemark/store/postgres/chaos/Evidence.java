package dev.tidemark.store.postgres.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * All there is to judge one namespace by.
 *
 * @param rows the outbox, in the order of revisions
 * @param table the entries, without type and revision
 * @param notes the ids of the calls whose transactions left one
 */
record Evidence(
        long namespace, List<Row> rows, List<Row> table, List<Call> calls, List<Stream> streams, Set<String> notes) {

    static Evidence gather(Connection database, Path directory, long namespace) throws SQLException, IOException {
        List<Call> calls = new ArrayList<>();
        List<Stream> streams = new ArrayList<>();
        for (Path file : records(directory)) {
            if (file.toString().endsWith(".calls")) {
                calls.addAll(Recorder.calls(file));
            } else if (file.toString().endsWith(".stream")) {
                streams.add(Stream.read(file));
            }
        }
        calls.removeIf(call -> call.namespace() != namespace);
        streams.removeIf(stream -> stream.namespace() != namespace);
        String outbox = "SELECT coalesce(revision, 0), upper(etype) || 'D', kind, key, coalesce(version, 0), value"
                + " FROM zestor_outbox WHERE ns_id = ? ORDER BY revision NULLS FIRST";
        String table = "SELECT 0, '', kind, key, version, value FROM zestor_kv WHERE ns_id = ?";
        return new Evidence(
                namespace,
                rows(database, outbox, namespace),
                rows(database, table, namespace),
                calls,
                streams,
                notes(database));
    }

    private static List<Path> records(Path directory) throws IOException {
        try (java.util.stream.Stream<Path> files = Files.list(directory)) {
            return files.sorted().toList();
        } catch (UncheckedIOException failure) {
            throw failure.getCause();
        }
    }

    private static List<Row> rows(Connection database, String sql, long namespace) throws SQLException {
        List<Row> rows = new ArrayList<>();
        try (PreparedStatement statement = database.prepareStatement(sql)) {
            statement.setLong(1, namespace);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    rows.add(new Row(
                            row.getLong(1),
                            row.getString(2),
                            row.getString(3),
                            row.getString(4),
                            row.getLong(5),
                            Text.CODEC.decode(row.getBytes(6))));
                }
            }
        }
        return rows;
    }

    private static Set<String> notes(Connection database) throws SQLException {
        Set<String> notes = new HashSet<>();
        try (PreparedStatement statement = database.prepareStatement("SELECT call FROM notes");
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                notes.add(row.getString(1));
            }
        }
        return notes;
    }
}

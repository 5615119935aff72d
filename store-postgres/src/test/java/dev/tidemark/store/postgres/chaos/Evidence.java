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
 * @param rows the outbox with what was deleted from it, in the order of revisions
 * @param table the entries, without type and revision
 * @param notes the ids of the calls whose transactions left one
 * @param gone which of the rows were deleted, in the order of revisions
 * @param floor up to where history is gone, as the store has it
 */
record Evidence(
        long namespace,
        List<Row> rows,
        List<Row> table,
        List<Call> calls,
        List<Stream> streams,
        Set<String> notes,
        List<Gone> gone,
        long floor) {

    static Evidence gather(Connection database, Path directory, long namespace) throws SQLException, IOException {
        List<Call> calls = new ArrayList<>();
        for (Path file : records(directory, ".calls")) {
            calls.addAll(Recorder.calls(file));
        }
        List<Stream> streams = streams(directory);
        calls.removeIf(call -> call.namespace() != namespace);
        streams.removeIf(stream -> stream.namespace() != namespace);
        String outbox = "SELECT coalesce(revision, 0), upper(etype) || 'D', kind, key, coalesce(version, 0), value"
                + " FROM (SELECT revision, etype, kind, key, version, value, ns_id FROM zestor_outbox UNION ALL"
                + " SELECT revision, etype, kind, key, version, value, ns_id FROM archive) o"
                + " WHERE ns_id = ? ORDER BY revision NULLS FIRST";
        String table = "SELECT 0, '', kind, key, version, value FROM zestor_kv WHERE ns_id = ?";
        return new Evidence(
                namespace,
                rows(database, outbox, namespace),
                rows(database, table, namespace),
                calls,
                streams,
                notes(database),
                gone(database, namespace),
                Database.floor(database, namespace));
    }

    static List<Stream> streams(Path directory) throws IOException {
        List<Stream> streams = new ArrayList<>();
        for (Path file : records(directory, ".stream")) {
            streams.add(Stream.read(file));
        }
        for (Path file : records(directory, ".visits")) {
            streams.addAll(Stream.visits(file));
        }
        return streams;
    }

    /** All that end like this. */
    static List<Path> records(Path directory, String end) throws IOException {
        try (java.util.stream.Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(end)).sorted().toList();
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

    private static List<Gone> gone(Connection database, long namespace) throws SQLException {
        List<Gone> gone = new ArrayList<>();
        String sql = "SELECT revision, age, kept, compaction FROM archive WHERE ns_id = ? ORDER BY revision";
        try (PreparedStatement statement = database.prepareStatement(sql)) {
            statement.setLong(1, namespace);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    gone.add(new Gone(row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4)));
                }
            }
        }
        return gone;
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

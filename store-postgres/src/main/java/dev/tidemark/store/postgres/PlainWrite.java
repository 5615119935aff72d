package dev.tidemark.store.postgres;

import dev.tidemark.store.spi.Commit;
import dev.tidemark.store.spi.Names;
import dev.tidemark.store.spi.Op;
import dev.tidemark.store.spi.Outcome;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Unconditional puts of many requests, no key twice: one statement, one round trip. */
final class PlainWrite {
    private static final Comparator<Row> LOCK_ORDER = Comparator.comparing(
                    (Row row) -> row.put().kind(), Names.ORDER)
            .thenComparing(row -> row.put().key(), Names.ORDER);

    /**
     * Of a row without a result: it met its own value, which another process wrote after it was looked up. Its tag is not known, so it
     * gets one that no entry has.
     */
    private static final Outcome<byte[]> MET_ITSELF = Outcome.of(Outcome.Effect.UNCHANGED, 0, null);

    /** From here on the server is asked to work in memory; its default is that it does up to four megabytes. */
    private static final long LARGE_BYTES = 2 << 20;

    private final Sql sql;

    PlainWrite(Sql sql) {
        this.sql = sql;
    }

    /**
     * A put and its place among the changes.
     *
     * @param place counted over all requests, in the order of their operations
     */
    record Row(Op.Put<byte[]> put, int place) {}

    /** The operations of all requests, in the order in which everyone locks rows. */
    static List<Row> rows(List<Request> requests) {
        List<Row> rows = new ArrayList<>();
        for (Request request : requests) {
            for (Op<byte[]> op : request.operations()) {
                rows.add(new Row((Op.Put<byte[]>) op, rows.size()));
            }
        }
        rows.sort(LOCK_ORDER);
        return rows;
    }

    static void bind(Connection connection, PreparedStatement statement, List<Row> rows) throws SQLException {
        new Columns<>(connection, statement, rows)
                .text(row -> row.put().kind())
                .text(row -> row.put().key())
                .bytes(row -> row.put().value())
                .ints(Row::place);
    }

    /** @param ring whether the changes announce themselves */
    List<Commit<byte[]>> run(Connection connection, List<Request> requests, boolean ring) throws SQLException {
        int rows = requests.stream().mapToInt(Request::rows).sum();
        return rows == requests.size() ? runEach(connection, requests, ring) : runMany(connection, requests, ring);
    }

    private List<Commit<byte[]>> runMany(Connection connection, List<Request> requests, boolean ring)
            throws SQLException {
        List<Row> rows = rows(requests);
        boolean large = requests.stream().mapToLong(Request::bytes).sum() >= LARGE_BYTES;
        try (PreparedStatement statement = connection.prepareStatement(large ? Sql.ROOM + sql.setMany : sql.setMany)) {
            bind(connection, statement, rows);
            statement.setBoolean(5, ring);
            statement.execute();
            if (large) {
                statement.getMoreResults();
            }
            try (ResultSet results = statement.getResultSet()) {
                return commits(requests, rows.size(), results);
            }
        }
    }

    /** For requests of one row each, whose order among each other is anybody's choice. */
    private List<Commit<byte[]>> runEach(Connection connection, List<Request> requests, boolean ring)
            throws SQLException {
        List<Row> rows = rows(requests);
        try (PreparedStatement statement = connection.prepareStatement(sql.setEach)) {
            bind(connection, statement, rows);
            statement.setBoolean(5, ring);
            try (ResultSet results = statement.executeQuery()) {
                return eachCommit(rows, results);
            }
        }
    }

    private static List<Commit<byte[]>> eachCommit(List<Row> rows, ResultSet results) throws SQLException {
        Map<RowState.Name, Integer> places = new HashMap<>();
        rows.forEach(
                row -> places.put(new RowState.Name(row.put().kind(), row.put().key()), row.place()));
        List<Commit<byte[]>> commits =
                new ArrayList<>(Collections.nCopies(rows.size(), new Commit<>(0, List.of(MET_ITSELF))));
        int changes = 0;
        while (results.next()) {
            Outcome<byte[]> outcome = outcome(results);
            long revision = results.getLong(1) + (outcome.effect() == Outcome.Effect.UNCHANGED ? 0 : changes++);
            int place =
                    Objects.requireNonNull(places.get(new RowState.Name(results.getString(4), results.getString(5))));
            commits.set(place, new Commit<>(revision, List.of(outcome)));
        }
        return commits;
    }

    /** The revision of the first change comes first, or of the next one if there was none. */
    private static List<Commit<byte[]>> commits(List<Request> requests, int rows, ResultSet results)
            throws SQLException {
        results.next();
        long last = results.getLong(3) - 1;
        List<Outcome<byte[]>> all = new ArrayList<>(Collections.nCopies(rows, MET_ITSELF));
        while (results.next()) {
            all.set(results.getInt(1), outcome(results));
        }
        List<Commit<byte[]>> commits = new ArrayList<>(requests.size());
        int first = 0;
        for (Request request : requests) {
            List<Outcome<byte[]>> outcomes = List.copyOf(all.subList(first, first + request.rows()));
            for (Outcome<byte[]> outcome : outcomes) {
                last += outcome.effect().isChange() ? 1 : 0;
            }
            commits.add(new Commit<>(last, outcomes));
            first += request.rows();
        }
        return commits;
    }

    static Outcome<byte[]> outcome(ResultSet place) throws SQLException {
        boolean created = place.getBoolean(2);
        Outcome.Effect effect =
                place.wasNull() ? Outcome.Effect.UNCHANGED : created ? Outcome.Effect.CREATED : Outcome.Effect.UPDATED;
        return Outcome.of(effect, place.getLong(3), null);
    }
}

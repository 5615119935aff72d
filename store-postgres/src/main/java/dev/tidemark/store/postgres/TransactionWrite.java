package dev.tidemark.store.postgres;

import dev.tidemark.store.spi.Op;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Requests of any kind as one transaction of few round trips: lock and read the rows in order, work everything out in memory, write
 * the rows, and append the changes. The last statement takes the lock of the namespace, and the commit travels with it.
 */
final class TransactionWrite {
    private static final int CHUNK_ROWS = 2_000;
    private static final long CHUNK_BYTES = 8 << 20;

    private final Sql sql;
    private final Connection connection;

    TransactionWrite(Sql sql, Connection connection) {
        this.sql = sql;
        this.connection = connection;
    }

    /** What is to be appended and committed. */
    record Prepared(List<Evaluation.Answer> answers, List<Appended> changes) {}

    /** A row of the outbox to be; a null value stands for that of the entry. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Appended(String kind, String key, String etype, byte @Nullable [] value, long version) {}

    /** Locks and writes the rows of entries. */
    Prepared prepare(List<Request> requests) throws SQLException {
        if (requests.size() == 1 && requests.get(0).plain()) {
            return preparePlain(requests.get(0));
        }
        Map<RowState.Name, RowState> rows = lock(requests);
        Evaluation evaluation = new Evaluation(rows, drawTags(requests).iterator());
        requests.forEach(evaluation::add);
        List<RowState> touched = new ArrayList<>(rows.values());
        write(sql.updateRows, select(touched, RowState::isUpdated));
        write(sql.insertRows, select(touched, RowState::isInserted));
        delete(select(touched, RowState::isDeleted));
        List<Appended> changes = new ArrayList<>(evaluation.changes().size());
        for (Evaluation.Change change : evaluation.changes()) {
            RowState row = change.row();
            changes.add(new Appended(row.kind(), row.key(), change.etype(), change.valueApart(), change.version()));
        }
        return new Prepared(evaluation.answers(), changes);
    }

    /** Appends the changes and ends the transaction; returns the revision of the first. The only step whose outcome can get lost. */
    long appendAndCommit(List<Appended> changes, boolean ring) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql.append + "; COMMIT")) {
            statement.setBoolean(6, ring);
            return append(statement, changes);
        }
    }

    /** Appends the changes to the transaction of somebody else, in whose commit they get their revisions. */
    void append(List<Appended> changes) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql.appendUnstamped)) {
            append(statement, changes);
        }
    }

    private long append(PreparedStatement statement, List<Appended> changes) throws SQLException {
        new Columns<>(connection, statement, changes)
                .text(Appended::kind)
                .text(Appended::key)
                .text(Appended::etype)
                .bytes(Appended::value)
                .longs(Appended::version);
        statement.execute();
        try (ResultSet first = statement.getResultSet()) {
            first.next();
            return first.getLong(1);
        }
    }

    /** Values of a large write are not read back: the statement itself leaves alone what is equal. */
    private Prepared preparePlain(Request request) throws SQLException {
        List<List<PlainWrite.Row>> chunks =
                chunks(PlainWrite.rows(List.of(request)), row -> row.put().value().length);
        if (chunks.size() > 1) {
            for (List<PlainWrite.Row> chunk : chunks) {
                keep(chunk);
            }
        }
        PlainOutcomes outcomes = new PlainOutcomes(request);
        for (List<PlainWrite.Row> chunk : chunks) {
            try (PreparedStatement statement = connection.prepareStatement(sql.upsertMany)) {
                PlainWrite.bind(connection, statement, chunk);
                try (ResultSet places = statement.executeQuery()) {
                    outcomes.addAll(places);
                }
            }
        }
        return outcomes.prepared();
    }

    /** Locks the rows that exist, since one that is left alone as equal has to stay so until the last chunk is written. */
    private void keep(List<PlainWrite.Row> rows) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql.keepRows)) {
            new Columns<>(connection, statement, rows)
                    .text(row -> row.put().kind())
                    .text(row -> row.put().key());
            statement.execute();
        }
    }

    private Map<RowState.Name, RowState> lock(List<Request> requests) throws SQLException {
        Map<RowState.Name, RowState> rows = new TreeMap<>(RowState.LOCK_ORDER);
        for (Request request : requests) {
            for (Op<byte[]> op : request.operations()) {
                rows.computeIfAbsent(new RowState.Name(op.kind(), op.key()), RowState::new);
            }
        }
        for (List<RowState> chunk : chunks(new ArrayList<>(rows.values()), row -> 0)) {
            lockChunk(chunk);
        }
        return rows;
    }

    private void lockChunk(List<RowState> rows) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql.lockRows)) {
            new Columns<>(connection, statement, rows).text(RowState::kind).text(RowState::key);
            try (ResultSet found = statement.executeQuery()) {
                while (found.next()) {
                    rows.get(found.getInt(1) - 1).found(found.getBytes(2), found.getLong(3), found.getLong(4));
                }
            }
        }
    }

    private List<Long> drawTags(List<Request> requests) throws SQLException {
        List<Long> tags = new ArrayList<>();
        long puts = requests.stream()
                .flatMap(request -> request.operations().stream())
                .filter(op -> op instanceof Op.Put<byte[]>)
                .count();
        if (puts == 0) {
            return tags;
        }
        try (PreparedStatement statement = connection.prepareStatement(sql.drawTags)) {
            statement.setLong(1, puts);
            try (ResultSet drawn = statement.executeQuery()) {
                while (drawn.next()) {
                    tags.add(drawn.getLong(1));
                }
            }
        }
        return tags;
    }

    private void write(String text, List<RowState> rows) throws SQLException {
        for (List<RowState> chunk : chunks(rows, row -> row.valueOrEmpty().length)) {
            try (PreparedStatement statement = connection.prepareStatement(text)) {
                new Columns<>(connection, statement, chunk)
                        .text(RowState::kind)
                        .text(RowState::key)
                        .bytes(RowState::valueOrEmpty)
                        .longs(RowState::version)
                        .longs(RowState::tag);
                statement.executeUpdate();
            }
        }
    }

    private void delete(List<RowState> rows) throws SQLException {
        for (List<RowState> chunk : chunks(rows, row -> 0)) {
            try (PreparedStatement statement = connection.prepareStatement(sql.deleteRows)) {
                new Columns<>(connection, statement, chunk).text(RowState::kind).text(RowState::key);
                statement.executeUpdate();
            }
        }
    }

    private static List<RowState> select(List<RowState> rows, Predicate<RowState> which) {
        return rows.stream().filter(which).toList();
    }

    private interface Size<T> {
        int of(T row);
    }

    private static <T> List<List<T>> chunks(List<T> rows, Size<? super T> size) {
        List<List<T>> chunks = new ArrayList<>();
        int start = 0;
        long bytes = 0;
        for (int i = 0; i < rows.size(); i++) {
            int next = size.of(Objects.requireNonNull(rows.get(i)));
            if (i > start && (i - start == CHUNK_ROWS || bytes + next > CHUNK_BYTES)) {
                chunks.add(rows.subList(start, i));
                start = i;
                bytes = 0;
            }
            bytes += next;
        }
        if (start < rows.size()) {
            chunks.add(rows.subList(start, rows.size()));
        }
        return chunks;
    }
}

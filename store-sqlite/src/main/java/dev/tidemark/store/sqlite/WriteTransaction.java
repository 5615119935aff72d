package dev.tidemark.store.sqlite;

import dev.tidemark.store.Change;
import dev.tidemark.store.Condition;
import dev.tidemark.store.ConflictException;
import dev.tidemark.store.spi.Commit;
import dev.tidemark.store.spi.Op;
import dev.tidemark.store.spi.Outcome;
import dev.tidemark.store.spi.Outcome.Effect;
import dev.tidemark.store.spi.Stored;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The requests of one transaction, which holds the file's write lock: what it reads stays true until it commits. */
final class WriteTransaction {

    /** Where a namespace stands; {@code head} runs ahead of the table until {@link #finish}. */
    static final class Line {
        final long floor;
        private final long start;
        private long head;

        private Line(long head, long floor) {
            this.start = head;
            this.head = head;
            this.floor = floor;
        }

        long head() {
            return head;
        }

        private boolean hasMoved() {
            return head != start;
        }
    }

    private final Session session;
    private final Sql sql;
    private final long now = Rows.toMicros(Instant.now());
    private final Map<Long, Line> lines = new HashMap<>();
    private final Set<SqliteEvents> tables = new LinkedHashSet<>();
    private boolean committed;

    WriteTransaction(Session session, Sql sql) {
        this.session = session;
        this.sql = sql;
    }

    /**
     * Does all operations.
     *
     * @throws ConflictException before it has done any
     */
    Commit<byte[]> apply(long namespace, List<Op<byte[]>> operations) throws SQLException {
        Line line = line(namespace);
        for (Op<byte[]> op : operations) {
            checkCondition(namespace, op);
        }
        List<Outcome<byte[]>> outcomes = new ArrayList<>(operations.size());
        for (Op<byte[]> op : operations) {
            outcomes.add(apply(namespace, line, op));
        }
        return new Commit<>(line.head, outcomes);
    }

    /** The entries at some keys, with what was written here before. */
    List<Stored<byte[]>> getAll(long namespace, String kind, Collection<String> keys) throws SQLException {
        return Rows.getAll(session.statement(sql.get), namespace, kind, keys);
    }

    /** Drops the history up to {@code floor}, and notes that it is gone. */
    Commit<byte[]> dropHistory(long namespace, long floor) throws SQLException {
        Line line = line(namespace);
        if (floor > line.floor) {
            update(sql.dropChanges, namespace, floor);
            update(sql.raiseFloor, namespace, floor);
        }
        return new Commit<>(line.head, List.of());
    }

    /** Writes down where the namespaces stand now. */
    void finish() throws SQLException {
        for (Map.Entry<Long, Line> entry : lines.entrySet()) {
            if (entry.getValue().hasMoved()) {
                update(sql.advance, entry.getKey(), entry.getValue().head);
            }
        }
    }

    /** Notes that it was committed. */
    void committed() {
        committed = true;
    }

    /** Whether it certainly was committed. */
    boolean isCommitted() {
        return committed;
    }

    Session session() {
        return session;
    }

    /** Microseconds since 1970. */
    long now() {
        return now;
    }

    /** Notes that something was written to a table of events, or the table made. */
    void touch(SqliteEvents table) {
        tables.add(table);
    }

    /** The tables of events that were written to. */
    Set<SqliteEvents> tables() {
        return tables;
    }

    /** The namespaces that have new changes, and where they stand. */
    Map<Long, Line> changed() {
        Map<Long, Line> changed = new HashMap<>(lines);
        changed.values().removeIf(line -> !line.hasMoved());
        return changed;
    }

    private void checkCondition(long namespace, Op<byte[]> op) throws SQLException {
        if (op.condition() != Condition.ANY) {
            Long tag = tag(namespace, op);
            if (!op.condition().holds(tag)) {
                throw op.conflict(tag);
            }
        }
    }

    private Outcome<byte[]> apply(long namespace, Line line, Op<byte[]> op) throws SQLException {
        if (op instanceof Op.Put<byte[]> put) {
            return put(namespace, line, put);
        }
        if (op instanceof Op.Delete<byte[]> delete) {
            return delete(namespace, line, delete);
        }
        return unchanged(Effect.NONE, namespace, op);
    }

    private Outcome<byte[]> put(long namespace, Line line, Op.Put<byte[]> op) throws SQLException {
        long revision = line.head + 1;
        PreparedStatement statement = session.statement(sql.put);
        Rows.bindKey(statement, namespace, op.kind(), op.key());
        statement.setLong(4, revision);
        statement.setLong(5, now);
        statement.setBytes(6, op.value());
        statement.setBoolean(7, op.evenIfEqual());
        long version;
        try (ResultSet written = statement.executeQuery()) {
            if (!written.next()) {
                return unchanged(Effect.UNCHANGED, namespace, op);
            }
            version = written.getLong(1);
        }
        boolean created = version == 1;
        append(namespace, line, created ? Change.Type.CREATED : Change.Type.UPDATED, op, version, op.value());
        return Outcome.of(created ? Effect.CREATED : Effect.UPDATED, revision, null);
    }

    private Outcome<byte[]> delete(long namespace, Line line, Op.Delete<byte[]> op) throws SQLException {
        PreparedStatement statement = session.statement(sql.delete);
        Rows.bindKey(statement, namespace, op.kind(), op.key());
        long version;
        byte[] value;
        try (ResultSet deleted = statement.executeQuery()) {
            if (!deleted.next()) {
                return Outcome.of(Effect.NONE, 0, null);
            }
            version = deleted.getLong(1);
            value = deleted.getBytes(2);
        }
        append(namespace, line, Change.Type.DELETED, op, version, value);
        return Outcome.of(Effect.DELETED, 0, value);
    }

    private Outcome<byte[]> unchanged(Effect effect, long namespace, Op<byte[]> op) throws SQLException {
        Long tag = tag(namespace, op);
        return Outcome.of(effect, tag == null ? 0 : tag, null);
    }

    private void append(long namespace, Line line, Change.Type type, Op<byte[]> op, long version, byte[] value)
            throws SQLException {
        PreparedStatement statement = session.statement(sql.append);
        statement.setLong(1, namespace);
        statement.setLong(2, line.head + 1);
        statement.setString(3, op.kind());
        statement.setString(4, op.key());
        statement.setString(5, Rows.nameOf(type));
        statement.setLong(6, version);
        statement.setLong(7, now);
        statement.setBytes(8, value);
        statement.executeUpdate();
        line.head++;
    }

    private @Nullable Long tag(long namespace, Op<byte[]> op) throws SQLException {
        PreparedStatement statement = session.statement(sql.tag);
        Rows.bindKey(statement, namespace, op.kind(), op.key());
        try (ResultSet found = statement.executeQuery()) {
            return found.next() ? Long.valueOf(found.getLong(1)) : null;
        }
    }

    private Line line(long namespace) throws SQLException {
        Line known = lines.get(namespace);
        if (known != null) {
            return known;
        }
        PreparedStatement statement = session.statement(sql.line);
        statement.setLong(1, namespace);
        try (ResultSet found = statement.executeQuery()) {
            Line line = found.next() ? new Line(found.getLong(1), found.getLong(2)) : new Line(0, 0);
            lines.put(namespace, line);
            return line;
        }
    }

    private void update(String statement, long namespace, long revision) throws SQLException {
        PreparedStatement prepared = session.statement(statement);
        prepared.setLong(1, namespace);
        prepared.setLong(2, revision);
        prepared.executeUpdate();
    }
}

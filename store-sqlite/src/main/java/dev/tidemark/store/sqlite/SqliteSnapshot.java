package dev.tidemark.store.sqlite;

import dev.tidemark.store.StoreClosedException;
import dev.tidemark.store.spi.Deadline;
import dev.tidemark.store.spi.EngineSnapshot;
import dev.tidemark.store.spi.KeyRange;
import dev.tidemark.store.spi.Stored;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A read transaction on a session of its own. */
final class SqliteSnapshot implements EngineSnapshot<byte[]> {
    private final SessionPool sessions;
    private final Session session;
    private final Sql sql;
    private final long namespace;
    private final Duration timeout;
    private final long revision;
    private final AtomicBoolean closed = new AtomicBoolean();

    private SqliteSnapshot(SessionPool sessions, Session session, Sql sql, long namespace, Duration timeout) {
        this.sessions = sessions;
        this.session = session;
        this.sql = sql;
        this.namespace = namespace;
        this.timeout = timeout;
        this.revision = session.run(Deadline.after(timeout), this::begin);
    }

    static SqliteSnapshot open(SessionPool sessions, Sql sql, long namespace, Duration timeout) {
        Session session = sessions.take(Deadline.after(timeout));
        try {
            return new SqliteSnapshot(sessions, session, sql, namespace, timeout);
        } catch (RuntimeException | Error failure) {
            sessions.give(session);
            throw failure;
        }
    }

    @Override
    public long revision() {
        return revision;
    }

    @Override
    public List<String> kinds() {
        return read(session -> {
            PreparedStatement statement = session.statement(sql.kinds);
            statement.setLong(1, namespace);
            return strings(statement);
        });
    }

    @Override
    public long count(String kind, KeyRange range) {
        return read(session -> {
            PreparedStatement statement = session.statement(sql.count);
            Rows.bindRange(statement, namespace, kind, range);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? row.getLong(1) : 0L;
            }
        });
    }

    @Override
    public List<String> keys(String kind, KeyRange range, int limit) {
        return read(session -> {
            PreparedStatement statement = session.statement(sql.keys);
            Rows.bindRange(statement, namespace, kind, range);
            statement.setLong(5, limit);
            return strings(statement);
        });
    }

    @Override
    public Page<byte[]> page(String kind, KeyRange range, int limit) {
        return read(session -> {
            PreparedStatement statement = session.statement(sql.page);
            Rows.bindRange(statement, namespace, kind, range);
            statement.setLong(5, limit + 1L);
            try (ResultSet rows = statement.executeQuery()) {
                return page(rows, limit);
            }
        });
    }

    @Override
    public List<Stored<byte[]>> getAll(String kind, Collection<String> keys) {
        return read(session -> Rows.getAll(session.statement(sql.get), namespace, kind, keys));
    }

    /** Some failures end the transaction, and with it the view. */
    @Override
    public @Nullable EngineSnapshot<byte[]> successor() {
        if (!session.isOver()) {
            return null;
        }
        SqliteSnapshot newer = open(sessions, sql, namespace, timeout);
        close();
        return newer;
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            try {
                session.end(Deadline.after(timeout));
            } catch (StoreClosedException ended) {
                // The backend was closed first, and the transaction with it.
            } finally {
                sessions.give(session);
            }
        }
    }

    /** The read transaction begins with the first read in it. */
    private long begin(Session session) throws SQLException {
        session.begin(Sql.BEGIN_READ);
        try {
            PreparedStatement statement = session.statement(sql.line);
            statement.setLong(1, namespace);
            try (ResultSet line = statement.executeQuery()) {
                return line.next() ? line.getLong(1) : 0;
            }
        } catch (SQLException | RuntimeException | Error failure) {
            session.rollback();
            throw failure;
        }
    }

    private <T> T read(Session.Work<T> work) {
        if (closed.get()) {
            throw new IllegalStateException("the snapshot is closed");
        }
        return session.proceed(Deadline.after(timeout), work);
    }

    private static List<String> strings(PreparedStatement statement) throws SQLException {
        try (ResultSet rows = statement.executeQuery()) {
            List<String> strings = new ArrayList<>();
            while (rows.next()) {
                strings.add(rows.getString(1));
            }
            return strings;
        }
    }

    private static Page<byte[]> page(ResultSet rows, int limit) throws SQLException {
        List<Stored<byte[]>> entries = new ArrayList<>();
        long bytes = 0;
        while (rows.next()) {
            if (entries.size() == limit || bytes >= Rows.PAGE_BYTES) {
                return new Page<>(entries, false);
            }
            Stored<byte[]> entry = Rows.entry(rows);
            entries.add(entry);
            bytes += entry.value().length;
        }
        return new Page<>(entries, true);
    }
}

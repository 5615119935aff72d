package dev.tidemark.store.sqlite;

import dev.tidemark.store.StoreClosedException;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.spi.Commit;
import dev.tidemark.store.spi.Deadline;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongUnaryOperator;

/**
 * Drops old history, in a thread of its own. Each step is a small request among those of the writers, and raises the floor in the
 * same transaction; what there is to drop is found out by reading, so that an idle store takes no write lock.
 */
final class Retention implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Retention.class.getName());
    private static final int STEP = 500;
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(50);

    private final SqliteOptions options;
    private final SessionPool readers;
    private final Sql sql;
    private final Writer writer;
    private final LongUnaryOperator drained;
    private final Thread thread;
    private volatile boolean signalled;
    private volatile boolean closed;

    /** The operator takes a namespace to the revision behind which live watches here still need its history. */
    Retention(SqliteOptions options, SessionPool readers, Sql sql, Writer writer, LongUnaryOperator drained) {
        this.options = options;
        this.readers = readers;
        this.sql = sql;
        this.writer = writer;
        this.drained = drained;
        this.thread = new Thread(this::run, "tidemark-sqlite-retention");
        this.thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Hears how long a history has become; a tenth more than allowed is tolerated, lest every write has one dropped. */
    void watch(WriteTransaction.Line line) {
        long limit = options.historyLimit();
        if (line.head() - line.floor > limit + limit / 10 && !signalled) {
            signalled = true;
            LockSupport.unpark(thread);
        }
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }

    /** Drops everything that is due. */
    void drop() {
        for (long namespace : readers.run(deadline(), this::namespaces)) {
            long due = due(namespace);
            while (due > 0 && !closed) {
                drop(namespace, due);
                due = due(namespace);
            }
        }
    }

    private void run() {
        while (!closed) {
            signalled = false;
            try {
                drop();
            } catch (StoreClosedException end) {
                return;
            } catch (StoreException passing) {
                LOG.log(Level.WARNING, "can''t drop old history, trying again later: {0}", passing.getMessage());
            } catch (RuntimeException | Error broken) {
                // Others may have used up the memory of the process.
                LOG.log(Level.ERROR, "can't drop old history, trying again later", broken);
            }
            if (!signalled && !closed) {
                LockSupport.parkNanos(this, pause().toNanos());
            }
        }
    }

    private void drop(long namespace, long floor) {
        Commit<byte[]> unused =
                writer.submit(STEP, transaction -> transaction.dropHistory(namespace, floor), deadline());
    }

    private long due(long namespace) {
        return readers.run(deadline(), session -> due(session, namespace));
    }

    /** The next floor of a namespace, at most a step away, or 0. */
    private long due(Session session, long namespace) throws SQLException {
        PreparedStatement line = session.statement(sql.line);
        line.setLong(1, namespace);
        try (ResultSet row = line.executeQuery()) {
            if (!row.next()) {
                return 0;
            }
            long head = row.getLong(1);
            long floor = row.getLong(2);
            long due = Math.max(head - options.historyLimit(), expired(session, namespace, floor));
            due = Math.min(due, drained.applyAsLong(namespace));
            return due <= floor ? 0 : Math.min(due, floor + STEP);
        }
    }

    private long expired(Session session, long namespace, long floor) throws SQLException {
        PreparedStatement statement = session.statement(sql.expired);
        statement.setLong(1, namespace);
        statement.setLong(2, floor);
        statement.setInt(3, STEP);
        statement.setLong(4, Rows.toMicros(Instant.now().minus(options.retention())));
        try (ResultSet row = statement.executeQuery()) {
            return row.next() ? row.getLong(1) : 0;
        }
    }

    private List<Long> namespaces(Session session) throws SQLException {
        List<Long> namespaces = new ArrayList<>();
        try (ResultSet rows = session.statement(sql.namespaces).executeQuery()) {
            while (rows.next()) {
                namespaces.add(rows.getLong(1));
            }
        }
        return namespaces;
    }

    private Duration pause() {
        Duration tenth = options.retention().dividedBy(10);
        if (tenth.compareTo(LONGEST_PAUSE) > 0) {
            return LONGEST_PAUSE;
        }
        return tenth.compareTo(SHORTEST_PAUSE) < 0 ? SHORTEST_PAUSE : tenth;
    }

    private Deadline deadline() {
        return Deadline.after(options.timeout());
    }
}

package dev.tidemark.store.sqlite;

import dev.tidemark.store.StoreClosedException;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.StoreUnavailableException;
import dev.tidemark.store.spi.Commit;
import dev.tidemark.store.spi.Deadline;
import dev.tidemark.store.spi.Engine;
import dev.tidemark.store.spi.EngineSnapshot;
import dev.tidemark.store.spi.Op;
import dev.tidemark.store.spi.Stored;
import dev.tidemark.store.spi.WatchHub;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/** Ties the sessions of a database, its writer, its retention and its hubs together. */
final class SqliteEngine implements Engine<byte[]>, AutoCloseable {
    private static final Logger LOG = System.getLogger(SqliteEngine.class.getName());

    private final SqliteOptions options;
    private final Sql sql;
    private final Sessions sessions;
    private final Writer writer;
    private final Retention retention;
    private final ConcurrentMap<Long, WatchHub<byte[]>> hubs = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, SqliteEvents> tables = new ConcurrentHashMap<>();
    private final SqliteTransactions transactions = new SqliteTransactions(this);
    private volatile boolean closed;

    private SqliteEngine(SqliteOptions options, Sessions sessions) {
        this.options = options;
        this.sql = new Sql(options.tablePrefix());
        this.sessions = sessions;
        this.writer = new Writer(sessions, sql, this::afterCommit);
        this.retention = new Retention(options, sessions.readers(), sql, writer, this::drained);
    }

    static SqliteEngine open(SqliteOptions options, Session.Connector connector) {
        SqliteEngine engine = new SqliteEngine(options, Sessions.open(options, connector));
        if (!options.readOnly()) {
            engine.retention.start();
        }
        return engine;
    }

    @Override
    public Duration timeout() {
        return options.timeout();
    }

    @Override
    public @Nullable Stored<byte[]> get(long namespace, String kind, String key) {
        return sessions.readers()
                .run(deadline(), session -> get(session, namespace, kind, key))
                .orElse(null);
    }

    @Override
    public EngineSnapshot<byte[]> snapshot(long namespace) {
        return SqliteSnapshot.open(sessions.snapshots(), sql, namespace, options.timeout());
    }

    @Override
    public Commit<byte[]> write(long namespace, List<Op<byte[]>> operations) {
        return write(operations.size(), transaction -> transaction.apply(namespace, operations));
    }

    /** Runs work that writes about so many rows, together with that of other callers. */
    <T> T write(int rows, Writer.Work<T> work) {
        checkWritable();
        transactions.checkOutside();
        return writer.submit(rows, work, deadline());
    }

    /** Returns the table of events of that name; does not look for it yet. */
    SqliteEvents events(String table) {
        checkOpen();
        return tables.computeIfAbsent(table, name -> new SqliteEvents(this, name));
    }

    SqliteTransactions transactions() {
        return transactions;
    }

    @Override
    public WatchHub<byte[]> hub(long namespace) {
        WatchHub<byte[]> hub = hubs.computeIfAbsent(namespace, this::newHub);
        if (closed) {
            hub.close();
            throw new StoreClosedException();
        }
        return hub;
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        Deadline deadline = Deadline.after(options.timeout());
        hubs.values().forEach(WatchHub::close);
        tables.values().forEach(SqliteEvents::hint);
        retention.close();
        writer.close(Duration.ofNanos(Math.max(0, deadline.remainingNanos())));
        try {
            sessions.checkpoint(deadline);
        } catch (StoreException failure) {
            LOG.log(
                    Level.WARNING,
                    sessions.file() + ": could not empty the log; the next one to open the file will",
                    failure);
        } finally {
            sessions.close(deadline);
        }
    }

    void checkOpen() {
        if (closed) {
            throw new StoreClosedException();
        }
    }

    void checkWritable() {
        checkOpen();
        if (options.readOnly()) {
            throw new StoreUnavailableException(sessions.file() + " was opened with readOnly; nothing can be written");
        }
    }

    Deadline deadline() {
        return Deadline.after(options.timeout());
    }

    SqliteOptions options() {
        return options;
    }

    Writer writer() {
        return writer;
    }

    Sessions sessions() {
        return sessions;
    }

    Retention retention() {
        return retention;
    }

    private Optional<Stored<byte[]>> get(Session session, long namespace, String kind, String key) throws SQLException {
        PreparedStatement statement = session.statement(sql.get);
        Rows.bindKey(statement, namespace, kind, key);
        try (ResultSet row = statement.executeQuery()) {
            return row.next() ? Optional.of(Rows.entry(row)) : Optional.empty();
        }
    }

    private WatchHub<byte[]> newHub(long namespace) {
        SqliteHistory history = new SqliteHistory(sessions.readers(), sql, namespace, options.timeout());
        return new WatchHub<>("tidemark-sqlite-watch-" + namespace, history, options.watchPolling());
    }

    private long drained(long namespace) {
        WatchHub<byte[]> hub = hubs.get(namespace);
        return hub == null ? Long.MAX_VALUE : hub.drained();
    }

    private void afterCommit(WriteTransaction transaction) {
        transaction.changed().forEach((namespace, line) -> {
            WatchHub<byte[]> hub = hubs.get(namespace);
            if (hub != null) {
                hub.poke();
            }
            retention.watch(line);
        });
        transaction.tables().forEach(transaction.isCommitted() ? SqliteEvents::committed : SqliteEvents::hint);
    }
}

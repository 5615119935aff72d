package dev.tidemark.store.postgres;

import dev.tidemark.store.StoreClosedException;
import dev.tidemark.store.StoreUnavailableException;
import dev.tidemark.store.spi.Deadline;
import dev.tidemark.store.spi.EngineSnapshot;
import dev.tidemark.store.spi.KeyRange;
import dev.tidemark.store.spi.Stored;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One repeatable-read transaction: entries and the newest revision of one moment, on a connection of its own. */
final class PostgresSnapshot implements EngineSnapshot<byte[]> {
    private static final Logger LOG = System.getLogger(PostgresSnapshot.class.getName());

    private final Calls calls;
    private final Duration timeout;
    private final Sql sql;
    private final Source source;
    private final Rows rows;
    private final Connections.Lease lease;
    private final long revision;
    private boolean open = true;
    private boolean lost;

    private PostgresSnapshot(
            Calls calls, Duration timeout, Sql sql, Source source, Connections.Lease lease, long revision) {
        this.calls = calls;
        this.timeout = timeout;
        this.sql = sql;
        this.source = source;
        this.rows = new Rows(sql);
        this.lease = lease;
        this.revision = revision;
    }

    /** Where the connection of a snapshot comes from. */
    interface Source {
        Connections.Lease lease(Calls.Call call) throws SQLException;
    }

    static PostgresSnapshot open(Calls calls, Duration timeout, Sql sql, Source source) {
        Deadline deadline = Deadline.after(timeout);
        String waitingFor = "a snapshot";
        Retries retries = new Retries(deadline, waitingFor);
        while (true) {
            Optional<PostgresSnapshot> opened = tryOpen(calls, timeout, sql, source, deadline, retries);
            if (opened.isPresent()) {
                return opened.get();
            }
            retries.pause();
        }
    }

    /** Empty when it may be tried again. */
    private static Optional<PostgresSnapshot> tryOpen(
            Calls calls, Duration timeout, Sql sql, Source source, Deadline deadline, Retries retries) {
        try {
            return calls.run(deadline, "a snapshot", call -> begin(calls, timeout, sql, source, call, retries));
        } catch (SQLException impossible) {
            throw SqlErrors.unavailable(impossible);
        }
    }

    private static Optional<PostgresSnapshot> begin(
            Calls calls, Duration timeout, Sql sql, Source source, Calls.Call call, Retries retries) {
        Connections.@Nullable Lease lease = null;
        boolean begun = false;
        try {
            lease = source.lease(call);
            Connection connection = call.attach(lease.connection());
            execute(connection, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SAVEPOINT begun");
            long revision = PostgresHistory.newest(connection, sql);
            // Keeps the moment, and lets go of the outbox, whose trigger a zestor service makes anew when it starts.
            execute(connection, "ROLLBACK TO SAVEPOINT begun");
            begun = true;
            return Optional.of(new PostgresSnapshot(calls, timeout, sql, source, lease, revision));
        } catch (SQLException failure) {
            if (SqlErrors.isConnectionFailure(failure) && !call.wasStopped() && retries.mayTryAgain()) {
                return Optional.empty();
            }
            throw SqlErrors.translated(failure, call);
        } finally {
            call.detach();
            if (!begun && lease != null) {
                lease.spoil();
                lease.close();
            }
        }
    }

    private static void execute(Connection connection, String text) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(text);
        }
    }

    @Override
    public long revision() {
        return revision;
    }

    @Override
    public List<String> kinds() {
        return read("kinds", rows::kinds);
    }

    @Override
    public long count(String kind, KeyRange range) {
        return read("a count", connection -> rows.count(connection, kind, range));
    }

    @Override
    public List<String> keys(String kind, KeyRange range, int limit) {
        return read("keys", connection -> rows.keys(connection, kind, range, limit));
    }

    @Override
    public Page<byte[]> page(String kind, KeyRange range, int limit) {
        return read("entries", connection -> rows.page(connection, kind, range, limit));
    }

    @Override
    public List<Stored<byte[]>> getAll(String kind, Collection<String> keys) {
        return read("entries", connection -> rows.getAll(connection, kind, keys));
    }

    /** A transaction is lost with its connection, and after the first failed statement too. */
    @Override
    public @Nullable PostgresSnapshot successor() {
        if (!lost) {
            return null;
        }
        PostgresSnapshot successor = open(calls, timeout, sql, source);
        close();
        return successor;
    }

    @Override
    public void close() {
        if (!open) {
            return;
        }
        open = false;
        if (lost) {
            return;
        }
        boolean ended = false;
        try {
            ended = calls.run(Deadline.after(timeout), "the end of a snapshot", call -> {
                execute(call.attach(lease.connection()), "ROLLBACK");
                return !call.wasStopped();
            });
        } catch (SQLException | RuntimeException endsWithItsConnection) {
            LOG.log(Level.DEBUG, "can''t end a snapshot: {0}", endsWithItsConnection.getMessage());
        } finally {
            if (!ended) {
                lease.spoil();
            }
            lease.close();
        }
    }

    private void lose() {
        lost = true;
        lease.spoil();
        lease.close();
    }

    private <T> T read(String waitingFor, Reads.Query<T> query) {
        if (!open) {
            throw new IllegalStateException("the snapshot is closed");
        }
        if (lost) {
            throw new StoreUnavailableException("the snapshot was lost with its connection; open another");
        }
        try {
            return calls.run(Deadline.after(timeout), waitingFor, call -> {
                try {
                    return query.run(call.attach(lease.connection()));
                } catch (SQLException failure) {
                    lose();
                    throw SqlErrors.translated(failure, call);
                } catch (RuntimeException | Error failure) {
                    lose();
                    throw failure;
                }
            });
        } catch (SQLException impossible) {
            throw SqlErrors.unavailable(impossible);
        } catch (StoreClosedException closed) {
            lease.spoil();
            throw closed;
        }
    }
}

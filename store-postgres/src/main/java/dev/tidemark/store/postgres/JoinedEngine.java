package dev.tidemark.store.postgres;

import dev.tidemark.store.ConflictException;
import dev.tidemark.store.spi.Commit;
import dev.tidemark.store.spi.Engine;
import dev.tidemark.store.spi.EngineSnapshot;
import dev.tidemark.store.spi.KeyRange;
import dev.tidemark.store.spi.Op;
import dev.tidemark.store.spi.Stored;
import dev.tidemark.store.spi.WatchHub;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The engine of a {@link JoinedBackend}: the same rows on another's connection. A savepoint makes each write all or nothing. */
final class JoinedEngine implements Engine<byte[]> {
    private static final int TRIES = 5;

    private final PostgresEngine owner;
    private final JoinedConnection connection;
    private final Duration timeout;

    JoinedEngine(PostgresEngine owner, JoinedConnection connection, Duration timeout) {
        this.owner = owner;
        this.connection = connection;
        this.timeout = timeout;
    }

    @Override
    public Duration timeout() {
        return timeout;
    }

    @Override
    public @Nullable Stored<byte[]> get(long namespace, String kind, String key) {
        return run("an entry", open -> rows(namespace).get(open, kind, key)).orElse(null);
    }

    /** The entries at some keys, as the transaction sees them. */
    List<Stored<byte[]>> getAll(long namespace, String kind, Collection<String> keys) {
        return run("entries", open -> rows(namespace).getAll(open, kind, keys));
    }

    @Override
    public EngineSnapshot<byte[]> snapshot(long namespace) {
        long revision = run("the newest revision", open -> PostgresHistory.newest(open, sql(namespace)));
        return new View(rows(namespace), revision);
    }

    @Override
    public Commit<byte[]> write(long namespace, List<Op<byte[]>> operations) {
        for (int tries = 1; ; tries++) {
            boolean last = tries == TRIES;
            Optional<Commit<byte[]>> commit = run("the write", open -> write(sql(namespace), operations, open, last));
            if (commit.isPresent()) {
                return commit.get();
            }
        }
    }

    @Override
    public WatchHub<byte[]> hub(long namespace) {
        throw new UnsupportedOperationException("a transaction can't be watched; watch a store of the backend itself");
    }

    /** Empty when another transaction made one of the keys meanwhile, which one that reads an older state never sees. */
    private Optional<Commit<byte[]>> write(Sql sql, List<Op<byte[]>> operations, Connection open, boolean last)
            throws SQLException {
        try {
            return Optional.of(Commits.orTakenBack(open, connection -> write(sql, operations, connection)));
        } catch (SQLException failure) {
            if (!last && SqlErrors.state(failure).equals("23505")) {
                return Optional.empty();
            }
            throw failure;
        }
    }

    private static Commit<byte[]> write(Sql sql, List<Op<byte[]>> operations, Connection open) throws SQLException {
        long newest = PostgresHistory.newest(open, sql);
        if (operations.isEmpty()) {
            return new Commit<>(newest, List.of());
        }
        TransactionWrite transaction = new TransactionWrite(sql, open);
        TransactionWrite.Prepared prepared = transaction.prepare(List.of(Request.of(operations)));
        Evaluation.Answer answer = prepared.answers().get(0);
        ConflictException conflict = answer.conflict();
        if (conflict != null) {
            throw conflict;
        }
        if (!prepared.changes().isEmpty()) {
            transaction.append(prepared.changes());
        }
        return new Commit<>(newest, answer.outcomes());
    }

    private <T> T run(String waitingFor, Reads.Query<T> query) {
        return connection.run(waitingFor, query);
    }

    private Sql sql(long namespace) {
        return owner.schema().sql(namespace);
    }

    private Rows rows(long namespace) {
        return new Rows(sql(namespace));
    }

    /** What the transaction sees; how long that stays the same is for its isolation level to say. */
    private final class View implements EngineSnapshot<byte[]> {
        private final Rows rows;
        private final long revision;

        View(Rows rows, long revision) {
            this.rows = rows;
            this.revision = revision;
        }

        @Override
        public long revision() {
            return revision;
        }

        @Override
        public List<String> kinds() {
            return run("kinds", rows::kinds);
        }

        @Override
        public long count(String kind, KeyRange range) {
            return run("a count", open -> rows.count(open, kind, range));
        }

        @Override
        public List<String> keys(String kind, KeyRange range, int limit) {
            return run("keys", open -> rows.keys(open, kind, range, limit));
        }

        @Override
        public Page<byte[]> page(String kind, KeyRange range, int limit) {
            return run("entries", open -> rows.page(open, kind, range, limit));
        }

        @Override
        public List<Stored<byte[]>> getAll(String kind, Collection<String> keys) {
            return run("entries", open -> rows.getAll(open, kind, keys));
        }

        @Override
        public void close() {}
    }
}

package dev.tidemark.store.postgres;

import dev.tidemark.event.spi.Checkpoint;
import dev.tidemark.event.spi.EngineTransaction;
import dev.tidemark.event.spi.EventEngine;
import dev.tidemark.event.spi.EventReceipt;
import dev.tidemark.event.spi.EventWrite;
import dev.tidemark.event.spi.TransactionEngine;
import dev.tidemark.store.spi.Engine;
import dev.tidemark.store.spi.Op;
import dev.tidemark.store.spi.Stored;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Transactions inside the caller's: what one of them wrote is taken back when it fails, and committed when the caller commits. */
final class JoinedTransactions implements TransactionEngine {
    private final JoinedEngine entries;
    private final Connection connection;
    private final JoinedConnection joined;

    JoinedTransactions(JoinedEngine entries, Connection connection, JoinedConnection joined) {
        this.entries = entries;
        this.connection = connection;
        this.joined = joined;
    }

    @Override
    public <T> T transact(Function<? super EngineTransaction, T> work) {
        Savepoint before = joined.run("a savepoint", Connection::setSavepoint);
        boolean done = false;
        try {
            T result = work.apply(new Running());
            joined.run("a savepoint", open -> release(open, before));
            done = true;
            return result;
        } finally {
            if (!done) {
                takeBack(before);
            }
        }
    }

    private static boolean release(Connection connection, Savepoint before) throws SQLException {
        connection.releaseSavepoint(before);
        return true;
    }

    /** An interrupt may be what ended the work; nothing of it must stay behind for that. */
    private void takeBack(Savepoint before) {
        boolean interrupted = Thread.interrupted();
        try {
            joined.run("the writes to be taken back", open -> {
                Commits.takeBack(open, before);
                return true;
            });
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private final class Running implements EngineTransaction {
        @Override
        public boolean covers(Engine<?> engine) {
            return engine == entries;
        }

        @Override
        public <T> Optional<T> unwrap(Class<T> type) {
            return unwrapped(connection, type);
        }

        @Override
        @SuppressWarnings("unchecked") // the only engine that is covered keeps bytes
        public <R> List<Stored<R>> getAll(Engine<R> engine, long namespace, String kind, Collection<String> keys) {
            return (List<Stored<R>>) (List<?>) entries.getAll(namespace, kind, keys);
        }

        @Override
        @SuppressWarnings("unchecked") // the only engine that is covered keeps bytes
        public <R> void write(Engine<R> engine, long namespace, List<Op<R>> operations) {
            entries.write(namespace, (List<Op<byte[]>>) (List<?>) operations);
        }

        @Override
        public EventReceipt write(EventEngine table, EventWrite write) {
            return table.write(write);
        }

        @Override
        public boolean move(EventEngine table, Checkpoint step) {
            return joined.move(((JoinedEvents) table).table(), step);
        }
    }

    /** Returns the connection, as itself or as what a driver has under it. */
    static <T> Optional<T> unwrapped(Connection connection, Class<T> type) {
        try {
            if (type.isInstance(connection)) {
                return Optional.of(type.cast(connection));
            }
            return connection.isWrapperFor(type) ? Optional.of(connection.unwrap(type)) : Optional.empty();
        } catch (SQLException failure) {
            throw SqlErrors.unavailable(failure);
        }
    }
}

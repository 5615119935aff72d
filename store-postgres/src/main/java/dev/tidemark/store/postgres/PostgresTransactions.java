package dev.tidemark.store.postgres;

import dev.tidemark.event.spi.Checkpoint;
import dev.tidemark.event.spi.EngineTransaction;
import dev.tidemark.event.spi.EventEngine;
import dev.tidemark.event.spi.EventReceipt;
import dev.tidemark.event.spi.EventWrite;
import dev.tidemark.event.spi.TransactionEngine;
import dev.tidemark.store.spi.Deadline;
import dev.tidemark.store.spi.Engine;
import dev.tidemark.store.spi.Op;
import dev.tidemark.store.spi.Stored;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Transactions over entries and events, each on a connection of the pool that it takes with its first call.
 *
 * <p>Entries get their revisions inside the commit. Events get their positions when they are written, as the hooks of a write are told
 * them; so from then on other writers of the table wait for the commit.
 */
final class PostgresTransactions implements TransactionEngine {
    private static final Logger LOG = System.getLogger(PostgresTransactions.class.getName());

    private final EventTables tables;

    PostgresTransactions(EventTables tables) {
        this.tables = tables;
    }

    @Override
    public <T> T transact(Function<? super EngineTransaction, T> work) {
        tables.checkOpen();
        Running transaction = new Running();
        try {
            T result = work.apply(transaction);
            transaction.commit();
            return result;
        } finally {
            transaction.end();
        }
    }

    private final class Running implements EngineTransaction {
        private final Set<PostgresEventEngine> written = new LinkedHashSet<>();
        private final List<Runnable> announcements = new ArrayList<>();
        private Connections.@Nullable Lease lease;
        private @Nullable JoinedConnection joined;

        @Override
        public boolean covers(Engine<?> engine) {
            return engine == tables.database().entries();
        }

        @Override
        public <T> Optional<T> unwrap(Class<T> type) {
            return JoinedTransactions.unwrapped(begun().connection(), type);
        }

        @Override
        @SuppressWarnings("unchecked") // the only engine that is covered keeps bytes
        public <R> List<Stored<R>> getAll(Engine<R> engine, long namespace, String kind, Collection<String> keys) {
            return (List<Stored<R>>) (List<?>) joined((PostgresEngine) engine).getAll(namespace, kind, keys);
        }

        @Override
        @SuppressWarnings("unchecked") // the only engine that is covered keeps bytes
        public <R> void write(Engine<R> engine, long namespace, List<Op<R>> operations) {
            PostgresEngine entries = (PostgresEngine) engine;
            List<Op<byte[]>> own = (List<Op<byte[]>>) (List<?>) operations;
            joined(entries).write(namespace, own);
            announcements.add(() -> entries.announce(namespace, own));
        }

        @Override
        public EventReceipt write(EventEngine table, EventWrite write) {
            PostgresEventEngine own = (PostgresEventEngine) table;
            // A table that is yet to be made is made before, on a connection of its own.
            own.connect();
            EventReceipt receipt = connection().write(own, write, EventTransactionWrite.Stamping.NOW);
            written.add(own);
            return receipt;
        }

        @Override
        public boolean move(EventEngine table, Checkpoint step) {
            PostgresEventEngine own = (PostgresEventEngine) table;
            own.connect();
            return connection().move(own, step);
        }

        @Override
        public boolean isLost() {
            Connections.Lease begun = lease;
            try {
                return begun != null && !begun.connection().isValid(1);
            } catch (SQLException broken) {
                return true;
            }
        }

        void commit() {
            Connections.Lease begun = lease;
            if (begun == null) {
                return;
            }
            EventDatabase database = tables.database();
            try {
                database.calls().run(deadline(), "the commit", call -> commit(call, begun));
            } catch (SQLException impossible) {
                throw SqlErrors.unavailable(impossible);
            }
            written.forEach(PostgresEventEngine::announce);
            announcements.forEach(Runnable::run);
        }

        /** The work can't be run again here. A session that takes no writes is of no use to those who come next either. */
        private RuntimeException translated(SQLException failure, Calls.Call call) {
            if (SqlErrors.isConnectionFailure(failure)) {
                begun().spoil();
            }
            return SqlErrors.gaveWay(failure) ? SqlErrors.overtaken(failure) : SqlErrors.translated(failure, call);
        }

        private boolean commit(Calls.Call call, Connections.Lease begun) {
            try {
                call.attach(begun.connection()).commit();
                return true;
            } catch (SQLException failure) {
                throw SqlErrors.gaveWay(failure)
                        ? SqlErrors.overtaken(failure)
                        : SqlErrors.translatedCommit(failure, call);
            } finally {
                call.detach();
                if (call.wasStopped()) {
                    begun.spoil();
                }
            }
        }

        /** Gives the connection back as it came; one that broke goes, and its transaction with it. */
        void end() {
            Connections.Lease begun = lease;
            if (begun == null) {
                return;
            }
            boolean ended = false;
            try {
                ended = rollback(begun);
            } catch (SQLException | RuntimeException endsWithItsConnection) {
                LOG.log(Level.DEBUG, "can''t roll back: {0}", endsWithItsConnection.getMessage());
            } finally {
                if (!ended) {
                    begun.spoil();
                }
                begun.close();
            }
        }

        private boolean rollback(Connections.Lease begun) throws SQLException {
            return tables.database().calls().run(deadline(), "the transaction to be rolled back", call -> {
                Connection connection = call.attach(begun.connection());
                connection.rollback();
                connection.setAutoCommit(true);
                return !call.wasStopped();
            });
        }

        private JoinedEngine joined(PostgresEngine entries) {
            return new JoinedEngine(entries, connection(), entries.timeout());
        }

        private JoinedConnection connection() {
            begun();
            return Objects.requireNonNull(joined);
        }

        private Connections.Lease begun() {
            Connections.Lease begun = lease;
            if (begun == null) {
                begun = begin();
                lease = begun;
            }
            return begun;
        }

        private Connections.Lease begin() {
            EventDatabase database = tables.database();
            try {
                Connections.Lease begun = database.calls().run(deadline(), "a connection", this::begin);
                joined = new JoinedConnection(
                        database.calls(), begun.connection(), database.options().timeout(), this::translated);
                return begun;
            } catch (SQLException impossible) {
                throw SqlErrors.unavailable(impossible);
            }
        }

        private Connections.Lease begin(Calls.Call call) {
            Connections.@Nullable Lease begun = null;
            boolean done = false;
            try {
                begun = tables.database().connections().borrow(call);
                begun.connection().setAutoCommit(false);
                done = true;
                return begun;
            } catch (SQLException failure) {
                throw SqlErrors.translated(failure, call);
            } finally {
                if (begun != null && !done) {
                    begun.spoil();
                    begun.close();
                }
            }
        }

        private Deadline deadline() {
            return Deadline.after(tables.options().timeout());
        }
    }
}

package dev.tidemark.store.sqlite;

import dev.tidemark.event.spi.Checkpoint;
import dev.tidemark.event.spi.EngineTransaction;
import dev.tidemark.event.spi.EventEngine;
import dev.tidemark.event.spi.EventReceipt;
import dev.tidemark.event.spi.EventWrite;
import dev.tidemark.event.spi.TransactionEngine;
import dev.tidemark.event.spi.Transactions;
import dev.tidemark.store.StoreClosedException;
import dev.tidemark.store.spi.Commit;
import dev.tidemark.store.spi.Deadline;
import dev.tidemark.store.spi.Engine;
import dev.tidemark.store.spi.Op;
import dev.tidemark.store.spi.Stored;
import java.sql.Connection;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Transactions of callers. From its first call until it ends, one has the writing session for itself, and with it the file's write
 * lock; that time as a whole is bounded by the timeout.
 */
final class SqliteTransactions implements TransactionEngine {
    private static final String REST = "the rest of a transaction that holds the file";

    private final SqliteEngine engine;

    /** The thread that holds the writing session. */
    private volatile @Nullable Thread holder;

    SqliteTransactions(SqliteEngine engine) {
        this.engine = engine;
    }

    @Override
    public <T> T transact(Function<? super EngineTransaction, T> work) {
        engine.checkOpen();
        Running transaction = new Running();
        try {
            T result = work.apply(transaction);
            transaction.commit();
            return result;
        } finally {
            transaction.end();
        }
    }

    /** Refuses a write that would wait for the end of the transaction inside of which it is. */
    void checkOutside() {
        if (holder == Thread.currentThread()) {
            throw Transactions.inside();
        }
    }

    /** What a transaction has from its first call on. */
    private record Held(Session session, WriteTransaction transaction, Deadline deadline) {}

    private final class Running implements EngineTransaction {
        private @Nullable Held held;
        private @Nullable LentConnection lent;
        private boolean ended;
        private boolean committed;

        @Override
        public boolean covers(Engine<?> other) {
            return other == engine;
        }

        @Override
        public <T> Optional<T> unwrap(Class<T> type) {
            return type == Connection.class ? Optional.of(type.cast(lend())) : Optional.empty();
        }

        @Override
        @SuppressWarnings("unchecked") // this backend's engine, the only one that is covered, keeps bytes
        public <R> List<Stored<R>> getAll(Engine<R> covered, long namespace, String kind, Collection<String> keys) {
            return (List<Stored<R>>) (List<?>) call(transaction -> transaction.getAll(namespace, kind, keys));
        }

        @Override
        @SuppressWarnings("unchecked") // this backend's engine, the only one that is covered, keeps bytes
        public <R> void write(Engine<R> covered, long namespace, List<Op<R>> operations) {
            Commit<byte[]> unused =
                    call(transaction -> transaction.apply(namespace, (List<Op<byte[]>>) (List<?>) operations));
        }

        @Override
        public EventReceipt write(EventEngine table, EventWrite write) {
            SqliteEvents events = prepared(table);
            return call(transaction -> events.write(transaction, write));
        }

        @Override
        public boolean move(EventEngine table, Checkpoint step) {
            SqliteEvents events = prepared(table);
            return call(transaction -> events.move(transaction, step));
        }

        /** Sees to the table while it can, so that hooks can read it. */
        private SqliteEvents prepared(EventEngine table) {
            SqliteEvents events = (SqliteEvents) table;
            if (held == null) {
                engine.checkWritable();
                events.prepare();
            }
            return events;
        }

        private Connection lend() {
            Session session = call(WriteTransaction::session);
            if (lent == null) {
                lent = new LentConnection(session);
            }
            return lent.lent();
        }

        private void takeBack() {
            if (lent != null) {
                lent.end();
            }
        }

        private <T> T call(Writer.Work<T> work) {
            Held own = held == null ? hold() : held;
            own.deadline.check(REST);
            return own.session.proceed(own.deadline, session -> work.run(own.transaction));
        }

        private Held hold() {
            engine.checkWritable();
            checkOutside();
            Deadline deadline = engine.deadline();
            Session session = engine.sessions().writer().take(deadline);
            try {
                Held own = new Held(session, session.run(deadline, engine.writer()::begin), deadline);
                held = own;
                holder = Thread.currentThread();
                return own;
            } catch (RuntimeException | Error failure) {
                engine.sessions().writer().give(session);
                throw failure;
            }
        }

        void commit() {
            Held own = held;
            if (own != null) {
                takeBack();
                own.deadline.check(REST);
                own.session.proceed(own.deadline, session -> {
                    ended = true;
                    return engine.writer().commit(own.transaction);
                });
                committed = true;
            }
        }

        void end() {
            if (held == null) {
                return;
            }
            try {
                takeBack();
                if (!ended) {
                    rollback(held.session);
                }
            } finally {
                holder = null;
                engine.sessions().writer().give(held.session);
            }
            if (committed) {
                engine.writer().committed(held.transaction);
            }
        }

        private void rollback(Session session) {
            try {
                session.end(engine.deadline());
            } catch (StoreClosedException closed) {
                // The backend was closed first, and the transaction with it.
            }
        }
    }
}

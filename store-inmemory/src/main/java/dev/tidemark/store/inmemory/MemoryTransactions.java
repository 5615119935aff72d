package dev.tidemark.store.inmemory;

import dev.tidemark.event.spi.Checkpoint;
import dev.tidemark.event.spi.EngineTransaction;
import dev.tidemark.event.spi.EventEngine;
import dev.tidemark.event.spi.EventReceipt;
import dev.tidemark.event.spi.EventWrite;
import dev.tidemark.event.spi.TransactionEngine;
import dev.tidemark.event.spi.Transactions;
import dev.tidemark.store.spi.Deadline;
import dev.tidemark.store.spi.Engine;
import dev.tidemark.store.spi.Op;
import dev.tidemark.store.spi.Stored;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Transactions over namespaces and tables of events. One at a time takes locks, and keeps them until it ends; everybody else holds one
 * lock only, so they can't wait for each other in a circle. From its first lock on, its time as a whole is bounded by the timeout; since
 * its hooks may still take longer than that, nobody waits for it without a deadline of their own.
 */
final class MemoryTransactions implements TransactionEngine {
    private static final String REST = "the rest of a transaction that others wait for";

    private final MemoryEngine engine;
    private final ReentrantLock running = new ReentrantLock();

    MemoryTransactions(MemoryEngine engine) {
        this.engine = engine;
    }

    @Override
    public <T> T transact(Function<? super EngineTransaction, T> work) {
        engine.checkOpen();
        Running transaction = new Running();
        boolean done = false;
        try {
            T result = work.apply(transaction);
            transaction.checkTime();
            done = true;
            return result;
        } finally {
            transaction.end(done);
        }
    }

    /** Refuses a write by whoever is inside of a transaction, such as a hook: undoing that would undo the write's place in the line. */
    void checkOutside() {
        if (running.isHeldByCurrentThread()) {
            throw Transactions.inside();
        }
    }

    /** What is written to tables is taken back when the transaction fails; entries are only written when it commits. */
    private final class Running implements EngineTransaction {
        private final Map<Long, Namespace.Transaction> namespaces = new HashMap<>();
        private final Set<MemoryEvents> tables = new LinkedHashSet<>();
        private final Deque<Runnable> undo = new ArrayDeque<>();
        private @Nullable Deadline deadline;

        @Override
        public boolean covers(Engine<?> other) {
            return other == engine;
        }

        @Override
        public <T> Optional<T> unwrap(Class<T> type) {
            return Optional.empty();
        }

        @Override
        @SuppressWarnings("unchecked") // this backend's engine, the only one that is covered, keeps objects
        public <R> List<Stored<R>> getAll(Engine<R> covered, long namespace, String kind, Collection<String> keys) {
            return (List<Stored<R>>) (List<?>) own(namespace).getAll(kind, keys);
        }

        @Override
        @SuppressWarnings("unchecked") // this backend's engine, the only one that is covered, keeps objects
        public <R> void write(Engine<R> covered, long namespace, List<Op<R>> operations) {
            own(namespace).write((List<Op<Object>>) (List<?>) operations);
        }

        @Override
        public EventReceipt write(EventEngine table, EventWrite write) {
            EventRows rows = own(table).rows();
            EventReceipt receipt = rows.write(write);
            undo.push(() -> rows.undo(write, receipt));
            return receipt;
        }

        @Override
        public boolean move(EventEngine table, Checkpoint step) {
            Checkpoints checkpoints = own(table).checkpoints();
            boolean moved = checkpoints.move(step);
            if (moved) {
                undo.push(() -> checkpoints.undo(step));
            }
            return moved;
        }

        void end(boolean commit) {
            if (deadline == null) {
                return;
            }
            try {
                if (commit) {
                    namespaces.values().forEach(Namespace.Transaction::commit);
                } else {
                    undo.forEach(Runnable::run);
                }
            } finally {
                tables.forEach(MemoryEvents::end);
                namespaces.values().forEach(Namespace.Transaction::end);
                running.unlock();
            }
        }

        private Namespace.Transaction own(long namespace) {
            Deadline locked = lock();
            return namespaces.computeIfAbsent(
                    namespace, id -> engine.namespace(id).begin(locked));
        }

        private MemoryEvents own(EventEngine table) {
            Deadline locked = lock();
            MemoryEvents events = (MemoryEvents) table;
            if (!tables.contains(events)) {
                events.begin(locked);
                tables.add(events);
            }
            return events;
        }

        private Deadline lock() {
            engine.checkOpen();
            checkTime();
            Deadline locked = deadline;
            if (locked == null) {
                checkOutside();
                locked = Deadline.after(engine.timeout());
                Turns.take(running, locked);
                deadline = locked;
            }
            return locked;
        }

        void checkTime() {
            if (deadline != null && deadline.hasPassed()) {
                throw deadline.expired(REST);
            }
        }
    }
}

package dev.tidemark.store.postgres;

import dev.tidemark.store.ConflictException;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.spi.Commit;
import dev.tidemark.store.spi.Deadline;
import dev.tidemark.store.spi.GroupCommit;
import dev.tidemark.store.spi.GroupCommit.Slot;
import dev.tidemark.store.spi.Op;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The transaction of a group commit: takes as many requests as belong together and answers them in the cheapest way that does what
 * they ask. The rest waits for the next one.
 *
 * <p>What failed cleanly is tried again until the deadline. A statement that commits by itself and lost its connection is not: nobody
 * knows what became of it.
 */
final class WritePath implements GroupCommit.Transaction<Request, Commit<byte[]>> {
    private static final int MAX_ROWS = 2_000;
    private static final long MAX_BYTES = 8 << 20;

    /** Up to here a request alone is one statement, however many rows it has; sending it takes twice as much memory again. */
    private static final long STATEMENT_BYTES =
            Math.min(32 << 20, Runtime.getRuntime().maxMemory() / 8);

    private static final String WAITING_FOR = "the database to commit the write";

    private final Sql sql;
    private final Commits commits;
    private final long namespace;
    private final Doorbell doorbell;
    private final Runnable poke;
    private final LoneWrite lone;
    private final PlainWrite plain;

    /** @param poke tells the watches in this process that something was committed */
    WritePath(Sql sql, Commits commits, long namespace, Doorbell doorbell, Runnable poke) {
        this.sql = sql;
        this.commits = commits;
        this.namespace = namespace;
        this.doorbell = doorbell;
        this.poke = poke;
        this.lone = new LoneWrite(sql);
        this.plain = new PlainWrite(sql);
    }

    /** Requests of one transaction; plain if one statement can write them all. */
    private record Group(List<Slot<Request, Commit<byte[]>>> slots, boolean plain) {}

    /** What the server refuses as a whole it may refuse for what one of the requests holds. */
    @Override
    public void run(List<Slot<Request, Commit<byte[]>>> batch, Deadline deadline) {
        Group group = take(batch);
        try {
            commit(group, deadline);
        } catch (StoreException refused) {
            if (refused.getClass() != StoreException.class || group.slots().size() == 1) {
                throw refused;
            }
            Commits.oneByOne(group.slots(), slot -> commit(take(List.of(slot)), deadline));
        }
    }

    /** What fits into a transaction; the few that would spoil its one statement wait for the next. */
    private static Group take(List<Slot<Request, Commit<byte[]>>> batch) {
        List<Slot<Request, Commit<byte[]>>> fitting = fitting(batch);
        List<Slot<Request, Commit<byte[]>>> plain = plain(fitting);
        Group group = 2 * plain.size() > fitting.size() ? new Group(plain, true) : new Group(fitting, false);
        Set<Slot<Request, Commit<byte[]>>> taken = new HashSet<>(group.slots());
        for (Slot<Request, Commit<byte[]>> slot : batch) {
            if (!taken.contains(slot)) {
                slot.postpone();
            }
        }
        return group;
    }

    private static List<Slot<Request, Commit<byte[]>>> fitting(List<Slot<Request, Commit<byte[]>>> batch) {
        int rows = 0;
        long bytes = 0;
        int fitting = 0;
        for (Slot<Request, Commit<byte[]>> slot : batch) {
            rows += slot.request().rows();
            bytes += slot.request().bytes();
            if (fitting > 0 && (rows > MAX_ROWS || bytes > MAX_BYTES)) {
                break;
            }
            fitting++;
        }
        return batch.subList(0, fitting);
    }

    /** The first request, and all others that can be written together with it by one statement, which names no key twice. */
    private static List<Slot<Request, Commit<byte[]>>> plain(List<Slot<Request, Commit<byte[]>>> fitting) {
        List<Slot<Request, Commit<byte[]>>> plain = new ArrayList<>();
        Set<RowState.Name> names = new HashSet<>();
        for (Slot<Request, Commit<byte[]>> slot : fitting) {
            if (joins(slot.request(), names)) {
                plain.add(slot);
            } else if (plain.isEmpty()) {
                break;
            }
        }
        return plain;
    }

    private void commit(Group group, Deadline deadline) {
        Set<String> changed = commits.run(
                deadline,
                WAITING_FOR,
                (connection, committing) -> doorbell.announced(
                        rings -> tryOnce(group, new Attempt(connection, committing, rings, new HashSet<>())),
                        this::payloads));
        if (!changed.isEmpty()) {
            poke.run();
        }
    }

    private List<String> payloads(Set<String> kinds) {
        return kinds.stream().map(kind -> Doorbell.payload(namespace, kind)).toList();
    }

    /** One try: whether its changes announce themselves, and the kinds in which there were any. */
    private record Attempt(Connection connection, AtomicBoolean committing, boolean rings, Set<String> changed) {
        void answer(Slot<Request, Commit<byte[]>> slot, Commit<byte[]> commit) {
            slot.answer(commit);
            List<Op<byte[]>> operations = slot.request().operations();
            for (int i = 0; i < operations.size(); i++) {
                if (commit.outcomes().get(i).effect().isChange()) {
                    changed.add(operations.get(i).kind());
                }
            }
        }
    }

    /** The kinds in which something changed; null when nothing was written and another try may succeed. */
    private @Nullable Set<String> tryOnce(Group group, Attempt attempt) throws SQLException {
        return write(group, attempt) ? attempt.changed() : null;
    }

    /** False when nothing was written and another try may succeed. */
    private boolean write(Group group, Attempt attempt) throws SQLException {
        List<Slot<Request, Commit<byte[]>>> slots = group.slots();
        Request first = slots.get(0).request();
        if (slots.size() == 1
                && first.rows() == 1
                && LoneWrite.knows(first.operations().get(0))) {
            return writeLone(slots.get(0), attempt);
        }
        List<Request> requests = slots.stream().map(Slot::request).toList();
        if (group.plain()) {
            attempt.committing().set(true);
            List<Commit<byte[]>> commits = plain.run(attempt.connection(), requests, attempt.rings());
            for (int i = 0; i < commits.size(); i++) {
                attempt.answer(slots.get(i), commits.get(i));
            }
            return true;
        }
        return writeTransaction(slots, requests, attempt);
    }

    private boolean writeLone(Slot<Request, Commit<byte[]>> slot, Attempt attempt) throws SQLException {
        attempt.committing().set(true);
        try {
            Op<byte[]> op = slot.request().operations().get(0);
            Commit<byte[]> commit = lone.write(attempt.connection(), op, attempt.rings());
            if (commit == null) {
                attempt.committing().set(false);
                commit = lone.explain(attempt.connection(), op);
            }
            if (commit != null) {
                attempt.answer(slot, commit);
            }
            return commit != null;
        } catch (ConflictException conflict) {
            slot.fail(conflict);
            return true;
        }
    }

    /** Whether one statement can write a request together with others, whose names are given and then hold its own, too. */
    private static boolean joins(Request request, Set<RowState.Name> names) {
        if (!request.plain() || request.bytes() > STATEMENT_BYTES) {
            return false;
        }
        Set<RowState.Name> own = new HashSet<>();
        for (Op<byte[]> op : request.operations()) {
            RowState.Name name = new RowState.Name(op.kind(), op.key());
            if (names.contains(name) || !own.add(name)) {
                return false;
            }
        }
        names.addAll(own);
        return true;
    }

    private boolean writeTransaction(List<Slot<Request, Commit<byte[]>>> group, List<Request> requests, Attempt attempt)
            throws SQLException {
        Boolean done = Commits.inTransaction(attempt.connection(), attempt.committing(), (connection, committing) -> {
            TransactionWrite transaction = new TransactionWrite(sql, connection);
            TransactionWrite.Prepared prepared = transaction.prepare(requests);
            long before;
            if (prepared.changes().isEmpty()) {
                before = PostgresHistory.newest(connection, sql);
                connection.rollback();
            } else {
                committing.set(true);
                before = transaction.appendAndCommit(prepared.changes(), attempt.rings()) - 1;
            }
            answer(group, prepared, before, attempt);
            return true;
        });
        return done != null;
    }

    private static void answer(
            List<Slot<Request, Commit<byte[]>>> group,
            TransactionWrite.Prepared prepared,
            long before,
            Attempt attempt) {
        for (int i = 0; i < group.size(); i++) {
            Evaluation.Answer answer = prepared.answers().get(i);
            ConflictException conflict = answer.conflict();
            if (conflict != null) {
                group.get(i).fail(conflict);
            } else {
                attempt.answer(group.get(i), new Commit<>(before + answer.changes(), answer.outcomes()));
            }
        }
    }
}

package dev.tidemark.store.postgres;

import dev.tidemark.event.AggregateId;
import dev.tidemark.event.EventConflictException;
import dev.tidemark.event.spi.AppendKey;
import dev.tidemark.event.spi.EventReceipt;
import dev.tidemark.event.spi.EventWrite;
import dev.tidemark.event.spi.EventWrite.Expectation;
import dev.tidemark.event.spi.NewEvent;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.spi.Deadline;
import dev.tidemark.store.spi.GroupCommit;
import dev.tidemark.store.spi.GroupCommit.Slot;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The transaction of a group commit of events: one statement for all writes that fit into it, and a transaction of its own for what
 * is large or in the way of others.
 *
 * <p>The statement answers whether the versions were as assumed. If not, nothing was written, and the writes are planned anew with the
 * versions that it found; those that can't succeed then fail at once. A conflict that the server found by itself says nothing about
 * whose it is, so each write is then tried alone.
 */
final class EventWritePath implements GroupCommit.Transaction<EventWrite, EventReceipt> {
    private static final int MAX_ROWS = 2_000;
    private static final long MAX_BYTES = 8 << 20;
    private static final String WAITING_FOR = "the database to commit the events";

    /** Somebody's row is in the way: committed, or not yet; or a version is too high, which the careful way says better. */
    private static final Set<String> ASIDE = Set.of("23505", "55P03", "22003");

    private final EventSql sql;
    private final Commits commits;
    private final Doorbell doorbell;

    EventWritePath(EventSql sql, Commits commits, Doorbell doorbell) {
        this.sql = sql;
        this.commits = commits;
        this.doorbell = doorbell;
    }

    @Override
    public void run(List<Slot<EventWrite, EventReceipt>> batch, Deadline deadline) {
        List<Slot<EventWrite, EventReceipt>> group = take(batch);
        if (isLarge(group.get(0).request())) {
            runAlone(group.get(0), deadline);
        } else {
            runTogether(group, deadline);
        }
    }

    /** Those that fit into a statement, and of writes with the same append id the first. */
    private static List<Slot<EventWrite, EventReceipt>> take(List<Slot<EventWrite, EventReceipt>> batch) {
        List<Slot<EventWrite, EventReceipt>> group = new ArrayList<>();
        Set<String> keys = new HashSet<>();
        int rows = 0;
        long bytes = 0;
        boolean full = false;
        for (Slot<EventWrite, EventReceipt> slot : batch) {
            AppendKey key = slot.request().key();
            rows += slot.request().events().size();
            bytes += bytes(slot.request());
            full |= rows > MAX_ROWS || bytes > MAX_BYTES;
            if (group.isEmpty() || (!full && (key == null || !keys.contains(key.id())))) {
                group.add(slot);
                if (key != null) {
                    keys.add(key.id());
                }
            } else {
                slot.postpone();
            }
        }
        return group;
    }

    private static boolean isLarge(EventWrite write) {
        return write.events().size() > MAX_ROWS || bytes(write) > MAX_BYTES;
    }

    private static long bytes(EventWrite write) {
        long bytes = 0;
        for (NewEvent event : write.events()) {
            bytes += event.data().length;
        }
        return bytes;
    }

    /** What the server refuses as a whole it may refuse for what one of the writes holds. */
    private void runTogether(List<Slot<EventWrite, EventReceipt>> group, Deadline deadline) {
        boolean single = group.size() == 1;
        try {
            insert(group, deadline);
        } catch (Aside aside) {
            if (single) {
                runAlone(group.get(0), deadline);
            } else {
                Commits.oneByOne(group, slot -> runTogether(List.of(slot), deadline));
            }
        } catch (StoreException refused) {
            if (single || refused.getClass() != StoreException.class) {
                throw refused;
            }
            Commits.oneByOne(group, slot -> runTogether(List.of(slot), deadline));
        }
    }

    /** The server refused the statement for one of its writes. */
    private static final class Aside extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Aside(SQLException reason) {
            super(reason);
        }
    }

    private void insert(List<Slot<EventWrite, EventReceipt>> group, Deadline deadline) {
        List<Slot<EventWrite, EventReceipt>> left = new ArrayList<>(withoutRepeated(group, deadline));
        Map<AggregateId, Integer> known = new HashMap<>();
        while (!left.isEmpty()) {
            List<EventWrite> writes = left.stream().map(Slot::request).toList();
            EventPlan plan = new EventPlan(writes, known);
            EventInsert.Answer answer = commits.run(deadline, WAITING_FOR, (connection, committing) -> {
                committing.set(true);
                return doorbell.announced(rings -> run(connection, plan, writes, rings), this::payloads);
            });
            if (answer.done()) {
                answer(left, plan, answer);
                return;
            }
            known = plan.versions(answer.actual());
            failHopeless(left, known);
        }
    }

    private List<String> payloads(EventInsert.Answer answer) {
        return answer.done() ? List.of(sql.announcement()) : List.of();
    }

    private EventInsert.Answer run(Connection connection, EventPlan plan, List<EventWrite> writes, boolean rings)
            throws SQLException {
        try {
            return new EventInsert(sql).run(connection, plan, writes, rings);
        } catch (SQLException failure) {
            if (ASIDE.contains(SqlErrors.state(failure))) {
                throw new Aside(failure);
            }
            throw failure;
        }
    }

    /** Answers the writes that happened before. */
    private List<Slot<EventWrite, EventReceipt>> withoutRepeated(
            List<Slot<EventWrite, EventReceipt>> group, Deadline deadline) {
        List<AppendKey> keys = group.stream()
                .map(slot -> slot.request().key())
                .filter(Objects::nonNull)
                .toList();
        if (keys.isEmpty()) {
            return group;
        }
        Map<String, EventKeys.Recorded> recorded =
                commits.run(deadline, WAITING_FOR, (connection, commit) -> EventKeys.find(connection, sql, keys));
        return group.stream().filter(slot -> !answerRepeated(slot, recorded)).toList();
    }

    private static boolean answerRepeated(
            Slot<EventWrite, EventReceipt> slot, Map<String, EventKeys.Recorded> recorded) {
        AppendKey key = slot.request().key();
        try {
            List<UUID> repeated = key == null ? null : EventKeys.repeated(recorded, key);
            if (repeated != null) {
                slot.answer(EventReceipt.repeated(repeated));
            }
            return repeated != null;
        } catch (StoreException refused) {
            slot.fail(refused);
            return true;
        }
    }

    private static void answer(List<Slot<EventWrite, EventReceipt>> group, EventPlan plan, EventInsert.Answer answer) {
        for (int i = 0; i < group.size(); i++) {
            StoreException failure = plan.failure(i);
            if (failure != null) {
                group.get(i).fail(failure);
            } else {
                group.get(i).answer(EventReceipt.of(plan.stored(i, answer.actual(), answer.positions())));
            }
        }
    }

    /** Fails those that expect what is not so, unless a write before them could make it so. */
    private static void failHopeless(List<Slot<EventWrite, EventReceipt>> left, Map<AggregateId, Integer> known) {
        Set<AggregateId> touched = new HashSet<>();
        List<Slot<EventWrite, EventReceipt>> hopeless = new ArrayList<>();
        for (Slot<EventWrite, EventReceipt> slot : left) {
            EventConflictException conflict = conflict(slot.request(), known, touched);
            if (conflict != null) {
                slot.fail(conflict);
                hopeless.add(slot);
            } else {
                slot.request().events().stream()
                        .map(NewEvent::aggregate)
                        .filter(Objects::nonNull)
                        .forEach(touched::add);
            }
        }
        left.removeAll(hopeless);
    }

    private static @Nullable EventConflictException conflict(
            EventWrite write, Map<AggregateId, Integer> known, Set<AggregateId> touched) {
        for (Expectation expectation : write.expectations()) {
            AggregateId aggregate = expectation.aggregate();
            Integer expected = expectation.expected().version();
            Integer actual = known.get(aggregate);
            if (expected != null && actual != null && !expected.equals(actual) && !touched.contains(aggregate)) {
                return new EventConflictException(aggregate, expected, actual);
            }
        }
        return null;
    }

    private void runAlone(Slot<EventWrite, EventReceipt> slot, Deadline deadline) {
        EventWrite write = slot.request();
        slot.answer(commits.transact(deadline, WAITING_FOR, (connection, commit) -> {
            EventTransactionWrite transaction = new EventTransactionWrite(sql, connection);
            EventReceipt receipt = transaction.run(write, EventTransactionWrite.Stamping.BY_COMMIT, deadline);
            if (receipt.repeated() != null) {
                return receipt;
            }
            commit.set(true);
            return EventTransactionWrite.stamped(receipt, transaction.stamp(write.ids(), "; COMMIT"));
        }));
        doorbell.send(sql.announcement());
    }
}

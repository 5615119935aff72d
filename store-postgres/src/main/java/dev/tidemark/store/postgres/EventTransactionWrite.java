package dev.tidemark.store.postgres;

import dev.tidemark.event.AggregateId;
import dev.tidemark.event.EventConflictException;
import dev.tidemark.event.spi.AppendKey;
import dev.tidemark.event.spi.EventReceipt;
import dev.tidemark.event.spi.EventWrite;
import dev.tidemark.event.spi.NewEvent;
import dev.tidemark.event.spi.StoredEvent;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.spi.Deadline;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Writes events step by step in a transaction that is open, all or nothing by a savepoint: for transactions of more than one write,
 * and for what is too large for one statement or met a stranger's row.
 */
final class EventTransactionWrite {
    private static final int TRIES = 5;
    private static final int CHUNK_ROWS = 2_000;
    private static final long CHUNK_BYTES = 8 << 20;
    private static final String LOCK_NOT_AVAILABLE = "55P03";

    /** When events get their positions. */
    enum Stamping {
        /** At once, under the lock of the table, which the transaction then keeps to its end. */
        NOW,
        /** The same, but after the rows were inserted without the lock. */
        LATE,
        /** By the commit. */
        BY_COMMIT
    }

    private final EventSql sql;
    private final Connection connection;

    EventTransactionWrite(EventSql sql, Connection connection) {
        this.sql = sql;
        this.connection = connection;
    }

    /** Writes, unless that was done before. */
    EventReceipt run(EventWrite write, Stamping wanted, Deadline deadline) throws SQLException {
        Stamping stamping = wanted;
        for (int tries = 0; tries < TRIES; tries++) {
            Savepoint before = connection.setSavepoint();
            boolean done = false;
            try {
                EventReceipt receipt = tryOnce(write, stamping);
                if (receipt != null) {
                    connection.releaseSavepoint(before);
                    done = true;
                    return receipt;
                }
            } catch (SQLException failure) {
                if (stamping != Stamping.NOW || !SqlErrors.state(failure).equals(LOCK_NOT_AVAILABLE)) {
                    throw failure;
                }
                stamping = Stamping.LATE;
            } finally {
                if (!done) {
                    Commits.takeBack(connection, before);
                }
            }
            Commits.orTakenBack(connection, transaction -> checkFree(write));
        }
        throw deadline.expired("a moment without other writers of these aggregates");
    }

    /** Draws the positions of what was inserted without. The transaction keeps the lock of the table, unless it ends. */
    long[] stamp(List<UUID> ids, String ending) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql.stamp + ending)) {
            new Columns<>(connection, statement, ids).uuids(id -> id);
            statement.execute();
            statement.getMoreResults();
            LongStream.Builder positions = LongStream.builder();
            try (ResultSet rows = statement.getResultSet()) {
                while (rows.next()) {
                    positions.add(rows.getLong(1));
                }
            }
            // They were drawn in the order of the events, whatever order the update took.
            return positions.build().sorted().toArray();
        }
    }

    /** Returns a receipt with the positions that its events got after all. */
    static EventReceipt stamped(EventReceipt receipt, long[] positions) {
        List<StoredEvent> stored = new ArrayList<>(positions.length);
        for (StoredEvent event : receipt.events()) {
            long position = positions[stored.size()];
            stored.add(new StoredEvent(
                    event.id(),
                    event.name(),
                    event.time(),
                    event.aggregate(),
                    event.version(),
                    event.data(),
                    event.metadata(),
                    position));
        }
        return EventReceipt.of(stored);
    }

    private static EventReceipt receipt(List<NewEvent> events, long[] positions) {
        List<StoredEvent> stored = new ArrayList<>(positions.length);
        for (long position : positions) {
            stored.add(events.get(stored.size()).stored(position));
        }
        return EventReceipt.of(stored);
    }

    /** Null when somebody was faster. */
    private @Nullable EventReceipt tryOnce(EventWrite write, Stamping stamping) throws SQLException {
        String lockTimeout = stamping == Stamping.NOW ? lock() : null;
        AppendKey key = write.key();
        List<UUID> repeated = key == null ? null : repeated(key);
        if (repeated != null) {
            restore(lockTimeout);
            return EventReceipt.repeated(repeated);
        }
        List<NewEvent> events = write.resolve(versions(List.copyOf(write.aggregates())));
        long[] positions = insert(events, stamping == Stamping.NOW);
        if (positions.length < events.size() || (key != null && !insertKey(key, write))) {
            return null;
        }
        if (stamping == Stamping.LATE) {
            positions = stamp(write.ids(), "");
        }
        restore(lockTimeout);
        return receipt(events, positions);
    }

    /** Returns how long statements wait for locks otherwise. */
    private String lock() throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql.lock);
                ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getString(1);
        }
    }

    private void restore(@Nullable String lockTimeout) throws SQLException {
        if (lockTimeout == null) {
            return;
        }
        try (PreparedStatement statement = connection.prepareStatement("SELECT set_config('lock_timeout', ?, true)")) {
            statement.setString(1, lockTimeout);
            statement.execute();
        }
    }

    private @Nullable List<UUID> repeated(AppendKey key) throws SQLException {
        return EventKeys.repeated(EventKeys.find(connection, sql, List.of(key)), key);
    }

    private Map<AggregateId, Integer> versions(List<AggregateId> aggregates) throws SQLException {
        Map<AggregateId, Integer> versions = new HashMap<>();
        if (aggregates.isEmpty()) {
            return versions;
        }
        try (PreparedStatement statement = connection.prepareStatement(sql.versions)) {
            new Columns<>(connection, statement, aggregates)
                    .uuids(AggregateId::id)
                    .text(AggregateId::name);
            try (ResultSet rows = statement.executeQuery()) {
                for (AggregateId aggregate : aggregates) {
                    rows.next();
                    versions.put(aggregate, rows.getInt(1));
                }
            }
        }
        return versions;
    }

    private long[] insert(List<NewEvent> events, boolean stamped) throws SQLException {
        LongStream.Builder positions = LongStream.builder();
        int start = 0;
        while (start < events.size()) {
            int end = endOfChunk(events, start);
            for (long position : insertChunk(events.subList(start, end), stamped)) {
                positions.add(position);
            }
            start = end;
        }
        return positions.build().toArray();
    }

    private static int endOfChunk(List<NewEvent> events, int start) {
        long bytes = 0;
        int end = start;
        while (end < events.size() && end - start < CHUNK_ROWS && (end == start || bytes < CHUNK_BYTES)) {
            bytes += events.get(end).data().length;
            end++;
        }
        return end;
    }

    private long[] insertChunk(List<NewEvent> events, boolean stamped) throws SQLException {
        List<EventPlan.Row> rows =
                events.stream().map(event -> new EventPlan.Row(event, 0)).toList();
        try (PreparedStatement statement =
                connection.prepareStatement(stamped ? sql.insertStamped : sql.insertUnstamped)) {
            EventInsert.bindRows(connection, statement, rows, 1);
            LongStream.Builder positions = LongStream.builder();
            try (ResultSet inserted = statement.executeQuery()) {
                while (inserted.next()) {
                    positions.add(inserted.getLong(1));
                }
            }
            return positions.build().toArray();
        }
    }

    private boolean insertKey(AppendKey key, EventWrite write) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql.insertKey)) {
            statement.setString(1, key.id());
            statement.setBytes(2, key.digest());
            statement.setString(3, EventInsert.literalIds(write));
            return statement.executeUpdate() == 1;
        }
    }

    /**
     * Finds out what was in the way of an insert that was taken back.
     *
     * @throws EventConflictException if it still is
     */
    private boolean checkFree(EventWrite write) throws SQLException {
        List<NewEvent> events = write.resolve(versions(List.copyOf(write.aggregates())));
        try (PreparedStatement statement = connection.prepareStatement(sql.taken)) {
            new Columns<>(connection, statement, events)
                    .uuids(NewEvent::id)
                    .uuids(event ->
                            event.aggregate() == null ? null : event.aggregate().id())
                    .text(event ->
                            event.aggregate() == null ? null : event.aggregate().name())
                    .ints(NewEvent::version);
            try (ResultSet taken = statement.executeQuery()) {
                if (taken.next()) {
                    throw conflict(events.get(taken.getInt(1) - 1), taken.getBoolean(2), taken.getInt(3));
                }
                return true;
            }
        }
    }

    private static StoreException conflict(NewEvent event, boolean byId, int actual) {
        AggregateId aggregate = event.aggregate();
        return byId || aggregate == null
                ? new EventConflictException(event.id())
                : EventWrite.conflict(aggregate, event.version(), actual);
    }
}

package dev.tidemark.store.sqlite;

import dev.tidemark.event.AggregateId;
import dev.tidemark.event.EventConflictException;
import dev.tidemark.event.spi.AppendKey;
import dev.tidemark.event.spi.Checkpoint;
import dev.tidemark.event.spi.EventReceipt;
import dev.tidemark.event.spi.EventWrite;
import dev.tidemark.event.spi.NewEvent;
import dev.tidemark.event.spi.StoredEvent;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What is written to a table of events. Everything runs in a transaction that holds the file's write lock, so that what it reads stays
 * true until it commits, and positions are drawn in the order of commits.
 */
final class EventTable {
    /** What ends later was claimed by a clock that was ahead: a lease is a day at most. Another day is for clocks that differ. */
    private static final Duration LONGEST_REST = Duration.ofDays(2);

    private final EventSql sql;

    EventTable(EventSql sql) {
        this.sql = sql;
    }

    /**
     * Writes everything, or throws one of the exceptions of {@link dev.tidemark.event.spi.EventEngine#write} and leaves nothing behind.
     */
    EventReceipt write(Session session, EventWrite write) throws SQLException {
        AppendKey key = write.key();
        List<UUID> repeated = key == null ? null : appended(session, key);
        if (repeated != null) {
            return EventReceipt.repeated(repeated);
        }
        Map<AggregateId, Integer> current = new HashMap<>();
        for (AggregateId aggregate : write.aggregates()) {
            current.put(aggregate, version(session, aggregate));
        }
        List<NewEvent> events = write.resolve(current);
        List<StoredEvent> stored = insert(session, events);
        if (key != null) {
            PreparedStatement statement = session.statement(sql.remember);
            statement.setString(1, key.id());
            statement.setBytes(2, key.digest());
            statement.setBytes(3, EventRows.toBytes(write.ids()));
            statement.executeUpdate();
        }
        return EventReceipt.of(stored);
    }

    int delete(Session session, Collection<UUID> ids) throws SQLException {
        PreparedStatement statement = session.statement(sql.delete);
        int deleted = 0;
        for (UUID id : ids) {
            statement.setBytes(1, EventRows.toBytes(id));
            deleted += statement.executeUpdate();
        }
        return deleted;
    }

    OptionalLong claim(Session session, long now, String subscription, UUID owner, Duration lease, long start)
            throws SQLException {
        PreparedStatement statement = session.statement(sql.claim);
        statement.setString(1, subscription);
        statement.setBytes(2, EventRows.toBytes(owner));
        statement.setLong(3, now + toMicros(lease));
        statement.setLong(4, start);
        statement.setLong(5, now);
        statement.setLong(6, now + toMicros(LONGEST_REST));
        return position(statement);
    }

    boolean move(Session session, Checkpoint step) throws SQLException {
        PreparedStatement statement = session.statement(sql.move);
        statement.setString(1, step.subscription());
        statement.setBytes(2, EventRows.toBytes(step.owner()));
        statement.setLong(3, step.from());
        statement.setLong(4, step.to());
        return statement.executeUpdate() == 1;
    }

    boolean release(Session session, String subscription, UUID owner) throws SQLException {
        PreparedStatement statement = session.statement(sql.release);
        statement.setString(1, subscription);
        statement.setBytes(2, EventRows.toBytes(owner));
        return statement.executeUpdate() == 1;
    }

    private @Nullable List<UUID> appended(Session session, AppendKey key) throws SQLException {
        PreparedStatement statement = session.statement(sql.appended);
        statement.setString(1, key.id());
        try (ResultSet row = statement.executeQuery()) {
            if (!row.next()) {
                return null;
            }
            key.check(row.getBytes(1));
            return EventRows.toIds(row.getBytes(2));
        }
    }

    private int version(Session session, AggregateId aggregate) throws SQLException {
        PreparedStatement statement = session.statement(sql.version);
        statement.setBytes(1, EventRows.toBytes(aggregate.id()));
        statement.setString(2, aggregate.name());
        try (ResultSet row = statement.executeQuery()) {
            return row.next() ? row.getInt(1) : 0;
        }
    }

    private List<StoredEvent> insert(Session session, List<NewEvent> events) throws SQLException {
        boolean several = events.size() > 1;
        if (several) {
            session.statement(EventSql.SAVEPOINT).execute();
        }
        List<StoredEvent> stored = new ArrayList<>(events.size());
        for (NewEvent event : events) {
            OptionalLong position = insert(session, event);
            if (position.isEmpty()) {
                if (several) {
                    session.statement(EventSql.ROLLBACK_TO).execute();
                    session.statement(EventSql.RELEASE).execute();
                }
                throw conflict(session, event);
            }
            stored.add(event.stored(position.getAsLong()));
        }
        if (several) {
            session.statement(EventSql.RELEASE).execute();
        }
        return stored;
    }

    /** Empty when its id or its version is taken. */
    private OptionalLong insert(Session session, NewEvent event) throws SQLException {
        PreparedStatement statement = session.statement(sql.insert);
        EventRows.bind(statement, event);
        return position(statement);
    }

    private EventConflictException conflict(Session session, NewEvent event) throws SQLException {
        AggregateId aggregate = event.aggregate();
        PreparedStatement statement = session.statement(sql.find);
        statement.setBytes(1, EventRows.toBytes(event.id()));
        try (ResultSet row = statement.executeQuery()) {
            if (row.next() || aggregate == null) {
                return new EventConflictException(event.id());
            }
        }
        return EventWrite.conflict(aggregate, event.version(), version(session, aggregate));
    }

    private static long toMicros(Duration duration) {
        return duration.toNanos() / 1000;
    }

    private static OptionalLong position(PreparedStatement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery()) {
            return row.next() ? OptionalLong.of(row.getLong(1)) : OptionalLong.empty();
        }
    }
}

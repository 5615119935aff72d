package dev.tidemark.store.postgres;

import dev.tidemark.event.AggregateId;
import dev.tidemark.event.EventQuery;
import dev.tidemark.event.spi.EventPage;
import dev.tidemark.event.spi.StoredEvent;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The short statements on events, on any connection. */
final class EventReads {
    /** How many events are looked at to find those that a filter selects. */
    private static final int LOOKED_AT = 4_096;

    private static final EventColumns FOUND = new EventColumns(1);
    private static final EventColumns FOLLOWING = new EventColumns(3);

    private final EventSql sql;

    EventReads(EventSql sql) {
        this.sql = sql;
    }

    Optional<StoredEvent> find(Connection connection, UUID id) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql.find)) {
            statement.setObject(1, id);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? Optional.of(FOUND.read(row)) : Optional.empty();
            }
        }
    }

    long newest(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql.newest);
                ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    int version(Connection connection, AggregateId aggregate) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql.versions)) {
            new Columns<>(connection, statement, List.of(aggregate))
                    .uuids(AggregateId::id)
                    .text(AggregateId::name);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        }
    }

    int delete(Connection connection, Collection<UUID> ids) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql.delete)) {
            new Columns<>(connection, statement, List.copyOf(ids)).uuids(id -> id);
            return statement.executeUpdate();
        }
    }

    /** Deletes between the writes of others, and commits by itself. */
    int deleteInLine(Connection connection, Collection<UUID> ids) throws SQLException {
        List<UUID> rows = List.copyOf(ids);
        try (PreparedStatement statement = connection.prepareStatement(sql.deleteInLine)) {
            new Columns<>(connection, statement, rows).uuids(id -> id).uuids(id -> id);
            statement.execute();
            statement.getMoreResults();
            statement.getMoreResults();
            return statement.getUpdateCount();
        }
    }

    EventPage after(Connection connection, long position, EventQuery query, int limit) throws SQLException {
        EventFilter filter = EventFilter.of(query);
        int lookedAt = filter.isEmpty() ? limit : Math.max(limit, LOOKED_AT);
        try (PreparedStatement statement = connection.prepareStatement(sql.after(filter.text(), sql.isSizing()))) {
            statement.setLong(1, position);
            statement.setInt(2, lookedAt);
            statement.setLong(3, position);
            statement.setInt(filter.bind(connection, statement, 4), limit);
            try (ResultSet rows = statement.executeQuery()) {
                return page(rows, position, lookedAt, limit);
            }
        }
    }

    /** How many rows follow and where they end stands in every row, of which there is one at least. */
    private EventPage page(ResultSet rows, long position, int lookedAt, int limit) throws SQLException {
        List<StoredEvent> events = new ArrayList<>();
        long following = 0;
        long end = position;
        long bytes = 0;
        while (rows.next()) {
            following = rows.getLong(1);
            end = rows.getLong(2);
            if (rows.getObject(3) != null) {
                if (events.isEmpty()) {
                    sql.sawOutside(rows.getLong(13));
                }
                events.add(FOLLOWING.read(rows));
                bytes += rows.getLong(12);
            }
        }
        boolean cut = events.size() == limit || bytes >= EventSql.PAGE_BYTES;
        long reached = cut ? events.get(events.size() - 1).position() : end;
        return new EventPage(events, reached, following < lookedAt && (!cut || reached == end));
    }
}

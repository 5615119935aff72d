package dev.tidemark.store.sqlite;

import dev.tidemark.event.AggregateId;
import dev.tidemark.event.spi.JsonText;
import dev.tidemark.event.spi.NewEvent;
import dev.tidemark.event.spi.StoredEvent;
import java.nio.ByteBuffer;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** How events look in rows and parameters. */
final class EventRows {
    private static final int ID_BYTES = 16;

    private EventRows() {}

    /** Some events; {@code last} when it is known that no more follow. */
    record Page(List<StoredEvent> events, boolean last) {}

    /** From a row of {@link EventSql#COLUMNS}. */
    static StoredEvent read(ResultSet row) throws SQLException {
        return new StoredEvent(
                toId(row.getBytes(2)),
                row.getString(3),
                row.getLong(4),
                aggregate(row.getBytes(5), row.getString(6)),
                row.getInt(7),
                row.getBytes(8),
                metadata(row.getString(9)),
                row.getLong(1));
    }

    /** Reads at most so many events, fewer when their data is large. */
    static Page read(ResultSet rows, int limit) throws SQLException {
        List<StoredEvent> events = new ArrayList<>();
        long bytes = 0;
        while (rows.next()) {
            StoredEvent event = read(rows);
            events.add(event);
            bytes += event.data().length;
            if (events.size() == limit || bytes >= Rows.PAGE_BYTES) {
                return new Page(events, false);
            }
        }
        return new Page(events, true);
    }

    /** For {@link EventSql#insert}. */
    static void bind(PreparedStatement insert, NewEvent event) throws SQLException {
        AggregateId aggregate = event.aggregate();
        insert.setBytes(1, toBytes(event.id()));
        insert.setString(2, event.name());
        insert.setLong(3, event.time());
        insert.setBytes(4, aggregate == null ? null : toBytes(aggregate.id()));
        insert.setString(5, aggregate == null ? null : aggregate.name());
        if (event.version() == 0) {
            insert.setNull(6, Types.INTEGER);
        } else {
            insert.setInt(6, event.version());
        }
        insert.setBytes(7, event.data());
        insert.setString(8, event.metadata().isEmpty() ? null : JsonText.object(event.metadata()));
    }

    static byte[] toBytes(UUID id) {
        return ByteBuffer.allocate(ID_BYTES)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array();
    }

    /** One after the other. */
    static byte[] toBytes(List<UUID> ids) {
        ByteBuffer bytes = ByteBuffer.allocate(ID_BYTES * ids.size());
        ids.forEach(id -> bytes.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits()));
        return bytes.array();
    }

    static List<UUID> toIds(byte[] bytes) {
        List<UUID> ids = new ArrayList<>();
        for (ByteBuffer left = ByteBuffer.wrap(bytes); left.hasRemaining(); ) {
            ids.add(new UUID(left.getLong(), left.getLong()));
        }
        return ids;
    }

    private static Map<String, String> metadata(@Nullable String json) throws SQLException {
        try {
            return json == null ? Map.of() : JsonText.members(json);
        } catch (IllegalArgumentException failure) {
            throw new SQLException("metadata of an event: " + failure.getMessage(), failure);
        }
    }

    private static UUID toId(byte[] bytes) throws SQLException {
        if (bytes.length != ID_BYTES) {
            throw new SQLException("an id must have " + ID_BYTES + " bytes, not " + bytes.length);
        }
        ByteBuffer both = ByteBuffer.wrap(bytes);
        return new UUID(both.getLong(), both.getLong());
    }

    private static @Nullable AggregateId aggregate(byte @Nullable [] id, @Nullable String name) throws SQLException {
        return id == null || name == null ? null : new AggregateId(name, toId(id));
    }
}

package dev.tidemark.store.postgres;

import dev.tidemark.event.AggregateId;
import dev.tidemark.event.spi.JsonText;
import dev.tidemark.event.spi.StoredEvent;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads what {@link EventSql#COLUMNS} selects. */
final class EventColumns {
    private final int first;

    /** Reads columns from {@code first} on. */
    EventColumns(int first) {
        this.first = first;
    }

    StoredEvent read(ResultSet row) throws SQLException {
        UUID id = row.getObject(first, UUID.class);
        String name = row.getString(first + 1);
        long time = row.getLong(first + 2);
        UUID aggregate = row.getObject(first + 3, UUID.class);
        String aggregateName = aggregate == null ? null : row.getString(first + 4);
        int version = row.getInt(first + 5);
        byte[] data = row.getBytes(first + 6);
        long position = row.getLong(first + 7);
        return new StoredEvent(
                id,
                name,
                time,
                aggregateName == null || aggregateName.isEmpty() ? null : new AggregateId(aggregateName, aggregate),
                version,
                data == null ? new byte[0] : data,
                metadata(row.getString(first + 8)),
                position);
    }

    /** What is no object, somebody else must have written. */
    private static Map<String, String> metadata(@Nullable String json) {
        return json == null || !json.startsWith("{") ? Map.of() : JsonText.members(json);
    }
}

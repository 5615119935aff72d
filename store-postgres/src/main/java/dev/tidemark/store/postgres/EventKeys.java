package dev.tidemark.store.postgres;

import dev.tidemark.event.spi.AppendKey;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The append ids that were used before. */
final class EventKeys {

    /** What was written under one. */
    @SuppressWarnings("ArrayRecordComponent") // compared by AppendKey alone
    record Recorded(byte[] digest, List<UUID> ids) {}

    private EventKeys() {}

    static Map<String, Recorded> find(Connection connection, EventSql sql, List<AppendKey> keys) throws SQLException {
        Map<String, Recorded> recorded = new HashMap<>();
        if (keys.isEmpty()) {
            return recorded;
        }
        try (PreparedStatement statement = connection.prepareStatement(sql.findKeys)) {
            new Columns<>(connection, statement, keys).text(AppendKey::id);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    UUID[] ids = (UUID[]) rows.getArray(3).getArray();
                    recorded.put(rows.getString(1), new Recorded(rows.getBytes(2), List.of(ids)));
                }
            }
        }
        return recorded;
    }

    /**
     * Returns what an earlier write with this key wrote, null if there was none.
     *
     * @throws dev.tidemark.event.AppendIdReusedException if it had another payload
     */
    static @Nullable List<UUID> repeated(Map<String, Recorded> recorded, AppendKey key) {
        Recorded before = recorded.get(key.id());
        if (before == null) {
            return null;
        }
        key.check(before.digest());
        return before.ids();
    }
}

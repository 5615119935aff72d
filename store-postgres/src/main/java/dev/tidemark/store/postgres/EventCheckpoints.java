package dev.tidemark.store.postgres;

import dev.tidemark.event.spi.Checkpoint;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.UUID;

/** Where named subscriptions are, and who holds them. Time is that of the server. */
final class EventCheckpoints {
    private final EventSql sql;

    EventCheckpoints(EventSql sql) {
        this.sql = sql;
    }

    OptionalLong claim(Connection connection, String subscription, UUID owner, Duration lease, long start)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql.claim)) {
            statement.setString(1, subscription);
            statement.setObject(2, owner);
            statement.setLong(3, lease.toNanos() / 1_000);
            statement.setLong(4, start);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? OptionalLong.of(row.getLong(1)) : OptionalLong.empty();
            }
        }
    }

    boolean move(Connection connection, Checkpoint step) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql.move)) {
            statement.setLong(1, step.to());
            statement.setString(2, step.subscription());
            statement.setObject(3, step.owner());
            statement.setLong(4, step.from());
            return statement.executeUpdate() == 1;
        }
    }

    boolean release(Connection connection, String subscription, UUID owner) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql.release)) {
            statement.setString(1, subscription);
            statement.setObject(2, owner);
            return statement.executeUpdate() == 1;
        }
    }
}

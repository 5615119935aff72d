package dev.tidemark.benchmarks.postgres;

import dev.tidemark.benchmarks.harness.Callers;
import dev.tidemark.benchmarks.harness.Callers.Caller;
import dev.tidemark.benchmarks.harness.Contender;
import dev.tidemark.event.AggregateId;
import dev.tidemark.event.Event;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import javax.sql.DataSource;

/** Events without the event store: the statements that anyone would write, and the same objects in the end. */
final class PlainEvents implements Million.Reader {
    private static final int FETCH = 1_000;

    static final String TABLE = """
            CREATE TABLE events (
              id UUID PRIMARY KEY,
              name VARCHAR(255) NOT NULL,
              time BIGINT NOT NULL,
              aggregate_id UUID,
              aggregate_name VARCHAR(255),
              aggregate_version INTEGER,
              data JSONB);
            CREATE INDEX goes_name ON events (name);
            CREATE INDEX goes_time ON events (time);
            CREATE UNIQUE INDEX goes_aggregate ON events (aggregate_id, aggregate_name, aggregate_version);
            """;

    private static final String INSERT =
            "INSERT INTO events (id, name, time, aggregate_id, aggregate_name, aggregate_version, data)"
                    + " VALUES (?, ?, ?, ?, ?, ?, ?::jsonb)";

    private static final String VERSION =
            "SELECT coalesce(max(aggregate_version), 0) FROM events WHERE aggregate_id = ? AND aggregate_name = ?";

    private static final String SELECT =
            "SELECT id, name, time, aggregate_id, aggregate_name, aggregate_version, data, position FROM events";

    private final DataSource pool;

    PlainEvents(DataSource pool) {
        this.pool = pool;
    }

    /** Makes one of the callers. */
    interface Appending {
        Caller on(Schema schema) throws SQLException;
    }

    static Contender appending(Server server, int callers, Appending appending) {
        return round -> {
            try (Schema schema = server.newSchema()) {
                schema.execute(TABLE);
                return new double[] {Callers.rate(callers, round, number -> appending.on(schema))};
            }
        };
    }

    /** Its own connection and aggregate, and a transaction for each event. */
    static class Appender implements Caller {
        final Connection connection;
        private final PreparedStatement insert;
        final UUID aggregate = UUID.randomUUID();
        int version;

        Appender(Schema schema) throws SQLException {
            connection = schema.connect();
            insert = connection.prepareStatement(INSERT);
        }

        @Override
        public void call(SplittableRandom random) throws SQLException {
            version++;
            insert.setObject(1, UUID.randomUUID());
            insert.setString(2, Note.NAME);
            insert.setLong(3, System.currentTimeMillis() * 1_000_000);
            insert.setObject(4, aggregate);
            insert.setString(5, Note.AGGREGATE);
            insert.setInt(6, version);
            insert.setString(7, Note.of(random.nextInt()).json());
            insert.executeUpdate();
        }

        @Override
        public void close() throws SQLException {
            connection.close();
        }
    }

    /** Looks at the version before it inserts, as an append does that has to tell what it found. */
    static final class StrictAppender extends Appender {
        private final PreparedStatement select;

        StrictAppender(Schema schema) throws SQLException {
            super(schema);
            select = connection.prepareStatement(VERSION);
            connection.setAutoCommit(false);
        }

        @Override
        public void call(SplittableRandom random) throws SQLException {
            select.setObject(1, aggregate);
            select.setString(2, Note.AGGREGATE);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                if (row.getInt(1) != version) {
                    throw new SQLException("the aggregate is at version " + row.getInt(1));
                }
            }
            super.call(random);
            connection.commit();
        }
    }

    @Override
    public int history(AggregateId aggregate) throws SQLException {
        List<Event<Note>> events = new ArrayList<>();
        try (Connection connection = pool.getConnection();
                PreparedStatement select = connection.prepareStatement(
                        SELECT + " WHERE aggregate_id = ? AND aggregate_name = ? ORDER BY aggregate_version")) {
            select.setObject(1, aggregate.id());
            select.setString(2, aggregate.name());
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    events.add(event(rows));
                }
            }
        }
        return events.size();
    }

    /** With a cursor, which takes a transaction. */
    @Override
    public long scan() throws SQLException {
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            try (PreparedStatement select = connection.prepareStatement(SELECT + " ORDER BY position")) {
                select.setFetchSize(FETCH);
                try (ResultSet rows = select.executeQuery()) {
                    return count(rows);
                }
            } finally {
                connection.rollback();
            }
        }
    }

    private static long count(ResultSet rows) throws SQLException {
        long count = 0;
        while (rows.next()) {
            count += event(rows).data().json().isEmpty() ? 0 : 1;
        }
        return count;
    }

    private static Event<Note> event(ResultSet row) throws SQLException {
        long nanos = row.getLong(3);
        return new Event<>(
                row.getObject(1, UUID.class),
                row.getString(2),
                Instant.ofEpochSecond(nanos / 1_000_000_000, nanos % 1_000_000_000),
                new Note(row.getString(7)),
                new AggregateId(row.getString(5), row.getObject(4, UUID.class)),
                row.getInt(6),
                Map.of(),
                row.getLong(8));
    }
}

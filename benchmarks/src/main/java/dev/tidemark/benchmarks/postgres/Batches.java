package dev.tidemark.benchmarks.postgres;

import dev.tidemark.benchmarks.harness.Callers;
import dev.tidemark.benchmarks.harness.Callers.Caller;
import dev.tidemark.benchmarks.harness.Contender;
import dev.tidemark.benchmarks.harness.Data;
import dev.tidemark.benchmarks.harness.Round;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * How far sharing commits can go: batches by hand, without the callers that wait for them, and without an order that a reader could
 * rely on.
 *
 * @param name how the table calls them
 * @param connections each is used by one thread
 * @param rows of a batch
 */
record Batches(String name, int connections, int rows) {
    /** What 32 callers would have under way, half of them on each connection. */
    static final Batches SHARED = new Batches("batches of 16 by hand, two connections", 2, 16);

    /** All of it in one transaction after the other, as an order of commits has it. */
    static final Batches IN_TURN = new Batches("batches of 32 by hand, one connection", 1, 32);

    private static final String SET = Schema.plainUpsert(
            "SELECT 0, '%s', key, value FROM unnest(?::text[], ?::bytea[]) u(key, value)".formatted(Data.KIND));

    private static final String APPEND = """
            INSERT INTO events (id, name, time, aggregate_id, aggregate_name, aggregate_version, data)
            SELECT id, '%s', time, aggregate, '%s', version, data::jsonb
              FROM unnest(?::uuid[], ?::bigint[], ?::uuid[], ?::int[], ?::text[]) u(id, time, aggregate, version, data)
            """.formatted(Note.NAME, Note.AGGREGATE);

    Contender setting(Server server) {
        return round -> {
            try (Schema schema = server.newSchema()) {
                schema.createPlainTables();
                return rate(round, number -> new Setter(schema, rows));
            }
        };
    }

    Contender appending(Server server) {
        return round -> {
            try (Schema schema = server.newSchema()) {
                schema.execute(PlainEvents.TABLE);
                return rate(round, number -> new Appender(schema, rows));
            }
        };
    }

    private double[] rate(Round round, Callers.Source source) throws Exception {
        return new double[] {rows * Callers.rate(connections, round, source)};
    }

    /** One statement on a connection of its own, which is sent again and again with other arrays. */
    private abstract static class Sender implements Caller {
        private final Connection connection;
        private final PreparedStatement statement;
        final int rows;

        Sender(Schema schema, String sql, int rows) throws SQLException {
            this.rows = rows;
            connection = schema.connect();
            statement = connection.prepareStatement(sql);
        }

        void bind(int parameter, String type, Object... values) throws SQLException {
            statement.setArray(parameter, connection.createArrayOf(type, values));
        }

        void send() throws SQLException {
            if (statement.executeUpdate() != rows) {
                throw new SQLException("the batch was not written");
            }
        }

        @Override
        public void close() throws SQLException {
            connection.close();
        }
    }

    private static final class Setter extends Sender {
        Setter(Schema schema, int rows) throws SQLException {
            super(schema, SET, rows);
        }

        /** In the order of keys, lest the two lock each other out. */
        @Override
        public void call(SplittableRandom random) throws SQLException {
            TreeMap<String, byte[]> entries = new TreeMap<>();
            while (entries.size() < rows) {
                entries.put(Data.key(random), Data.value(random));
            }
            bind(1, "text", entries.keySet().toArray());
            bind(2, "bytea", (Object[]) entries.values().toArray(new byte[0][]));
            send();
        }
    }

    /** To as many aggregates, the next version of each. */
    private static final class Appender extends Sender {
        private final Object[] aggregates =
                Stream.generate(UUID::randomUUID).limit(rows).toArray();
        private int version;

        Appender(Schema schema, int rows) throws SQLException {
            super(schema, APPEND, rows);
        }

        @Override
        public void call(SplittableRandom random) throws SQLException {
            version++;
            List<UUID> ids = new ArrayList<>();
            List<String> data = new ArrayList<>();
            for (int i = 0; i < rows; i++) {
                ids.add(UUID.randomUUID());
                data.add(Note.of(random.nextInt()).json());
            }
            bind(1, "uuid", ids.toArray());
            bind(
                    2,
                    "int8",
                    Collections.nCopies(rows, System.currentTimeMillis() * 1_000_000)
                            .toArray());
            bind(3, "uuid", aggregates);
            bind(4, "int4", Collections.nCopies(rows, version).toArray());
            bind(5, "text", data.toArray());
            send();
        }
    }
}

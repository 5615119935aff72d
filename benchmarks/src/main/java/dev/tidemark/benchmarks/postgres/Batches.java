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
 */
final class Batches {
    private static final int CONNECTIONS = 2;
    private static final int ROWS = 16;

    static final String NAME = "batches of 16 by hand, two connections";

    private static final String SET = Schema.plainUpsert(
            "SELECT 0, '%s', key, value FROM unnest(?::text[], ?::bytea[]) u(key, value)".formatted(Data.KIND));

    private static final String APPEND = """
            INSERT INTO events (id, name, time, aggregate_id, aggregate_name, aggregate_version, data)
            SELECT id, '%s', time, aggregate, '%s', version, data::jsonb
              FROM unnest(?::uuid[], ?::bigint[], ?::uuid[], ?::int[], ?::text[]) u(id, time, aggregate, version, data)
            """.formatted(Note.NAME, Note.AGGREGATE);

    private Batches() {}

    static Contender setting(Server server) {
        return round -> {
            try (Schema schema = server.newSchema()) {
                schema.createPlainTables();
                return rate(round, number -> new Setter(schema));
            }
        };
    }

    static Contender appending(Server server) {
        return round -> {
            try (Schema schema = server.newSchema()) {
                schema.execute(PlainEvents.TABLE);
                return rate(round, number -> new Appender(schema));
            }
        };
    }

    private static double[] rate(Round round, Callers.Source source) throws Exception {
        return new double[] {ROWS * Callers.rate(CONNECTIONS, round, source)};
    }

    /** One statement on a connection of its own, which is sent again and again with other arrays. */
    private abstract static class Sender implements Caller {
        private final Connection connection;
        private final PreparedStatement statement;

        Sender(Schema schema, String sql) throws SQLException {
            connection = schema.connect();
            statement = connection.prepareStatement(sql);
        }

        void bind(int parameter, String type, Object... values) throws SQLException {
            statement.setArray(parameter, connection.createArrayOf(type, values));
        }

        void send() throws SQLException {
            if (statement.executeUpdate() != ROWS) {
                throw new SQLException("the batch was not written");
            }
        }

        @Override
        public void close() throws SQLException {
            connection.close();
        }
    }

    private static final class Setter extends Sender {
        Setter(Schema schema) throws SQLException {
            super(schema, SET);
        }

        /** In the order of keys, lest the two lock each other out. */
        @Override
        public void call(SplittableRandom random) throws SQLException {
            TreeMap<String, byte[]> entries = new TreeMap<>();
            while (entries.size() < ROWS) {
                entries.put(Data.key(random), Data.value(random));
            }
            bind(1, "text", entries.keySet().toArray());
            bind(2, "bytea", (Object[]) entries.values().toArray(new byte[0][]));
            send();
        }
    }

    /** To sixteen aggregates, the next version of each. */
    private static final class Appender extends Sender {
        private final Object[] aggregates =
                Stream.generate(UUID::randomUUID).limit(ROWS).toArray();
        private int version;

        Appender(Schema schema) throws SQLException {
            super(schema, APPEND);
        }

        @Override
        public void call(SplittableRandom random) throws SQLException {
            version++;
            List<UUID> ids = new ArrayList<>();
            List<String> data = new ArrayList<>();
            for (int i = 0; i < ROWS; i++) {
                ids.add(UUID.randomUUID());
                data.add(Note.of(random.nextInt()).json());
            }
            bind(1, "uuid", ids.toArray());
            bind(
                    2,
                    "int8",
                    Collections.nCopies(ROWS, System.currentTimeMillis() * 1_000_000)
                            .toArray());
            bind(3, "uuid", aggregates);
            bind(4, "int4", Collections.nCopies(ROWS, version).toArray());
            bind(5, "text", data.toArray());
            send();
        }
    }
}

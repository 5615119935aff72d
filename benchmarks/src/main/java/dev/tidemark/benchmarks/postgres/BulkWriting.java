package dev.tidemark.benchmarks.postgres;

import dev.tidemark.benchmarks.harness.Bench;
import dev.tidemark.benchmarks.harness.Contender;
import dev.tidemark.benchmarks.harness.Data;
import dev.tidemark.benchmarks.harness.Goal;
import dev.tidemark.benchmarks.harness.Round;
import dev.tidemark.store.Store;
import dev.tidemark.store.postgres.PostgresBackend;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.postgresql.PGConnection;
import org.postgresql.copy.PGCopyOutputStream;

/** All of a large map in one transaction. */
public final class BulkWriting {
    private static final int ROWS = 100_000;
    private static final byte[] HEADER = {'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0};

    private static final String MERGE = Schema.plainUpsert("SELECT 0, 'kind', key, value FROM staging");

    private BulkWriting() {}

    /** The benches of this family. */
    public static List<Bench> benches(Server server) {
        return List.of(Bench.of("PostgreSQL setAll 100 000", "rows/s", store(server))
                .against("COPY into a staging table + merge", copy(server), new Goal.AtLeast(0.5)));
    }

    private static Contender store(Server server) {
        return round -> {
            Map<String, byte[]> entries = entries(round);
            try (Schema schema = server.newSchema();
                    PostgresBackend backend = schema.openFilled()) {
                Store<byte[]> store = backend.store(Data.CODEC);
                return new double[] {rate(entries, () -> store.setAll(Data.KIND, entries))};
            }
        };
    }

    private static Contender copy(Server server) {
        return round -> {
            Map<String, byte[]> entries = entries(round);
            try (Schema schema = server.newSchema();
                    Connection connection = schema.connect()) {
                schema.createPlainTables();
                connection.setAutoCommit(false);
                return new double[] {rate(entries, () -> copy(connection, entries))};
            }
        };
    }

    private static Map<String, byte[]> entries(Round round) {
        return Data.entries(round.profile().size(ROWS), new SplittableRandom(round.number()));
    }

    private interface Work {
        void run() throws Exception;
    }

    private static double rate(Map<String, byte[]> entries, Work work) throws Exception {
        long start = System.nanoTime();
        work.run();
        return entries.size() * 1e9 / (System.nanoTime() - start);
    }

    private static void copy(Connection connection, Map<String, byte[]> entries) throws SQLException, IOException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE TEMP TABLE staging (key TEXT, value BYTEA) ON COMMIT DROP");
            PGCopyOutputStream copy = new PGCopyOutputStream(
                    connection.unwrap(PGConnection.class), "COPY staging FROM STDIN (FORMAT binary)");
            try (DataOutputStream out = new DataOutputStream(new BufferedOutputStream(copy, 1 << 16))) {
                send(out, entries);
            }
            int written = statement.executeUpdate(MERGE);
            if (written != entries.size()) {
                throw new SQLException(written + " rows were merged instead of " + entries.size());
            }
        }
        connection.commit();
    }

    private static void send(DataOutputStream out, Map<String, byte[]> entries) throws IOException {
        out.write(HEADER);
        out.writeLong(0);
        for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
            out.writeShort(2);
            send(out, entry.getKey().getBytes(StandardCharsets.UTF_8));
            send(out, entry.getValue());
        }
        out.writeShort(-1);
    }

    private static void send(DataOutputStream out, byte[] field) throws IOException {
        out.writeInt(field.length);
        out.write(field);
    }
}

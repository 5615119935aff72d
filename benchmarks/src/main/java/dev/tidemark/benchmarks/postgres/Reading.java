package dev.tidemark.benchmarks.postgres;

import dev.tidemark.benchmarks.harness.Bench;
import dev.tidemark.benchmarks.harness.Callers;
import dev.tidemark.benchmarks.harness.Callers.Caller;
import dev.tidemark.benchmarks.harness.Contender;
import dev.tidemark.benchmarks.harness.Data;
import dev.tidemark.benchmarks.harness.Goal;
import dev.tidemark.store.Store;
import dev.tidemark.store.postgres.PostgresBackend;
import dev.tidemark.store.postgres.Statements;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.SplittableRandom;
import javax.sql.DataSource;

/** Reads of single entries, against the same statement sent through the same pool. */
public final class Reading {
    private static final int CALLERS = 8;

    private Reading() {}

    /** The benches of this family. */
    public static List<Bench> benches(Server server) {
        return List.of(Bench.of("PostgreSQL get ×8", "/s", store(server))
                .against("raw pgjdbc, same SQL, same pool", raw(server), new Goal.AtLeast(0.8)));
    }

    private static Contender store(Server server) {
        return round -> {
            try (Schema schema = server.newSchema();
                    PostgresBackend backend = schema.openFilled()) {
                Store<byte[]> store = backend.store(Data.CODEC);
                Caller caller = random ->
                        Data.check(store.get(Data.KIND, Data.key(random)).orElseThrow());
                return new double[] {Callers.rate(CALLERS, round, number -> caller)};
            }
        };
    }

    private static Contender raw(Server server) {
        return round -> {
            try (Schema schema = server.newSchema();
                    PostgresBackend backend = schema.openFilled()) {
                String sql = Statements.get(schema.name());
                Caller caller = random -> get(backend.dataSource(), sql, random);
                return new double[] {Callers.rate(CALLERS, round, number -> caller)};
            }
        };
    }

    private static void get(DataSource pool, String sql, SplittableRandom random) throws SQLException {
        try (Connection connection = pool.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, Data.KIND);
            statement.setString(2, Data.key(random));
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()
                        || row.getLong("version") < 1
                        || row.getLong("tag") < 1
                        || row.getObject("updated_at", OffsetDateTime.class) == null) {
                    throw new SQLException("an entry is not what it should be");
                }
                Data.check(row.getBytes("value"));
            }
        }
    }
}

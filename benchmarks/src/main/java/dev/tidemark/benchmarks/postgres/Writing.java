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
import java.util.List;
import java.util.SplittableRandom;
import javax.sql.DataSource;

/** Writes of single entries by callers that each wait for their commit. */
public final class Writing {
    private static final String PLAIN = "a connection each, plain upsert + outbox";
    private static final String ETCD = "etcd put, through jetcd";

    private Writing() {}

    /** The benches of this family. */
    public static List<Bench> benches(Server server, Etcd etcd) {
        Bench one = Bench.of("PostgreSQL set ×1", "/s", store(server, 1))
                .against("raw pgjdbc, same SQL, same pool", raw(server), new Goal.AtLeast(0.87))
                .against(PLAIN, plain(server, 1), new Goal.AtLeast(0.87));
        Bench many = Bench.of("PostgreSQL set ×32", "/s", store(server, 32))
                .against(PLAIN, plain(server, 32), new Goal.AtLeast(3))
                .against("zestor's statements and trigger", zestor(server, 32), new Goal.AtLeast(20))
                .against(Batches.SHARED.name(), Batches.SHARED.setting(server), new Goal.None());
        return List.of(
                etcd.beside(one, ETCD, etcd(etcd, 1)),
                etcd.beside(many, ETCD, etcd(etcd, 32)),
                Bench.of("PostgreSQL set ×128", "/s", store(server, 128))
                        .against(PLAIN, plain(server, 128), new Goal.AtLeast(5)));
    }

    private static Contender store(Server server, int callers) {
        return round -> {
            try (Schema schema = server.newSchema();
                    PostgresBackend backend = schema.openFilled()) {
                Caller caller = setter(backend.store(Data.CODEC));
                return new double[] {Callers.rate(callers, round, number -> caller)};
            }
        };
    }

    static Caller setter(Store<byte[]> store) {
        return random -> store.set(Data.KIND, Data.key(random), Data.value(random));
    }

    private static Contender raw(Server server) {
        return round -> {
            try (Schema schema = server.newSchema();
                    PostgresBackend backend = schema.openFilled()) {
                String sql = Statements.set(schema.name());
                Caller caller = random -> set(backend.dataSource(), sql, random);
                return new double[] {Callers.rate(1, round, number -> caller)};
            }
        };
    }

    private static void set(DataSource pool, String sql, SplittableRandom random) throws SQLException {
        try (Connection connection = pool.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, Data.KIND);
            statement.setString(2, Data.key(random));
            statement.setBytes(3, Data.value(random));
            statement.setBoolean(4, false); // announces nothing
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next() || row.getLong(1) < 1 || row.getLong(2) < 1 || row.getBoolean(3)) {
                    throw new SQLException("the entry was not updated");
                }
            }
        }
    }

    static Contender plain(Server server, int callers) {
        return round -> {
            try (Schema schema = server.newSchema()) {
                schema.createPlainTables();
                return new double[] {Callers.rate(callers, round, number -> new PlainSetter(schema))};
            }
        };
    }

    private static Contender zestor(Server server, int callers) {
        return round -> {
            try (Schema schema = server.newSchema()) {
                schema.createPlainTables();
                schema.execute(ZestorSetter.TRIGGER);
                return new double[] {Callers.rate(callers, round, number -> new ZestorSetter(schema))};
            }
        };
    }

    private static Contender etcd(Etcd etcd, int callers) {
        return round -> {
            try (EtcdKeys keys = etcd.newKeys(round)) {
                return new double[] {Callers.rate(callers, round.shorter(), number -> keys::put)};
            }
        };
    }

    /** Its own connection, in autocommit. */
    private static final class PlainSetter implements Caller {
        private static final String SQL = Schema.plainUpsert("VALUES (0, ?, ?, ?)");

        private final Connection connection;
        private final PreparedStatement statement;

        PlainSetter(Schema schema) throws SQLException {
            connection = schema.connect();
            statement = connection.prepareStatement(SQL);
        }

        @Override
        public void call(SplittableRandom random) throws SQLException {
            statement.setString(1, Data.KIND);
            statement.setString(2, Data.key(random));
            statement.setBytes(3, Data.value(random));
            if (statement.executeUpdate() != 1) {
                throw new SQLException("nothing was written");
            }
        }

        @Override
        public void close() throws SQLException {
            connection.close();
        }
    }
}

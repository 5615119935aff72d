package dev.tidemark.benchmarks.postgres;

import dev.tidemark.benchmarks.harness.Data;
import dev.tidemark.benchmarks.harness.Growth.Grown;
import dev.tidemark.benchmarks.harness.Growth.Subject;
import dev.tidemark.store.Store;
import dev.tidemark.store.postgres.PostgresBackend;
import java.io.IOException;
import java.sql.SQLException;

/** A store in PostgreSQL, whose tables SQL fills. */
public final class PostgresGrowth implements Subject {
    private static final String KEPT = """
            INSERT INTO zestor_outbox (ns_id, kind, key, etype, value, version, revision)
            SELECT 0, '%s', 'key-' || (n %% %d), 'update', decode(repeat('00', %d), 'hex'), 1, nextval('zestor_revision_0')
              FROM generate_series(1, ${changes}) n
            """.formatted(Data.KIND, Data.KEYS, Data.VALUE_BYTES);

    private final Server server;

    /** Stores in schemas of this server. */
    public PostgresGrowth(Server server) {
        this.server = server;
    }

    @Override
    public Grown open(int keys, int changes) throws IOException, SQLException {
        Schema schema = server.newSchema();
        PostgresBackend backend = schema.open();
        schema.fill("zestor_kv", keys);
        schema.execute(KEPT.replace("${changes}", String.valueOf(changes)));
        schema.execute("VACUUM ANALYZE zestor_kv");
        schema.execute("VACUUM ANALYZE zestor_outbox");
        Store<byte[]> store = backend.store(Data.CODEC);
        return new Grown() {
            @Override
            public Store<byte[]> store() {
                return store;
            }

            @Override
            public void close() throws SQLException {
                backend.close();
                schema.close();
            }
        };
    }
}

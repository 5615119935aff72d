package dev.tidemark.benchmarks.postgres;

import dev.tidemark.benchmarks.harness.Data;
import dev.tidemark.benchmarks.heap.Heap.Filled;
import dev.tidemark.benchmarks.heap.Heap.Source;
import java.io.IOException;
import java.sql.SQLException;

/** Stores that SQL fills. */
public final class PostgresHeap implements Source {
    private static final String ENTRIES = """
            INSERT INTO zestor_kv (ns_id, kind, key, value)
            SELECT 0, '%s', 'key-' || n, convert_to('{"number":' || n || ',"text":"' || repeat('x', 100) || '"}', 'UTF8')
              FROM generate_series(1, ${entries}) n
            """.formatted(Data.KIND);

    private final Server server;

    /** Stores in schemas of this server. */
    public PostgresHeap(Server server) {
        this.server = server;
    }

    @Override
    public Filled fill(int entries) throws IOException, SQLException {
        Schema schema = server.newSchema();
        schema.open().close();
        schema.execute(ENTRIES.replace("${entries}", String.valueOf(entries)));
        return new Filled() {
            @Override
            public String uri() {
                return schema.uri();
            }

            @Override
            public void close() throws SQLException {
                schema.close();
            }
        };
    }
}

package dev.tidemark.benchmarks.postgres;

import dev.tidemark.benchmarks.harness.Data;
import dev.tidemark.store.postgres.PostgresBackend;
import dev.tidemark.store.postgres.PostgresOptions;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Properties;

/**
 * A schema of the server, dropped with all that is in it when it is closed.
 *
 * @param serverUri the database that it is in
 * @param name its name
 */
record Schema(String serverUri, String name) implements AutoCloseable {
    /** That a call is slow is for the figures to show. */
    static final Duration TIMEOUT = Duration.ofMinutes(2);

    /** Tables for those who do without the backend: what a store in PostgreSQL comes to when one writes it plainly. */
    private static final String PLAIN_TABLES = """
            CREATE TABLE plain_kv (
              ns_id BIGINT NOT NULL DEFAULT 0,
              kind TEXT COLLATE "C" NOT NULL,
              key TEXT COLLATE "C" NOT NULL,
              value BYTEA NOT NULL,
              version BIGINT NOT NULL DEFAULT 1,
              updated_at TIMESTAMPTZ NOT NULL DEFAULT now(),
              PRIMARY KEY (ns_id, kind, key));
            CREATE TABLE plain_outbox (
              id BIGSERIAL PRIMARY KEY,
              ns_id BIGINT NOT NULL,
              kind TEXT NOT NULL,
              key TEXT NOT NULL,
              etype TEXT NOT NULL CHECK (etype IN ('create', 'update', 'delete')),
              value BYTEA,
              at TIMESTAMPTZ NOT NULL DEFAULT now());
            """;

    /** What most people would write: one statement, and nobody is notified. */
    private static final String PLAIN_UPSERT = """
            WITH up AS (INSERT INTO plain_kv AS t (ns_id, kind, key, value) ${rows}
                        ON CONFLICT (ns_id, kind, key) DO UPDATE
                          SET value = EXCLUDED.value, version = t.version + 1, updated_at = now()
                          WHERE t.value IS DISTINCT FROM EXCLUDED.value
                        RETURNING ns_id, kind, key, value, xmax = 0 AS created)
            INSERT INTO plain_outbox (ns_id, kind, key, etype, value)
            SELECT ns_id, kind, key, CASE WHEN created THEN 'create' ELSE 'update' END, value FROM up
            """;

    /** The usual keys, so that nearly every write is an update, for everyone. */
    private static final String ENTRIES = """
            INSERT INTO ${table} (ns_id, kind, key, value)
            SELECT 0, '%s', 'key-' || n, decode(repeat('00', %d), 'hex') FROM generate_series(0, ${rows} - 1) n
            """.formatted(Data.KIND, Data.VALUE_BYTES);

    /** The plain statement, which writes rows and appends them to the outbox: VALUES or a SELECT of four columns. */
    static String plainUpsert(String rows) {
        return PLAIN_UPSERT.replace("${rows}", rows);
    }

    /** Where a store finds it. */
    String uri() {
        return serverUri + (serverUri.contains("?") ? "&" : "?") + "currentSchema=" + name;
    }

    PostgresOptions options() {
        return PostgresOptions.of(uri()).withTimeout(TIMEOUT);
    }

    /** Opens the backend on it. */
    PostgresBackend open() {
        return PostgresBackend.open(options());
    }

    /** Opens the backend on it, with the usual entries. */
    PostgresBackend openFilled() throws SQLException {
        PostgresBackend backend = open();
        fill("zestor_kv", Data.KEYS);
        return backend;
    }

    void createPlainTables() throws SQLException {
        execute(PLAIN_TABLES);
        fill("plain_kv", Data.KEYS);
    }

    void fill(String table, int rows) throws SQLException {
        execute(ENTRIES.replace("${table}", table).replace("${rows}", String.valueOf(rows)));
    }

    Connection connect() throws SQLException {
        return connect(uri());
    }

    /** Connects with the driver alone, which does not understand users in URIs. */
    static Connection connect(String uri) throws SQLException {
        URI parsed = URI.create(uri);
        Properties properties = new Properties();
        String[] user = parsed.getUserInfo().split(":", 2);
        properties.setProperty("user", user[0]);
        if (user.length > 1) {
            properties.setProperty("password", user[1]);
        }
        String query = parsed.getRawQuery() == null ? "" : "?" + parsed.getRawQuery();
        int port = parsed.getPort() < 0 ? 5432 : parsed.getPort();
        return DriverManager.getConnection(
                "jdbc:postgresql://" + parsed.getHost() + ":" + port + parsed.getPath() + query, properties);
    }

    void execute(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void close() throws SQLException {
        execute("DROP SCHEMA " + name + " CASCADE");
    }
}

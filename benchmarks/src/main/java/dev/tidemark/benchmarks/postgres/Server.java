package dev.tidemark.benchmarks.postgres;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The PostgreSQL that all rows use. */
public final class Server implements AutoCloseable {
    private static final List<String> SETTINGS = List.of(
            "server_version",
            "fsync",
            "synchronous_commit",
            "full_page_writes",
            "wal_sync_method",
            "shared_buffers",
            "max_wal_size");

    private final Path directory;
    private final AtomicInteger schemas = new AtomicInteger();
    private @Nullable EmbeddedPostgres embedded;
    private @Nullable String uri;

    private Server(Path directory) {
        this.directory = directory;
    }

    /** A server that keeps its data in {@code directory}, once somebody needs it; or the one that is given. */
    public static Server in(Path directory) {
        return new Server(directory);
    }

    private String uri() throws IOException {
        if (uri == null) {
            String given = System.getenv("POSTGRES_CONN");
            uri = given == null || given.isBlank() ? start() : given;
        }
        return uri;
    }

    private String start() throws IOException {
        // Its settings are made for tests; these are the defaults of PostgreSQL again, but for the number of
        // connections.
        EmbeddedPostgres started = EmbeddedPostgres.builder()
                .setOverrideWorkingDirectory(directory.resolve("programs").toFile())
                .setDataDirectory(directory.resolve("postgres"))
                .setServerConfig("fsync", "on")
                .setServerConfig("full_page_writes", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("max_connections", "300")
                .setPGStartupWait(Schema.TIMEOUT)
                .start();
        embedded = started;
        return "postgresql://postgres@localhost:" + started.getPort() + "/postgres";
    }

    /** What the figures depend on, by the names of the server's settings; nothing if nobody needed it. */
    public Map<String, String> settings() throws SQLException {
        Map<String, String> settings = new LinkedHashMap<>();
        if (uri == null) {
            return settings;
        }
        try (Connection connection = Schema.connect(uri);
                Statement statement = connection.createStatement()) {
            for (String name : SETTINGS) {
                try (ResultSet row = statement.executeQuery("SHOW " + name)) {
                    row.next();
                    settings.put(name, row.getString(1));
                }
            }
        }
        return settings;
    }

    /** Makes a schema for one turn. The checkpoint keeps the writes of the turn before from being paid for in this one. */
    Schema newSchema() throws IOException, SQLException {
        Schema schema = new Schema(uri(), "bench_" + ProcessHandle.current().pid() + "_" + schemas.incrementAndGet());
        schema.execute("CREATE SCHEMA " + schema.name());
        schema.execute("CHECKPOINT");
        return schema;
    }

    @Override
    public void close() throws IOException, SQLException {
        EmbeddedPostgres started = embedded;
        if (started != null) {
            // It is given five seconds to stop, too few on a slow disk for what is not written yet.
            try (Connection connection = Schema.connect(uri());
                    Statement statement = connection.createStatement()) {
                statement.execute("CHECKPOINT");
            } finally {
                started.close();
            }
        }
    }
}

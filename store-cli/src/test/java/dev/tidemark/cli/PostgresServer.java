package dev.tidemark.cli;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** A PostgreSQL that the tests of the command share. The role {@code locked} needs its password, the superuser none. */
final class PostgresServer {
    static final String PASSWORD = "open-sesame";

    private static final PostgresServer SHARED = start();
    private static final AtomicInteger DATABASES = new AtomicInteger();

    private final EmbeddedPostgres server;

    private PostgresServer(EmbeddedPostgres server) {
        this.server = server;
    }

    static PostgresServer shared() {
        return SHARED;
    }

    private static PostgresServer start() {
        try {
            EmbeddedPostgres started = EmbeddedPostgres.builder()
                    .setServerConfig("fsync", "on")
                    .setDataDirectoryCustomizer(PostgresServer::lock)
                    .setPGStartupWait(Duration.ofMinutes(1))
                    .start();
            PostgresServer server = new PostgresServer(started);
            server.execute("CREATE ROLE locked LOGIN PASSWORD '" + PASSWORD + "'");
            return server;
        } catch (IOException failure) {
            throw new UncheckedIOException("the embedded PostgreSQL does not start", failure);
        }
    }

    private static void lock(File dataDirectory) {
        Path rules = dataDirectory.toPath().resolve("pg_hba.conf");
        try {
            Files.writeString(rules, "host all locked all scram-sha-256\n" + Files.readString(rules));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    int port() {
        return server.getPort();
    }

    /** The URI of a new database. */
    String newDatabase() {
        String name = "cli_" + DATABASES.incrementAndGet();
        execute("CREATE DATABASE " + name);
        return "postgresql://postgres@localhost:" + port() + "/" + name;
    }

    /** Ends every connection to the database of the URI, and returns how many there were. */
    int endConnections(String uri) throws SQLException {
        String database = uri.substring(uri.lastIndexOf('/') + 1);
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement();
                ResultSet ended = statement.executeQuery(
                        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = '" + database
                                + "'")) {
            ended.next();
            return ended.getInt(1);
        }
    }

    private void execute(String sql) {
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }
}

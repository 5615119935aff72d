package dev.tidemark.store.postgres;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/**
 * The server that all tests share: an embedded PostgreSQL, started once and with fsync on, or the one that the environment variable
 * POSTGRES_CONN names, where each test makes a database of its own and drops it. A server that can't be had is a failure.
 */
final class PostgresServer {
    private static final Pattern GIVEN =
            Pattern.compile("(?<start>postgres(?:ql)?://[^@/?]+@[^:/?,]+)(?<port>:\\d+)?(?<rest>/[^?]+.*)");
    /** For what takes a moment, on a machine that may stand still for many. */
    static final Duration PATIENCE = Duration.ofMinutes(1);

    private static final PostgresServer SHARED = start();
    private static final AtomicInteger DATABASES = new AtomicInteger();

    static {
        Awaitility.setDefaultTimeout(PATIENCE);
    }

    private final String adminUri;

    private PostgresServer(String adminUri) {
        this.adminUri = adminUri;
    }

    static PostgresServer shared() {
        return SHARED;
    }

    private static PostgresServer start() {
        String given = System.getenv("POSTGRES_CONN");
        if (given != null && !given.isBlank()) {
            return new PostgresServer(checked(given));
        }
        try {
            EmbeddedPostgres server = EmbeddedPostgres.builder()
                    .setServerConfig("fsync", "on")
                    .setServerConfig("full_page_writes", "on")
                    .setServerConfig("synchronous_commit", "on")
                    .setServerConfig("max_connections", "300")
                    .setPGStartupWait(PATIENCE)
                    .start();
            return new PostgresServer("postgresql://postgres@localhost:" + server.getPort() + "/postgres");
        } catch (IOException failure) {
            throw new UncheckedIOException("the embedded PostgreSQL does not start", failure);
        }
    }

    /** With a port, which the proxies of the tests need to know. */
    private static String checked(String given) {
        Matcher parts = GIVEN.matcher(given);
        if (!parts.matches()) {
            throw new IllegalArgumentException(
                    "POSTGRES_CONN must have the form postgresql://user:password@host:port/database?parameter=value");
        }
        String port = parts.group("port");
        return parts.group("start") + (port == null ? ":5432" : port) + parts.group("rest");
    }

    /** A new database, empty, for one test class or one test. */
    Database newDatabase() throws SQLException {
        String name = "tidemark_" + ProcessHandle.current().pid() + "_" + DATABASES.incrementAndGet();
        try (Connection admin = connect(adminUri);
                Statement statement = admin.createStatement()) {
            statement.execute("CREATE DATABASE " + name + " TEMPLATE template0 ENCODING 'UTF8'");
        }
        return new Database(adminUri, name);
    }

    private static Connection connect(String uri) throws SQLException {
        PostgresUri parsed = PostgresUri.parse(uri);
        return DriverManager.getConnection(parsed.jdbcUrl(), parsed.properties());
    }

    /** An own database; dropping it ends whatever still uses it. */
    record Database(String adminUri, String name) implements AutoCloseable {

        String uri() {
            return adminUri.replaceFirst("(//[^/]*/)[^?]*", "$1" + name);
        }

        /** The same database through a proxy, with one more parameter. */
        String uriThrough(Proxy proxy, String parameter) {
            String address = host() + ":" + port();
            return uri().replace(address, "localhost:" + proxy.port()) + (uri().contains("?") ? "&" : "?") + parameter;
        }

        /** The URI with another scheme; as a JDBC URL, user and password become parameters. */
        String uriAs(String scheme) {
            URI uri = URI.create(uri());
            if (!scheme.startsWith("jdbc")) {
                return uri().replaceFirst("^[a-z]+", scheme);
            }
            String[] user = uri.getUserInfo().split(":", 2);
            String password = user.length < 2 ? "" : "&password=" + user[1];
            return scheme + "://" + uri.getHost() + ":" + uri.getPort() + uri.getPath() + "?user=" + user[0] + password;
        }

        String host() {
            return URI.create(adminUri).getHost();
        }

        int port() {
            return URI.create(adminUri).getPort();
        }

        PostgresOptions options() {
            return PostgresOptions.of(uri()).withTimeout(PATIENCE);
        }

        Connection connect() throws SQLException {
            return PostgresServer.connect(uri());
        }

        void execute(String sql) throws SQLException {
            try (Connection connection = connect();
                    Statement statement = connection.createStatement()) {
                statement.execute(sql);
            }
        }

        /** Whether a statement waits for a lock. */
        boolean isSomebodyWaiting() throws SQLException {
            return isWaiting("%");
        }

        /** Whether a statement waits for a lock that is LIKE the pattern. */
        boolean isWaiting(String pattern) throws SQLException {
            try (Connection connection = connect();
                    Statement statement = connection.createStatement();
                    ResultSet waiting = statement.executeQuery(
                            "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
                                    + " AND query LIKE '" + pattern + "'")) {
                return waiting.next();
            }
        }

        /** Tries again while autovacuum is at work there, which only a superuser may force out. */
        @Override
        public void close() {
            Awaitility.await("the database to be dropped")
                    .atMost(Duration.ofMinutes(2))
                    .ignoreExceptionsMatching(failure -> failure instanceof SQLException)
                    .until(this::drop);
        }

        private boolean drop() throws SQLException {
            try (Connection admin = PostgresServer.connect(adminUri);
                    Statement statement = admin.createStatement()) {
                statement.execute("DROP DATABASE " + name + " WITH (FORCE)");
                return true;
            }
        }
    }
}

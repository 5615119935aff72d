package dev.tidemark.store.postgres.chaos;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;

/** A database of its own on a server. It keeps every change that is deleted from the history, so that all of them can be judged. */
final class Database {
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private static final String NOTES = "CREATE TABLE notes (call TEXT PRIMARY KEY)";

    /** Why a change went: how old it was, and how many were left. */
    private static final String ARCHIVE = """
            CREATE TABLE archive AS
              SELECT *, 0::bigint AS age, 0::bigint AS kept, 0::bigint AS compaction FROM zestor_outbox WITH NO DATA;
            CREATE FUNCTION archive() RETURNS TRIGGER LANGUAGE plpgsql AS $$
            BEGIN
              INSERT INTO archive
                SELECT g.*, extract(epoch FROM now() - g.at)::bigint,
                       (SELECT count(*) FROM zestor_outbox WHERE ns_id = (SELECT min(ns_id) FROM gone) AND revision IS NOT NULL),
                       pg_current_xact_id()::text::bigint
                  FROM gone g;
              RETURN NULL;
            END $$;
            CREATE TRIGGER archive AFTER DELETE ON zestor_outbox
              REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION archive();
            """;

    private final Server server;
    private final String name;

    private Database(Server server, String name) {
        this.server = server;
        this.name = name;
    }

    static Database create(Server server) throws SQLException {
        String name = "chaos_" + NUMBERS.incrementAndGet();
        try (Connection admin = server.connect("postgres");
                Statement statement = admin.createStatement()) {
            statement.execute("CREATE DATABASE " + name + " TEMPLATE template0");
        }
        return new Database(server, name);
    }

    /** Adds to the tables of the store what the judgement needs. */
    void prepare() throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(NOTES);
            statement.execute(ARCHIVE);
        }
    }

    String name() {
        return name;
    }

    Connection connect() throws SQLException {
        return server.connect(name);
    }

    static int sessionsOfWriters(Connection connection) throws SQLException {
        return (int)
                number(
                        connection,
                        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'writer%'");
    }

    static long newest(Connection connection, long namespace) throws SQLException {
        return number(
                connection,
                "SELECT max(revision) FROM (SELECT revision, ns_id FROM zestor_outbox UNION ALL SELECT revision, ns_id FROM archive) c"
                        + " WHERE ns_id = " + namespace);
    }

    /** The revision up to which history is gone. */
    static long floor(Connection connection, long namespace) throws SQLException {
        return number(connection, "SELECT max(floor) FROM zestor_state WHERE ns_id = " + namespace);
    }

    static int compactions(Connection connection) throws SQLException {
        return (int)
                number(connection, "SELECT count(DISTINCT compaction) FROM archive WHERE ns_id = " + Options.NAMESPACE);
    }

    static long number(Connection connection, String sql) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }
}

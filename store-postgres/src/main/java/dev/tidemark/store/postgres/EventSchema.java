package dev.tidemark.store.postgres;

import dev.tidemark.store.StoreException;
import dev.tidemark.store.StoreUnavailableException;
import dev.tidemark.store.postgres.PostgresOptions.SchemaMode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds a table of events, checks it, and makes what is missing.
 *
 * <p>It looks first, so that a role without the right to create can use what is there; what a role may not make is in the error, as
 * statements to run. Making happens in one transaction under an advisory lock, so that any number of processes may do it at once. What
 * fails for the rows that are there fails for good: another try would lock the table again, for nothing.
 */
final class EventSchema {
    private static final String SCRIPT = "events-1.sql";

    /** How much of a table is numbered in a second on a slow disk. */
    private static final long NUMBERED_PER_SECOND = 4 << 20;

    private static final String LOCATE = """
            SELECT n.nspname, c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = to_regclass(?)
            """;

    private final EventTableName name;
    private final boolean json;
    private final String channel;

    EventSchema(EventTableName name, boolean json, String channel) {
        this.name = name;
        this.json = json;
        this.channel = channel;
    }

    /** Returns the table, ready to be used. The connection commits by itself, before and after. */
    EventTable prepare(Connection connection, SchemaMode mode, Duration timeout) throws SQLException {
        String schema = schema(connection);
        EventTable found = locate(connection, schema);
        EventProblems problems = EventProblems.find(connection, schema, name.table(), found, json);
        if (mode == SchemaMode.NONE && found != null) {
            return found;
        }
        refuse(schema, problems.fatal());
        if (!problems.missing().isEmpty() && mode == SchemaMode.CREATE) {
            create(connection, schema, timeout);
            found = locate(connection, schema);
            problems = EventProblems.find(connection, schema, name.table(), found, json);
            refuse(schema, problems.fatal());
        }
        refuseMissing(schema, problems, null);
        if (found == null) {
            throw new StoreUnavailableException("the table " + name + " is missing");
        }
        return found;
    }

    private void create(Connection connection, String schema, Duration timeout) throws SQLException {
        connection.setAutoCommit(false);
        boolean done = false;
        try (Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_advisory_xact_lock(hashtext('tidemark schema'), hashtext('"
                    + schema.replace("'", "''") + "'))");
            EventTable found = locate(connection, schema);
            EventProblems problems = EventProblems.find(connection, schema, name.table(), found, json);
            refuse(schema, problems.fatal());
            refuseLarge(connection, schema, found, problems, timeout);
            for (String text : ddl(schema, problems)) {
                execute(statement, text, schema, problems);
            }
            connection.commit();
            connection.setAutoCommit(true);
            done = true;
        } finally {
            if (!done) {
                Commits.end(connection);
            }
        }
    }

    private void execute(Statement statement, String text, String schema, EventProblems problems) throws SQLException {
        try {
            statement.execute(text);
        } catch (SQLException refused) {
            if (SqlErrors.isDuplicate(refused)) {
                throw new StoreException(
                        incomplete(schema, problems, refused) + ". Once no two rows are the same to it, run:\n" + text,
                        refused);
            }
            if (SqlErrors.isConnectionFailure(refused)
                    || SqlErrors.isCleanConflict(refused)
                    || SqlErrors.isStopped(refused)) {
                throw refused;
            }
            refuseMissing(schema, problems, refused);
        }
    }

    /** Numbering locks out whoever uses the table, readers too; in vain if there is no time to finish it. */
    private void refuseLarge(
            Connection connection, String schema, @Nullable EventTable found, EventProblems problems, Duration timeout)
            throws SQLException {
        if (found == null || !problems.missing().containsKey("numbering")) {
            return;
        }
        long bytes = size(connection, found);
        long seconds = bytes / NUMBERED_PER_SECOND;
        if (seconds > timeout.toSeconds()) {
            throw new StoreException(incomplete(schema, problems, null) + ". It has " + (bytes >> 20)
                    + " MB of events to be numbered, and is locked meanwhile. At a quiet moment, connect once with a time-out of "
                    + seconds + " s or more, or run:\n" + String.join("\n", ddl(schema, problems)));
        }
    }

    private static long size(Connection connection, EventTable table) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT pg_relation_size(?::oid)")) {
            statement.setLong(1, table.oid());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    private void refuse(String schema, List<String> problems) {
        if (!problems.isEmpty()) {
            throw new StoreUnavailableException("the table " + EventTable.qualified(schema, name.table())
                    + " can't be used for events: " + String.join("; ", problems));
        }
    }

    private void refuseMissing(String schema, EventProblems problems, @Nullable SQLException refused) {
        if (problems.missing().isEmpty()) {
            return;
        }
        throw new StoreUnavailableException(
                incomplete(schema, problems, refused) + ". Somebody who may has to run:\n"
                        + String.join("\n", ddl(schema, problems)),
                refused);
    }

    private String incomplete(String schema, EventProblems problems, @Nullable SQLException refused) {
        String reason = refused == null ? "" : " (" + SqlErrors.messageOf(refused) + ")";
        return "the table " + EventTable.qualified(schema, name.table()) + " can't be used for events yet: "
                + String.join("; ", problems.descriptions()) + reason;
    }

    /** The schema that is named, or that the search path leads to, or in which a new table would be. */
    private String schema(Connection connection) throws SQLException {
        String named = name.schema();
        if (named != null) {
            return named;
        }
        EventTable found = locate(connection, null);
        if (found != null) {
            return found.schema();
        }
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT current_schema()")) {
            row.next();
            String current = row.getString(1);
            if (current == null) {
                throw new StoreUnavailableException(
                        "no schema of the search path exists; create one, or set currentSchema");
            }
            return current;
        }
    }

    private @Nullable EventTable locate(Connection connection, @Nullable String schema) throws SQLException {
        String table = name.table();
        try (PreparedStatement statement = connection.prepareStatement(LOCATE)) {
            statement.setString(1, schema == null ? EventTable.quoted(table) : EventTable.qualified(schema, table));
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? new EventTable(row.getString(1), table, row.getLong(2)) : null;
            }
        }
    }

    /** The statements for what is missing, in the order of the script. */
    private List<String> ddl(String schema, EventProblems problems) {
        Map<String, String> names = new HashMap<>(EventTable.names(schema, name.table()));
        names.put("data", json ? "JSONB" : "BYTEA");
        names.put("channel", channel);
        problems.indexNames().forEach((section, index) -> names.put(section, EventTable.quoted(index)));
        List<String> statements = new ArrayList<>();
        sections().forEach((section, text) -> {
            if (problems.missing().containsKey(section)) {
                statements.add(EventTable.fill(text, names));
            }
        });
        return statements;
    }

    /** The statements of the script by the names above them. */
    private static Map<String, String> sections() {
        Map<String, String> sections = new LinkedHashMap<>();
        String[] parts = script().split("-- @", -1);
        for (int i = 1; i < parts.length; i++) {
            int end = parts[i].indexOf('\n');
            // What follows the statement is the comment on the next one.
            String statement = parts[i].substring(end + 1).replaceAll("\n\n(?:--[^\n]*\n?)*\\s*$", "");
            sections.put(parts[i].substring(0, end), statement.strip());
        }
        return sections;
    }

    static String script() {
        try (InputStream resource = EventSchema.class.getResourceAsStream(SCRIPT)) {
            if (resource == null) {
                throw new IllegalStateException("the resource " + SCRIPT + " is missing");
            }
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}

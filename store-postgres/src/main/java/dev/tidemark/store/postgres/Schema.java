package dev.tidemark.store.postgres;

import dev.tidemark.store.StoreUnavailableException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The tables of an installation: where they are, whether they are right, and how they come to be.
 *
 * <p>Creating looks first, so that a role without the right to create can open what is there, and then does everything in one
 * transaction under an advisory lock, so that any number of processes may open an empty database at once.
 */
final class Schema {
    private static final String SCRIPT = "schema-1.sql";
    private static final Pattern UNSUPPORTED = Pattern.compile("['\"%$\\\\]");

    private final String schema;
    private final String prefix;

    private Schema(String schema, String prefix) {
        this.schema = schema;
        this.prefix = prefix;
    }

    /** Finds the tables through the search path, or else takes the schema in which new ones would be. */
    static Schema locate(Connection connection, String prefix) throws SQLException {
        String query = """
                SELECT coalesce((SELECT n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                                  WHERE c.oid = to_regclass(?)), current_schema())
                """;
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            statement.setString(1, prefix + "_kv");
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                String schema = row.getString(1);
                if (schema == null) {
                    throw new StoreUnavailableException(
                            "no schema of the search path exists; create one, or set currentSchema");
                }
                if (UNSUPPORTED.matcher(schema).find()) {
                    throw new StoreUnavailableException(
                            "the schema's name must not contain quotes, '%', '$' or backslashes: " + schema);
                }
                return new Schema(schema, prefix);
            }
        }
    }

    /** The schema as it is written in statements. */
    String name() {
        return '"' + schema + '"';
    }

    Sql sql(long namespace) {
        return new Sql(name(), prefix, namespace);
    }

    void prepare(Connection connection, PostgresOptions.SchemaMode mode) throws SQLException {
        switch (mode) {
            case NONE -> {}
            case VALIDATE -> validate(problems(connection));
            case CREATE -> createUnlessThere(connection);
        }
    }

    private void validate(SchemaProblems problems) {
        boolean mendable = problems.foreign().isEmpty();
        refuse(problems.all(), mendable ? "; open once with SchemaMode.CREATE, or apply the schema by hand" : "");
    }

    private void createUnlessThere(Connection connection) throws SQLException {
        SchemaProblems problems = problems(connection);
        if (problems.all().isEmpty()) {
            return;
        }
        refuse(problems.foreign());
        create(connection);
        refuse(problems(connection).all());
    }

    private void create(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        boolean done = false;
        try (Statement statement = connection.createStatement()) {
            // Whatever the role's default is: what is found under the lock has to be what is there then.
            statement.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED");
            statement.execute("SELECT pg_advisory_xact_lock(hashtext('tidemark schema'), hashtext('" + schema + "'))");
            SchemaProblems problems = problems(connection);
            refuse(problems.foreign());
            if (!problems.all().isEmpty()) {
                statement.execute(script(name(), prefix));
            }
            connection.commit();
            connection.setAutoCommit(true);
            done = true;
        } catch (SQLException failure) {
            if (SqlErrors.isPrivilegeMissing(failure)) {
                throw notAllowed(failure);
            }
            throw failure;
        } finally {
            if (!done) {
                Commits.end(connection);
            }
        }
    }

    private RuntimeException notAllowed(SQLException failure) {
        String reason = "a privilege is missing: " + SqlErrors.messageOf(failure);
        return new StoreUnavailableException(
                reason + ", and the tables " + prefix + "_* have to be made or changed there; open once as a role that"
                        + " may, or apply the schema by hand",
                failure);
    }

    private SchemaProblems problems(Connection connection) throws SQLException {
        return SchemaProblems.find(connection, schema, prefix);
    }

    private void refuse(List<String> problems) {
        refuse(problems, "");
    }

    private void refuse(List<String> problems, String advice) {
        if (!problems.isEmpty()) {
            throw new StoreUnavailableException("the tables " + prefix + "_* in schema " + schema + " can't be used: "
                    + String.join("; ", problems) + advice);
        }
    }

    /** Returns the statements that make the tables. */
    static String script(String schema, String prefix) {
        try (InputStream resource = Schema.class.getResourceAsStream(SCRIPT)) {
            if (resource == null) {
                throw new IllegalStateException("the resource " + SCRIPT + " is missing");
            }
            String script = new String(resource.readAllBytes(), StandardCharsets.UTF_8);
            return script.replace("${schema}", schema).replace("${prefix}", prefix);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}

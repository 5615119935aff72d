package dev.tidemark.store.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The statements of the page for operators, and what it takes to run them. */
final class OperatorsPage {
    private static final Pattern BLOCK = Pattern.compile("```sql\n(.*?)```", Pattern.DOTALL);

    private OperatorsPage() {}

    static List<String> blocks() throws IOException {
        return BLOCK.matcher(Files.readString(Path.of("..", "docs", "postgres.md")))
                .results()
                .map((MatchResult block) -> block.group(1))
                .toList();
    }

    /** Returns the first block with a text in it. */
    static String block(String part) throws IOException {
        return blocks().stream()
                .filter(block -> block.contains(part))
                .findFirst()
                .orElseThrow();
    }

    /** Makes the role of a block under another name; returns the URI that uses it. */
    static String createRole(PostgresServer.Database database, String name) throws SQLException, IOException {
        String role = database.name() + "_" + name;
        database.execute(
                "CREATE ROLE " + role + " LOGIN PASSWORD 'se:cr@et'; REVOKE CREATE ON SCHEMA public FROM public");
        database.execute(block("TO " + name + ";").replace(name, role));
        return database.uri().replaceFirst("//[^@]*@", "//" + role + ":se%3Acr%40et@");
    }

    static void dropRole(PostgresServer.Database database, String name) throws SQLException {
        String role = database.name() + "_" + name;
        database.execute("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM " + role
                + "; REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM " + role
                + "; REVOKE ALL ON SCHEMA public FROM " + role + "; DROP ROLE " + role);
    }

    static List<String> rows(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            List<String> found = new ArrayList<>();
            while (rows.next()) {
                StringBuilder row = new StringBuilder();
                for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                    row.append(rows.getString(i)).append('|');
                }
                found.add(row.toString());
            }
            return found;
        }
    }
}

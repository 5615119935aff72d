package dev.tidemark.store.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** What the server knows about its tables. */
record Catalog(Connection connection) {
    /** The name of a column, its type, which tells of a collation that takes different texts for equal, and whether it demands a value. */
    static final String COLUMN = """
            SELECT a.attname, replace(format_type(a.atttypid, NULL), '"', '') || CASE WHEN EXISTS (
                     SELECT FROM pg_collation l WHERE l.oid = a.attcollation AND NOT l.collisdeterministic)
                     THEN ' of a nondeterministic collation' ELSE '' END,
                   a.attnotnull AND NOT a.atthasdef AND a.attidentity = ''
            """;

    /** Returns the first column of what a query finds. */
    List<String> query(String text, String... parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(text)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setString(i + 1, parameters[i]);
            }
            try (ResultSet rows = statement.executeQuery()) {
                List<String> values = new ArrayList<>();
                while (rows.next()) {
                    values.add(rows.getString(1));
                }
                return values;
            }
        }
    }
}

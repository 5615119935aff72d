package dev.tidemark.store.sqlite;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a table looks like, as far as this backend cares.
 *
 * @param type {@code table}, or {@code view}
 * @param columns by name
 * @param uniqueKeys the columns of each unique key, with their collations
 */
record Table(String name, String type, Map<String, Column> columns, Set<String> uniqueKeys) {

    /** A column; {@code optional} when rows can be inserted without giving it a value. */
    record Column(String name, String type, boolean optional) {

        /** What SQLite makes of the type, by the first of its rules that applies. */
        private String affinity() {
            if (type.contains("INT")) {
                return "INTEGER";
            }
            if (type.contains("CHAR") || type.contains("CLOB") || type.contains("TEXT")) {
                return "TEXT";
            }
            return type.contains("BLOB") ? "BLOB" : type;
        }
    }

    /** Returns the table or view of that name, or null. */
    static @Nullable Table read(Session session, String name) throws SQLException {
        String type =
                first(session, "SELECT type FROM sqlite_schema WHERE name = " + literal(name) + " AND type <> 'index'");
        if (type == null) {
            return null;
        }
        return new Table(name, type, columns(session, name), uniqueKeys(session, name));
    }

    /** Returns the columns of each index of a table, with their collations; those of a unique one in parentheses. */
    static Set<String> indexes(Session session, String name) throws SQLException {
        Set<String> indexes = keys(session, name, "WHERE NOT l.\"unique\" AND NOT l.partial");
        uniqueKeys(session, name).forEach(key -> indexes.add("(" + key + ")"));
        return indexes;
    }

    /** Returns a name as SQL has it. */
    static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    /** Returns a text as SQL has it. */
    static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    /** Everything that keeps this table from being used as {@code wanted}. */
    List<String> differences(Table wanted) {
        List<String> found = new ArrayList<>();
        if (!type.equals(wanted.type)) {
            found.add(name + " is a " + type + ", not a " + wanted.type);
        }
        wanted.columns.forEach((column, expected) -> {
            Column actual = columns.get(column);
            if (actual == null) {
                found.add(name + " has no column " + column);
            } else if (!actual.affinity().equals(expected.affinity())) {
                found.add(name + "." + column + " is " + actual.type + ", not " + expected.type);
            }
        });
        columns.values().stream()
                .filter(column -> !column.optional && !wanted.columns.containsKey(column.name))
                .forEach(column -> found.add(name + "." + column.name + " is unknown, and needs a value"));
        wanted.uniqueKeys.stream()
                .filter(key -> !uniqueKeys.contains(key))
                .forEach(key -> found.add(name + " has no unique key (" + key + ")"));
        return found;
    }

    private static Map<String, Column> columns(Session session, String name) throws SQLException {
        Map<String, Column> columns = new LinkedHashMap<>();
        try (Statement statement = session.connection().createStatement();
                ResultSet rows = statement.executeQuery("PRAGMA table_info(" + quoted(name) + ")")) {
            while (rows.next()) {
                String column = rows.getString("name");
                boolean required = rows.getInt("notnull") == 1 && rows.getString("dflt_value") == null;
                columns.put(column, new Column(column, rows.getString("type").toUpperCase(Locale.ROOT), !required));
            }
        }
        return columns;
    }

    private static Set<String> uniqueKeys(Session session, String name) throws SQLException {
        return keys(session, name, "WHERE l.\"unique\" AND NOT l.partial");
    }

    private static Set<String> keys(Session session, String name, String which) throws SQLException {
        String sql = "SELECT group_concat(i.name || ' ' || i.coll, ', ') FROM pragma_index_list(" + literal(name)
                + ") l, pragma_index_xinfo(l.name) i " + which + " AND i.key GROUP BY l.name ORDER BY i.seqno";
        Set<String> keys = new LinkedHashSet<>();
        try (Statement statement = session.connection().createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                keys.add(rows.getString(1));
            }
        }
        return keys;
    }

    private static @Nullable String first(Session session, String sql) throws SQLException {
        try (Statement statement = session.connection().createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? row.getString(1) : null;
        }
    }
}

package dev.tidemark.store.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Everything that is wrong with the tables of an installation: what is merely missing, and what shows that they are not ours. */
final class SchemaProblems {
    private static final List<String> KV = List.of(
            "ns_id bigint",
            "kind text",
            "key text",
            "value bytea",
            "version bigint",
            "updated_at timestamp with time zone");
    private static final List<String> OUTBOX = List.of(
            "id bigint",
            "ns_id bigint",
            "kind text",
            "key text",
            "etype text",
            "value bytea",
            "at timestamp with time zone");
    private static final List<String> STATE = List.of("ns_id bigint", "floor bigint");

    private static final String COLUMNS = Catalog.COLUMN + """
              FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE n.nspname = ? AND c.relname = ? AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped
            """;
    private static final String PRIMARY_KEY = """
            SELECT coalesce(string_agg(a.attname, ', ' ORDER BY k.place), '')
              FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
              CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY k(attnum, place)
              JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum
             WHERE n.nspname = ? AND c.relname = ? AND i.indisprimary
            """;
    private static final String DRAWN = """
            SELECT a.atthasdef OR a.attidentity <> ''
              FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE n.nspname = ? AND c.relname = ? AND a.attname = ?
            """;
    private static final String RELATION = """
            SELECT c.relkind FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE n.nspname = ? AND c.relname = ?
            """;
    private static final String TRIGGERS = """
            SELECT t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE n.nspname = ? AND c.relname IN (? || '_kv', ? || '_outbox') AND t.tgenabled IN ('O', 'A')
            """;

    private final Connection connection;
    private final Catalog catalog;
    private final String schema;
    private final String prefix;
    private final List<String> missing = new ArrayList<>();
    private final List<String> foreign = new ArrayList<>();

    private SchemaProblems(Connection connection, String schema, String prefix) {
        this.connection = connection;
        this.catalog = new Catalog(connection);
        this.schema = schema;
        this.prefix = prefix;
    }

    static SchemaProblems find(Connection connection, String schema, String prefix) throws SQLException {
        SchemaProblems problems = new SchemaProblems(connection, schema, prefix);
        problems.checkEncoding();
        problems.checkTable("_kv", KV, List.of("tag bigint"), "ns_id, kind, key");
        problems.checkTable("_outbox", OUTBOX, List.of("version bigint", "revision bigint"), "id");
        problems.checkDrawn("_kv", "tag");
        problems.checkDrawn("_outbox", "id");
        problems.checkTable("_state", STATE, List.of(), "ns_id");
        for (int slot = 0; slot < Sql.SLOTS; slot++) {
            problems.checkRelation("_revision_" + slot, "S", "sequence");
        }
        problems.checkRelation("_server", "S", "sequence");
        problems.checkRelation("_outbox_revision", "i", "index");
        problems.checkTriggers();
        return problems;
    }

    /** What no statement of ours will mend. */
    List<String> foreign() {
        return foreign;
    }

    List<String> all() {
        List<String> all = new ArrayList<>(foreign);
        all.addAll(missing);
        return all;
    }

    private void checkEncoding() throws SQLException {
        for (String encoding : catalog.query("SELECT current_setting('server_encoding')")) {
            if (!encoding.equals("UTF8")) {
                foreign.add("the database's encoding is " + encoding + ", not UTF8");
            }
        }
    }

    private void checkTable(String suffix, List<String> columns, List<String> ours, String primaryKey)
            throws SQLException {
        String table = prefix + suffix;
        Map<String, String> types = new HashMap<>();
        List<String> demanding = new ArrayList<>();
        readColumns(table, types, demanding);
        if (types.isEmpty()) {
            checkRelation(suffix, "r", "table");
            return;
        }
        columns.forEach(column -> checkColumn(table, column, types, foreign));
        ours.forEach(column -> checkColumn(table, column, types, missing));
        for (String column : demanding) {
            if (columns.stream().noneMatch(known -> known.startsWith(column + " "))) {
                foreign.add("column " + table + "." + column + " is not ours, NOT NULL, and has no default");
            }
        }
        String found = catalog.query(PRIMARY_KEY, schema, table).get(0);
        if (!found.equals(primaryKey)) {
            foreign.add("the primary key of " + table + " is (" + found + "), not (" + primaryKey + ")");
        }
    }

    private void checkDrawn(String suffix, String column) throws SQLException {
        if (catalog.query(DRAWN, schema, prefix + suffix, column).contains("f")) {
            foreign.add("column " + prefix + suffix + "." + column + " draws no numbers by itself");
        }
    }

    private void readColumns(String table, Map<String, String> types, List<String> demanding) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(COLUMNS)) {
            statement.setString(1, schema);
            statement.setString(2, table);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    types.put(rows.getString(1), rows.getString(2));
                    if (rows.getBoolean(3)) {
                        demanding.add(rows.getString(1));
                    }
                }
            }
        }
    }

    private void checkColumn(String table, String column, Map<String, String> types, List<String> whenMissing) {
        String name = column.substring(0, column.indexOf(' '));
        String type = column.substring(name.length() + 1);
        String found = types.get(name);
        if (found == null) {
            whenMissing.add("column " + table + "." + name + " is missing");
        } else if (!found.equals(type)) {
            foreign.add("column " + table + "." + name + " is " + found + ", not " + type);
        }
    }

    private void checkRelation(String suffix, String kind, String what) throws SQLException {
        List<String> found = catalog.query(RELATION, schema, prefix + suffix);
        if (found.isEmpty()) {
            missing.add(what + " " + prefix + suffix + " is missing");
        } else if (!found.get(0).equals(kind)) {
            foreign.add(prefix + suffix + " is something else than a " + what);
        }
    }

    private void checkTriggers() throws SQLException {
        List<String> found = catalog.query(TRIGGERS, schema, prefix, prefix);
        for (String trigger : List.of("_touch", "_complete", "_stamp", "_check_server")) {
            if (!found.contains(prefix + trigger)) {
                missing.add("trigger " + prefix + trigger + " is missing or disabled");
            }
        }
    }
}

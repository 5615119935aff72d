package dev.tidemark.store.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Everything that is wrong with a table of events: what shows that it is another kind of table, and what is merely missing. */
final class EventProblems {
    private static final Map<String, Set<String>> TYPES = types();

    private static final String COLUMNS =
            Catalog.COLUMN + "FROM pg_attribute a WHERE a.attrelid = ?::oid AND a.attnum > 0 AND NOT a.attisdropped";

    /** The columns of each index that covers all rows, a unique one with a mark. */
    private static final String INDEXES = """
            SELECT CASE WHEN i.indisunique THEN 'unique ' ELSE '' END || string_agg(a.attname, ', ' ORDER BY k.place)
              FROM pg_index i CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY k(attnum, place)
              JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
             WHERE i.indrelid = ?::oid AND i.indpred IS NULL AND i.indexprs IS NULL AND i.indisvalid AND k.place <= i.indnkeyatts
             GROUP BY i.indexrelid, i.indisunique
            """;

    private static final String TRIGGER =
            "SELECT 1 FROM pg_trigger WHERE tgrelid = ?::oid AND tgname = 'tidemark_stamp' AND tgenabled IN ('O', 'A')";

    private static final String RELATION =
            "SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = ? AND c.relname = ?";

    private static final Map<String, String> INDEX_COLUMNS = Map.of(
            "position_index", "unique position",
            "id_index", "unique id",
            "name_index", "name",
            "time_index", "time",
            "aggregate_index", "unique aggregate_id, aggregate_name, aggregate_version");

    private final Connection connection;
    private final Catalog catalog;
    private final String schema;
    private final String name;
    private final boolean json;
    private final List<String> fatal = new ArrayList<>();
    private final Map<String, String> missing = new LinkedHashMap<>();
    private final Map<String, String> indexNames = new HashMap<>();

    private EventProblems(Connection connection, String schema, String name, boolean json) {
        this.connection = connection;
        this.catalog = new Catalog(connection);
        this.schema = schema;
        this.name = name;
        this.json = json;
    }

    private static Map<String, Set<String>> types() {
        Set<String> text = Set.of("character varying", "text");
        Map<String, Set<String>> types = new LinkedHashMap<>();
        types.put("id", Set.of("uuid"));
        types.put("name", text);
        types.put("time", Set.of("bigint"));
        types.put("aggregate_id", Set.of("uuid"));
        types.put("aggregate_name", text);
        types.put("aggregate_version", Set.of("integer"));
        return types;
    }

    static EventProblems find(
            Connection connection, String schema, String name, @Nullable EventTable table, boolean json)
            throws SQLException {
        EventProblems problems = new EventProblems(connection, schema, name, json);
        problems.checkEncoding();
        if (table == null) {
            problems.missing.put("table", "it does not exist");
            List.of("metadata", "position").forEach(section -> problems.missing.put(section, ""));
        } else {
            problems.checkColumns(table);
        }
        problems.checkRelation("sequence", "_position");
        problems.checkRelation("appends", "_appends");
        problems.checkRelation("subscriptions", "_subscriptions");
        problems.checkIndexes(table);
        problems.checkTrigger(table);
        return problems;
    }

    /** What no statement of ours will mend. */
    List<String> fatal() {
        return fatal;
    }

    /** What is missing, by the section of the script that makes it. */
    Map<String, String> missing() {
        return missing;
    }

    /** What is missing, in words. */
    List<String> descriptions() {
        return missing.values().stream().filter(text -> !text.isEmpty()).toList();
    }

    /** The names of indexes to be made, by section. */
    Map<String, String> indexNames() {
        return indexNames;
    }

    private void checkEncoding() throws SQLException {
        for (String encoding : catalog.query("SELECT current_setting('server_encoding')")) {
            if (!encoding.equals("UTF8")) {
                fatal.add("the database's encoding is " + encoding + ", not UTF8");
            }
        }
    }

    private void checkColumns(EventTable table) throws SQLException {
        Map<String, String> found = columns(table);
        TYPES.forEach((column, types) -> checkColumn(column, types, found));
        checkColumn("data", Set.of(json ? "jsonb" : "bytea"), found);
        for (String column : List.of("metadata", "position")) {
            if (found.containsKey(column)) {
                checkColumn(column, Set.of(column.equals("position") ? "bigint" : "jsonb"), found);
            } else {
                missing.put(column, "column " + column + " is missing");
            }
        }
    }

    private Map<String, String> columns(EventTable table) throws SQLException {
        Map<String, String> columns = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(COLUMNS)) {
            statement.setLong(1, table.oid());
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    String column = rows.getString(1);
                    columns.put(column, rows.getString(2));
                    if (rows.getBoolean(3) && !TYPES.containsKey(column) && !column.equals("data")) {
                        fatal.add("column " + column + " is not ours, NOT NULL, and has no default");
                    }
                }
            }
        }
        return columns;
    }

    private void checkColumn(String column, Set<String> types, Map<String, String> found) {
        String type = found.get(column);
        if (type == null) {
            fatal.add("column " + column + " is missing");
        } else if (!types.contains(type)) {
            String reason = column.equals("data")
                    ? json
                            ? ", since every registered codec writes JSON"
                            : ", since not every registered codec writes JSON"
                    : "";
            fatal.add("column " + column + " is " + type + ", not "
                    + String.join(" or ", types.stream().sorted().toList()) + reason);
        }
    }

    private void checkIndexes(@Nullable EventTable table) throws SQLException {
        List<String> found = table == null ? List.of("unique id") : catalog.query(INDEXES, String.valueOf(table.oid()));
        for (String section : List.of("id_index", "position_index", "name_index", "time_index", "aggregate_index")) {
            String columns = INDEX_COLUMNS.getOrDefault(section, "");
            if (!found.contains(columns) && !found.contains("unique " + columns)) {
                boolean unique = columns.startsWith("unique ");
                missing.put(
                        section,
                        "the " + (unique ? "unique " : "") + "index on (" + columns.replace("unique ", "")
                                + ") is missing");
                indexNames.put(section, indexName(section));
            }
        }
    }

    /** The name that goes gives it, for its table and as long as that is free; index names are names of the schema, not of the table. */
    private String indexName(String section) throws SQLException {
        String suffix = section.equals("position_index") ? "position_key" : "goes_" + section.replace("_index", "");
        if (name.equals("events") && suffix.startsWith("goes_") && isFree(suffix)) {
            return suffix;
        }
        String index = EventTable.derived(name, "_" + suffix);
        for (int i = 2; !isFree(index); i++) {
            index = EventTable.derived(name, "_" + suffix + i);
        }
        return index;
    }

    private boolean isFree(String relation) throws SQLException {
        return catalog.query(RELATION, schema, relation).isEmpty();
    }

    private void checkRelation(String section, String suffix) throws SQLException {
        String relation = EventTable.derived(name, suffix);
        if (isFree(relation)) {
            missing.put(section, relation + " is missing");
        }
    }

    private void checkTrigger(@Nullable EventTable table) throws SQLException {
        if (table == null || catalog.query(TRIGGER, String.valueOf(table.oid())).isEmpty()) {
            missing.put("trigger", "the trigger tidemark_stamp is missing or disabled");
            missing.put("stamp", "");
        }
        if (missing.containsKey("position")) {
            missing.put("numbering", "");
        }
    }
}

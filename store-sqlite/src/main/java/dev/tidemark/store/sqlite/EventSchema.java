package dev.tidemark.store.sqlite;

import dev.tidemark.store.StoreUnavailableException;
import dev.tidemark.store.spi.Deadline;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes a table of events and what belongs to it, completes what is there, or says all that is wrong with it. As for {@link Schema},
 * the model is what the script makes of an empty database.
 */
final class EventSchema {
    private static final String SCRIPT = "events-1.sql";
    private static final String DEFAULT_TABLE = "events";

    private static final Pattern NAMES = Pattern.compile("\"(" + DEFAULT_TABLE + "|goes_)");

    private final String file;
    private final String table;

    /** What makes each table, by its name. */
    private final Map<String, String> tables = new LinkedHashMap<>();

    /** What makes each further index of the table of events, by its columns. */
    private final Map<String, String> indexes = new LinkedHashMap<>();

    private final Map<String, Table> model;

    EventSchema(String file, String table) {
        this.file = file;
        this.table = table;
        for (String suffix : List.of("", "_appends", "_subscriptions")) {
            tables.put(table + suffix, "");
        }
        this.model = model();
    }

    /** Whether nothing is missing; throws when something is wrong. */
    boolean isReady(Session session) throws SQLException {
        return missing(session).isEmpty();
    }

    /** Throws when something is missing that reading needs, or wrong. */
    boolean validate(Session session) throws SQLException {
        if (missing(session).contains(tables.get(table))) {
            throw new StoreUnavailableException(
                    file + " has no table of events " + Table.quoted(table) + ", and readOnly does not make one");
        }
        return true;
    }

    /** Makes what is missing, as part of a transaction. */
    void create(Session session) throws SQLException {
        for (String sql : missing(session)) {
            try (Statement statement = session.connection().createStatement()) {
                statement.execute(sql);
            } catch (SQLException failure) {
                if (session.isOver()) {
                    throw failure;
                }
                throw new StoreUnavailableException(
                        file + ": the table of events " + Table.quoted(table) + " lacks something that can't be made ("
                                + failure.getMessage() + "); make it by hand: " + sql,
                        failure);
            }
        }
    }

    /** The statements that have to be run yet. */
    private List<String> missing(Session session) throws SQLException {
        Map<String, Table> present = read(session);
        check(session, present);
        List<String> missing = new ArrayList<>();
        tables.forEach((name, sql) -> {
            if (!present.containsKey(name)) {
                missing.add(sql);
            }
        });
        Set<String> found = Table.indexes(session, table);
        indexes.forEach((columns, sql) -> {
            if (!found.contains(columns)) {
                missing.add(sql);
            }
        });
        return missing;
    }

    private void check(Session session, Map<String, Table> present) throws SQLException {
        List<String> wrong = new ArrayList<>();
        present.forEach((name, actual) -> wrong.addAll(actual.differences(Objects.requireNonNull(model.get(name)))));
        Table events = present.get(table);
        if (events != null && events.columns().containsKey("position") && !isNumbered(session)) {
            wrong.add(table + ".position is not INTEGER PRIMARY KEY AUTOINCREMENT");
        }
        if (!wrong.isEmpty()) {
            throw new StoreUnavailableException(file + " has something else under the names of a table of events: "
                    + String.join("; ", wrong) + ". Choose another table");
        }
    }

    /** Whether positions are given by SQLite, and never twice. */
    private boolean isNumbered(Session session) throws SQLException {
        String sql = "SELECT 1 FROM sqlite_schema s, pragma_table_info(s.name) c WHERE s.name = " + Table.literal(table)
                + " AND s.sql LIKE '%AUTOINCREMENT%' AND c.name = 'position' AND c.pk";
        try (Statement statement = session.connection().createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            return row.next();
        }
    }

    private Map<String, Table> read(Session session) throws SQLException {
        Map<String, Table> present = new LinkedHashMap<>();
        for (String name : tables.keySet()) {
            Table found = Table.read(session, name);
            if (found != null) {
                present.put(name, found);
            }
        }
        return present;
    }

    private Map<String, Table> model() {
        Session empty = Session.open(DatabaseFile.MEMORY_URL, DatabaseFile.MEMORY);
        Deadline deadline = Deadline.after(Duration.ofMinutes(1));
        try {
            return empty.run(deadline, this::model);
        } finally {
            empty.close(deadline);
        }
    }

    /** The indexes that have statements of their own are not part of the tables' model, since they can be completed. */
    private Map<String, Table> model(Session session) throws SQLException {
        Map<String, Table> model = new LinkedHashMap<>();
        for (String template : Schema.statements(SCRIPT)) {
            String sql = named(template);
            Set<String> before = Table.indexes(session, table);
            try (Statement statement = session.connection().createStatement()) {
                statement.execute(sql);
            }
            Map<String, Table> present = read(session);
            present.keySet().removeAll(model.keySet());
            if (present.isEmpty()) {
                Set<String> added = new LinkedHashSet<>(Table.indexes(session, table));
                added.removeAll(before);
                added.forEach(columns -> indexes.put(columns, sql));
            } else {
                present.keySet().forEach(name -> tables.put(name, sql));
                model.putAll(present);
            }
        }
        return model;
    }

    private String named(String sql) {
        String name = table.replace("\"", "\"\"");
        String index = table.equals(DEFAULT_TABLE) ? "goes_" : name + "_goes_";
        return NAMES.matcher(sql)
                .replaceAll(
                        found -> Matcher.quoteReplacement("\"" + (found.group(1).equals("goes_") ? index : name)));
    }
}

package dev.tidemark.store.sqlite;

import dev.tidemark.store.StoreUnavailableException;
import dev.tidemark.store.spi.Deadline;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Creates the tables, takes over those of a zestor service, or says what is wrong with what is there. What the tables should look
 * like is not written down a second time: the resource is applied to an empty database in memory, and that is the model.
 */
final class Schema {
    private static final int VERSION = 1;
    private static final String DEFAULT_PREFIX = "zestor";
    private static final Set<String> ZESTOR_COLUMNS = Set.of("kind", "key", "value", "version", "updated_at");

    private final String file;
    private final String prefix;
    private final Map<String, Table> model;

    Schema(String file, String prefix) {
        this.file = file;
        this.prefix = prefix;
        this.model = model();
    }

    /** Leaves the tables as they should be, or throws. */
    void create(Session session, Deadline deadline) {
        if (!session.run(deadline, this::isReadyAtOneMoment)) {
            session.run(deadline, this::createLocked);
        }
    }

    /** Throws unless the tables are as they should be. */
    void validate(Session session, Deadline deadline) {
        if (!session.run(deadline, this::isReadyAtOneMoment)) {
            throw new StoreUnavailableException(
                    file + " holds no store of this version yet; open it once for writing, which makes it one");
        }
    }

    private boolean createLocked(Session session) throws SQLException {
        session.begin(Sql.BEGIN_WRITE);
        try {
            if (!isReady(session)) {
                createOrAdopt(session);
            }
            session.commit();
            return true;
        } catch (SQLException | RuntimeException | Error failure) {
            session.rollback();
            throw failure;
        }
    }

    private void createOrAdopt(Session session) throws SQLException {
        Table adopted = tables(session).get(prefix + "_kv");
        if (adopted == null) {
            execute(session, "schema-1.sql");
            return;
        }
        try (Statement statement = session.connection().createStatement()) {
            if (!adopted.columns().containsKey("ns_id")) {
                statement.execute("ALTER TABLE " + prefix + "_kv ADD COLUMN ns_id INTEGER NOT NULL DEFAULT 0");
            }
            statement.execute("ALTER TABLE " + prefix + "_kv RENAME TO " + prefix + "_adopted");
        }
        execute(session, "schema-1.sql");
        execute(session, "adopt-zestor.sql");
    }

    /** It takes several statements to see the tables, between which somebody may make some. */
    private boolean isReadyAtOneMoment(Session session) throws SQLException {
        session.begin(Sql.BEGIN_READ);
        try {
            return isReady(session);
        } finally {
            session.rollback();
        }
    }

    /** False when the tables have to be made, of nothing or of a zestor service's. */
    private boolean isReady(Session session) throws SQLException {
        checkEncoding(session);
        Map<String, Table> tables = tables(session);
        if (tables.isEmpty() || isZestors(tables)) {
            return false;
        }
        List<String> wrong = new ArrayList<>();
        model.forEach((name, wanted) -> {
            Table table = tables.get(name);
            wrong.addAll(table == null ? List.of("there is no table " + name) : table.differences(wanted));
        });
        checkVersion(session, tables);
        if (!wrong.isEmpty()) {
            throw new StoreUnavailableException(file + " has tables under our names that are not ours: "
                    + String.join("; ", wrong) + ". Choose another table prefix");
        }
        return true;
    }

    private boolean isZestors(Map<String, Table> tables) {
        Table kv = tables.get(prefix + "_kv");
        return kv != null
                && tables.size() == 1
                && kv.type().equals("table")
                && kv.columns().keySet().containsAll(ZESTOR_COLUMNS)
                && !kv.columns().containsKey("tag");
    }

    private void checkVersion(Session session, Map<String, Table> tables) throws SQLException {
        String name = prefix + "_schema";
        Table schema = tables.get(name);
        if (schema == null
                || !schema.differences(Objects.requireNonNull(model.get(name))).isEmpty()) {
            return;
        }
        try (Statement statement = session.connection().createStatement();
                ResultSet row = statement.executeQuery("SELECT max(version) FROM " + name)) {
            int version = row.next() ? row.getInt(1) : 0;
            if (version != VERSION) {
                throw new StoreUnavailableException(file + " has schema version " + version + ", and this is version "
                        + VERSION + "; use a release that knows it");
            }
        }
    }

    /** Texts compare by their bytes, and only those of UTF-8 are in code point order. */
    private void checkEncoding(Session session) throws SQLException {
        try (Statement statement = session.connection().createStatement();
                ResultSet row = statement.executeQuery("PRAGMA encoding")) {
            if (row.next() && !row.getString(1).equals("UTF-8")) {
                throw new StoreUnavailableException(
                        file + " is encoded in " + row.getString(1) + "; only UTF-8 databases keep keys in order");
            }
        }
    }

    private Map<String, Table> tables(Session session) throws SQLException {
        Map<String, Table> tables = new LinkedHashMap<>();
        for (String suffix : List.of("_kv", "_outbox", "_meta", "_schema")) {
            Table table = Table.read(session, prefix + suffix);
            if (table != null) {
                tables.put(table.name(), table);
            }
        }
        return tables;
    }

    private Map<String, Table> model() {
        Session empty = Session.open(DatabaseFile.MEMORY_URL, DatabaseFile.MEMORY);
        Deadline deadline = Deadline.after(Duration.ofMinutes(1));
        try {
            return empty.run(deadline, session -> {
                execute(session, "schema-1.sql");
                return tables(session);
            });
        } finally {
            empty.close(deadline);
        }
    }

    private void execute(Session session, String resource) throws SQLException {
        try (Statement statement = session.connection().createStatement()) {
            for (String sql : statements(resource)) {
                statement.execute(sql.replace(DEFAULT_PREFIX + "_", prefix + "_"));
            }
        }
    }

    /** The statements of a script. */
    static List<String> statements(String resource) {
        return Arrays.stream(read(resource).replaceAll("--[^\n]*", "").split(";", -1))
                .map(String::strip)
                .filter(sql -> !sql.isEmpty())
                .toList();
    }

    private static String read(String resource) {
        try (InputStream in = Objects.requireNonNull(Schema.class.getResourceAsStream(resource), resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}

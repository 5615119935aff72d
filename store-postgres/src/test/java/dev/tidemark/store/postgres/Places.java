package dev.tidemark.store.postgres;

import dev.tidemark.store.tck.Fault;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;

/** Turns the directories of a suite into schemas of one database, each behind a proxy of its own. */
final class Places {
    private PostgresServer.Database database;
    private int schemas;
    private final Map<Path, Place> places = new HashMap<>();

    record Place(String schema, Proxy proxy) {}

    PostgresOptions options(Path directory) {
        Place place = at(directory);
        return PostgresOptions.of(database.uriThrough(place.proxy(), "currentSchema=" + place.schema()));
    }

    Place at(Path directory) {
        return places.computeIfAbsent(directory, added -> newPlace());
    }

    PostgresServer.Database database() {
        return database;
    }

    /** Holds the tables of a place, so that nobody can write to them. */
    Fault lock(Path directory, String... tables) {
        String schema = at(directory).schema();
        try {
            Connection holder = database.connect();
            holder.setAutoCommit(false);
            try (Statement statement = holder.createStatement()) {
                for (String table : tables) {
                    statement.execute("LOCK TABLE " + schema + "." + table + " IN SHARE MODE");
                }
            }
            return () -> close(holder);
        } catch (SQLException failure) {
            throw new AssertionError(failure);
        }
    }

    Fault cutOff(Path directory) {
        Proxy proxy = at(directory).proxy();
        proxy.refuse(true);
        return () -> proxy.refuse(false);
    }

    private Place newPlace() {
        try {
            if (database == null) {
                database = PostgresServer.shared().newDatabase();
            }
            String schema = "s" + ++schemas;
            database.execute("CREATE SCHEMA " + schema);
            return new Place(schema, new Proxy(database.host(), database.port()));
        } catch (SQLException | IOException failure) {
            throw new AssertionError(failure);
        }
    }

    private static void close(Connection connection) {
        try {
            connection.close();
        } catch (SQLException failure) {
            throw new AssertionError(failure);
        }
    }

    /** After each test. */
    void clear() throws Exception {
        for (Place place : places.values()) {
            place.proxy().close();
            database.execute("DROP SCHEMA " + place.schema() + " CASCADE");
        }
        places.clear();
    }

    /** After all tests. */
    void drop() throws SQLException {
        if (database != null) {
            database.close();
            database = null;
        }
    }
}

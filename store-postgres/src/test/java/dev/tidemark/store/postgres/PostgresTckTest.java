package dev.tidemark.store.postgres;

import dev.tidemark.store.Backend;
import dev.tidemark.store.tck.Fault;
import dev.tidemark.store.tck.StoreTck;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;

/** Each directory of the suite is a schema of one database, behind a proxy of its own. */
class PostgresTckTest extends StoreTck {
    private static PostgresServer.Database database;
    private static int schemas;

    private final Map<Path, Place> places = new HashMap<>();

    private record Place(String schema, Proxy proxy) {}

    @Override
    protected Backend openBackend(Path directory) {
        return PostgresBackend.open(options(directory));
    }

    @Override
    protected Backend openWithTimeout(Path directory, Duration timeout) {
        return PostgresBackend.open(options(directory).withTimeout(timeout));
    }

    @Override
    protected Backend openRetaining(Path directory, int changes) {
        return PostgresBackend.open(options(directory)
                .withRetainedChanges(changes)
                .withCompaction(new Retention.Pace(Duration.ofMillis(5), Duration.ofNanos(1), Duration.ofNanos(1))));
    }

    /** Tens of thousands of commits, one after the other, take their time on a slow disk. */
    @Override
    protected Duration patience() {
        return Duration.ofMinutes(4);
    }

    @Override
    protected Fault stallWrites(Path directory) {
        String schema = place(directory).schema();
        try {
            Connection holder = database.connect();
            holder.setAutoCommit(false);
            execute(holder, "LOCK TABLE " + schema + ".zestor_kv, " + schema + ".zestor_outbox IN SHARE MODE");
            return () -> close(holder);
        } catch (SQLException failure) {
            throw new AssertionError(failure);
        }
    }

    @Override
    protected Fault cutOff(Path directory) {
        Proxy proxy = place(directory).proxy();
        proxy.refuse(true);
        return () -> proxy.refuse(false);
    }

    @Override
    protected Fault loseAcknowledgements(Path directory) {
        Place place = place(directory);
        long before = lastChange(place.schema());
        place.proxy().cutBeforeAnswer(() -> lastChange(place.schema()) > before);
        return () -> place.proxy().cutBeforeAnswer(() -> false);
    }

    private static long lastChange(String schema) {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery("SELECT coalesce(max(id), 0) FROM " + schema + ".zestor_outbox")) {
            row.next();
            return row.getLong(1);
        } catch (SQLException failure) {
            throw new AssertionError(failure);
        }
    }

    private PostgresOptions options(Path directory) {
        Place place = place(directory);
        return PostgresOptions.of(database.uriThrough(place.proxy(), "currentSchema=" + place.schema()));
    }

    private Place place(Path directory) {
        return places.computeIfAbsent(directory, added -> newPlace());
    }

    private static Place newPlace() {
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

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static void close(Connection connection) {
        try {
            connection.close();
        } catch (SQLException failure) {
            throw new AssertionError(failure);
        }
    }

    @AfterEach
    void closePlaces() throws Exception {
        for (Place place : places.values()) {
            place.proxy().close();
            database.execute("DROP SCHEMA " + place.schema() + " CASCADE");
        }
    }

    @AfterAll
    static void dropDatabase() throws SQLException {
        if (database != null) {
            database.close();
            database = null;
        }
    }
}

package dev.tidemark.store.postgres;

import dev.tidemark.store.Backend;
import dev.tidemark.store.tck.Fault;
import dev.tidemark.store.tck.StoreTck;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;

/** Each directory of the suite is a schema of one database, behind a proxy of its own. */
class PostgresTckTest extends StoreTck {
    private static final Places PLACES = new Places();

    @Override
    protected Backend openBackend(Path directory) {
        return PostgresBackend.open(PLACES.options(directory));
    }

    @Override
    protected Backend openWithTimeout(Path directory, Duration timeout) {
        return PostgresBackend.open(PLACES.options(directory).withTimeout(timeout));
    }

    @Override
    protected Backend openRetaining(Path directory, int changes) {
        return PostgresBackend.open(PLACES.options(directory)
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
        return PLACES.lock(directory, "zestor_kv", "zestor_outbox");
    }

    @Override
    protected Fault cutOff(Path directory) {
        return PLACES.cutOff(directory);
    }

    @Override
    protected Fault loseAcknowledgements(Path directory) {
        Places.Place place = PLACES.at(directory);
        long before = lastChange(place.schema());
        place.proxy().cutBeforeAnswer(() -> lastChange(place.schema()) > before);
        return () -> place.proxy().cutBeforeAnswer(() -> false);
    }

    private static long lastChange(String schema) {
        try (Connection connection = PLACES.database().connect();
                Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery("SELECT coalesce(max(id), 0) FROM " + schema + ".zestor_outbox")) {
            row.next();
            return row.getLong(1);
        } catch (SQLException failure) {
            throw new AssertionError(failure);
        }
    }

    @AfterEach
    void clear() throws Exception {
        PLACES.clear();
    }

    @AfterAll
    static void drop() throws SQLException {
        PLACES.drop();
    }
}

package dev.tidemark.store.postgres;

import dev.tidemark.store.Backend;
import dev.tidemark.store.tck.EventStoreTck;
import dev.tidemark.store.tck.Fault;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;

/** With data that is not JSON, and so kept as bytes. */
class PostgresEventsTckTest extends EventStoreTck {
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
    protected Duration patience() {
        return Duration.ofMinutes(2);
    }

    @Override
    protected Fault stallWrites(Path directory) {
        return PLACES.lock(directory, "events");
    }

    @Override
    protected Fault cutOff(Path directory) {
        return PLACES.cutOff(directory);
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

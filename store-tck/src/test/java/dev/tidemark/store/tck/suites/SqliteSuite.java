package dev.tidemark.store.tck.suites;

import dev.tidemark.store.Backend;
import dev.tidemark.store.sqlite.SqliteBackend;
import dev.tidemark.store.sqlite.SqliteOptions;
import dev.tidemark.store.tck.Capability;
import dev.tidemark.store.tck.Fault;
import dev.tidemark.store.tck.Lacks;
import dev.tidemark.store.tck.StoreTck;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

@Lacks(value = Capability.OUTAGE, because = "there is no connection between a process and its file that could break")
@Lacks(
        value = Capability.LOST_ACKNOWLEDGEMENT,
        because = "a commit to a file is acknowledged by the call that makes it")
abstract class SqliteSuite extends StoreTck {
    /** A slow disk is no failure. */
    private static final Duration PATIENT = Duration.ofMinutes(1);

    static SqliteOptions at(Path directory) {
        return SqliteOptions.at(directory.resolve("store.db"))
                .withTimeout(PATIENT)
                .withWatchPolling(Duration.ofMillis(5));
    }

    @Override
    protected Backend openBackend(Path directory) {
        return SqliteBackend.open(at(directory));
    }

    @Override
    protected Backend openWithTimeout(Path directory, Duration timeout) {
        return SqliteBackend.open(at(directory).withTimeout(timeout));
    }

    @Override
    protected Backend openRetaining(Path directory, int changes) {
        return SqliteBackend.open(at(directory).withHistoryLimit(changes));
    }

    @Override
    protected Fault stallWrites(Path directory) {
        return holdLock(directory);
    }

    /** Holds the write lock of the file, as another process may. */
    static Fault holdLock(Path directory) {
        try {
            Connection other = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("store.db"));
            try (Statement statement = other.createStatement()) {
                statement.execute("BEGIN IMMEDIATE");
            }
            return () -> end(other);
        } catch (SQLException failure) {
            throw new AssertionError("can't take the lock", failure);
        }
    }

    private static void end(Connection other) {
        try (other;
                Statement statement = other.createStatement()) {
            statement.execute("ROLLBACK");
        } catch (SQLException failure) {
            throw new AssertionError("can't release the lock", failure);
        }
    }
}

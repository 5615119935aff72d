package dev.tidemark.benchmarks.sqlite;

import dev.tidemark.benchmarks.harness.Data;
import dev.tidemark.store.Store;
import dev.tidemark.store.sqlite.SqliteBackend;
import dev.tidemark.store.sqlite.SqliteOptions;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;

/** DataFiles in a directory, each new. */
public final class DataFiles {
    private final Path directory;
    private final AtomicInteger number = new AtomicInteger();

    /** DataFiles in that directory, which is emptied by its owner. */
    public DataFiles(Path directory) {
        this.directory = directory;
    }

    /** A name that was not used yet. */
    Path next() {
        return directory.resolve("data-" + number.incrementAndGet() + ".db");
    }

    /** What SQLite's figures depend on, by the names of its pragmas: the same for all who use it. */
    public Map<String, String> settings() throws SQLException {
        Path file = next();
        open(file).close();
        try (RawSqlite raw = new RawSqlite(file)) {
            return raw.settings();
        }
    }

    static SqliteBackend open(Path file) {
        return SqliteBackend.open(SqliteOptions.at(file)
                .withSynchronous(SqliteOptions.Synchronous.FULL)
                .withTimeout(Duration.ofMinutes(2)));
    }

    /** A new file with the usual entries. */
    Path filled() {
        Path file = next();
        try (SqliteBackend backend = open(file)) {
            fill(backend.store(Data.CODEC));
        }
        return file;
    }

    static void fill(Store<byte[]> store) {
        store.setAll(Data.KIND, Data.entries(Data.KEYS, new SplittableRandom(1)));
    }
}

package dev.tidemark.benchmarks.sqlite;

import dev.tidemark.benchmarks.harness.Data;
import dev.tidemark.store.Store;
import dev.tidemark.store.sqlite.SqliteBackend;
import dev.tidemark.store.sqlite.SqliteOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;

/** Files in a directory, each new. */
public final class Files {
    private final Path directory;
    private final AtomicInteger number = new AtomicInteger();

    /** Files in that directory, which is emptied by its owner. */
    public Files(Path directory) {
        this.directory = directory;
    }

    /** A name that was not used yet. */
    Path next() {
        return directory.resolve("data-" + number.incrementAndGet() + ".db");
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

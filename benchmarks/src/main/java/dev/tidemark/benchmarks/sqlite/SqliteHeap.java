package dev.tidemark.benchmarks.sqlite;

import dev.tidemark.benchmarks.harness.Data;
import dev.tidemark.benchmarks.heap.Heap.Filled;
import dev.tidemark.benchmarks.heap.Heap.Source;
import dev.tidemark.store.Store;
import dev.tidemark.store.sqlite.SqliteBackend;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Stores in files, filled in large batches. */
public final class SqliteHeap implements Source {
    private static final int BATCH = 50_000;
    private static final String TEXT = "x".repeat(100);

    private final DataFiles files;

    /** Stores in these files. */
    public SqliteHeap(DataFiles files) {
        this.files = files;
    }

    @Override
    public Filled fill(int entries) {
        Path file = files.next();
        try (SqliteBackend backend = DataFiles.open(file)) {
            Store<byte[]> store = backend.store(Data.CODEC);
            for (int first = 0; first < entries; first += BATCH) {
                store.setAll(Data.KIND, batch(first, Math.min(first + BATCH, entries)));
            }
        }
        return new Filled() {
            @Override
            public String uri() {
                return "sqlite:" + file;
            }

            @Override
            public void close() {
                // The directory is emptied at the end.
            }
        };
    }

    private static Map<String, byte[]> batch(int from, int to) {
        Map<String, byte[]> batch = new HashMap<>();
        for (int i = from; i < to; i++) {
            String json = "{\"number\":" + i + ",\"text\":\"" + TEXT + "\"}";
            batch.put(Data.key(i), json.getBytes(StandardCharsets.UTF_8));
        }
        return batch;
    }
}

package dev.tidemark.benchmarks.sqlite;

import dev.tidemark.benchmarks.harness.Data;
import dev.tidemark.benchmarks.harness.Growth.Grown;
import dev.tidemark.benchmarks.harness.Growth.Subject;
import dev.tidemark.store.Store;
import dev.tidemark.store.sqlite.SqliteBackend;
import java.util.SplittableRandom;

/** A store in a file. Keys are written in one transaction, changes beyond them in batches over all keys. */
public final class SqliteGrowth implements Subject {
    private final DataFiles files;

    /** Stores in these files. */
    public SqliteGrowth(DataFiles files) {
        this.files = files;
    }

    @Override
    public Grown open(int keys, int changes) {
        SqliteBackend backend = DataFiles.open(files.next());
        Store<byte[]> store = backend.store(Data.CODEC);
        SplittableRandom random = new SplittableRandom(keys);
        store.setAll(Data.KIND, Data.entries(keys, random));
        for (int made = 0; made < changes; made += keys) {
            store.setAll(Data.KIND, Data.entries(keys, random));
        }
        return new Grown() {
            @Override
            public Store<byte[]> store() {
                return store;
            }

            @Override
            public void close() {
                backend.close();
            }
        };
    }
}

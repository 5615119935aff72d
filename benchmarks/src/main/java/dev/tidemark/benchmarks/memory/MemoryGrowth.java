package dev.tidemark.benchmarks.memory;

import dev.tidemark.benchmarks.harness.Data;
import dev.tidemark.benchmarks.harness.Growth.Grown;
import dev.tidemark.benchmarks.harness.Growth.Subject;
import dev.tidemark.store.Store;
import dev.tidemark.store.inmemory.InMemoryBackend;
import dev.tidemark.store.inmemory.InMemoryOptions;
import java.util.SplittableRandom;

/** A store in memory. */
public final class MemoryGrowth implements Subject {
    private static final int HISTORY = 2_000_000;

    @Override
    public Grown open(int keys, int changes) {
        int history = changes == 0 ? 1 : HISTORY;
        InMemoryBackend backend =
                InMemoryBackend.open(InMemoryOptions.defaults().withHistorySize(history));
        Store<byte[]> store = backend.store(Data.CODEC);
        SplittableRandom random = new SplittableRandom(keys);
        store.setAll(Data.KIND, Data.entries(keys, random));
        for (int i = 0; i < changes; i++) {
            store.set(Data.KIND, Data.key(random.nextInt(keys)), Data.value(random));
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

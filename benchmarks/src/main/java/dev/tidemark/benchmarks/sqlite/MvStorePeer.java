package dev.tidemark.benchmarks.sqlite;

import dev.tidemark.benchmarks.harness.Callers;
import dev.tidemark.benchmarks.harness.Contender;
import dev.tidemark.benchmarks.harness.Data;
import java.util.SplittableRandom;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;

/** H2's MVStore: a map in a file, committed and synced by each set, or by one of several callers for all that have written. */
final class MvStorePeer {
    private MvStorePeer() {}

    static Contender get(DataFiles files) {
        return round -> {
            try (MVStore store = open(files)) {
                MVMap<String, byte[]> map = filled(store);
                return new double[] {Callers.rate(1, round, number -> random -> Data.check(map.get(Data.key(random))))};
            }
        };
    }

    static Contender set(DataFiles files, int callers) {
        return round -> {
            try (MVStore store = open(files)) {
                MVMap<String, byte[]> map = filled(store);
                SharedCommit commit = new SharedCommit(() -> {
                    store.commit();
                    store.sync();
                });
                return new double[] {
                    Callers.rate(callers, round, number -> random -> {
                        map.put(Data.key(random), Data.value(random));
                        commit.await();
                    })
                };
            }
        };
    }

    private static MVStore open(DataFiles files) {
        return new MVStore.Builder()
                .fileName(files.next().toString())
                .autoCommitDisabled()
                .open();
    }

    private static MVMap<String, byte[]> filled(MVStore store) {
        MVMap<String, byte[]> map = store.openMap(Data.KIND);
        map.putAll(Data.entries(Data.KEYS, new SplittableRandom(1)));
        store.commit();
        return map;
    }
}

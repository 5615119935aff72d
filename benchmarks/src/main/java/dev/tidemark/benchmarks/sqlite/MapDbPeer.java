package dev.tidemark.benchmarks.sqlite;

import dev.tidemark.benchmarks.harness.Callers;
import dev.tidemark.benchmarks.harness.Contender;
import dev.tidemark.benchmarks.harness.Data;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentMap;
import org.mapdb.DB;
import org.mapdb.DBMaker;
import org.mapdb.Serializer;

/** MapDB: a hash map in a file with a write-ahead log, synced by each commit; callers share commits as with MVStore. */
final class MapDbPeer {
    private MapDbPeer() {}

    static Contender get(DataFiles files) {
        return round -> {
            try (DB db = open(files)) {
                ConcurrentMap<String, byte[]> map = filled(db);
                return new double[] {Callers.rate(1, round, number -> random -> Data.check(map.get(Data.key(random))))};
            }
        };
    }

    static Contender set(DataFiles files, int callers) {
        return round -> {
            try (DB db = open(files)) {
                ConcurrentMap<String, byte[]> map = filled(db);
                SharedCommit commit = new SharedCommit(db::commit);
                return new double[] {
                    Callers.rate(callers, round, number -> random -> {
                        map.put(Data.key(random), Data.value(random));
                        commit.await();
                    })
                };
            }
        };
    }

    private static DB open(DataFiles files) {
        return DBMaker.fileDB(files.next().toFile()).transactionEnable().make();
    }

    private static ConcurrentMap<String, byte[]> filled(DB db) {
        ConcurrentMap<String, byte[]> map =
                db.hashMap(Data.KIND, Serializer.STRING, Serializer.BYTE_ARRAY).create();
        map.putAll(Data.entries(Data.KEYS, new SplittableRandom(1)));
        db.commit();
        return map;
    }
}

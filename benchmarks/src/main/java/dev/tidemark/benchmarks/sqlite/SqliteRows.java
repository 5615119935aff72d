package dev.tidemark.benchmarks.sqlite;

import dev.tidemark.benchmarks.harness.Bench;
import dev.tidemark.benchmarks.harness.Callers;
import dev.tidemark.benchmarks.harness.Callers.Caller;
import dev.tidemark.benchmarks.harness.Contender;
import dev.tidemark.benchmarks.harness.Data;
import dev.tidemark.benchmarks.harness.Goal;
import dev.tidemark.store.Store;
import dev.tidemark.store.sqlite.SqliteBackend;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;

/** Reads and writes of single entries; every write is on the disk when it returns. */
public final class SqliteRows {
    private static final int CALLERS = 32;
    private static final Goal NO_GOAL = new Goal.None();

    private SqliteRows() {}

    /** The benches of this family. */
    public static List<Bench> benches(DataFiles files) {
        return List.of(
                Bench.of("SQLite get", "/s", store(files, 1, SqliteRows::getter))
                        .against("raw statement, same SQL", raw(files, 1, RawSqlite::get), new Goal.AtLeast(0.8))
                        .against("H2 MVStore", MvStorePeer.get(files), NO_GOAL)
                        .against("MapDB", MapDbPeer.get(files), NO_GOAL),
                Bench.of("SQLite set ×1", "/s", store(files, 1, SqliteRows::setter))
                        .against(
                                "raw statements, same SQL",
                                raw(files, 1, (raw, random) -> raw.set(1, random)),
                                new Goal.AtLeast(0.85))
                        .against("H2 MVStore, synced commits", MvStorePeer.set(files, 1), NO_GOAL)
                        .against("MapDB, synced commits", MapDbPeer.set(files, 1), NO_GOAL),
                Bench.of("SQLite set ×32", "/s", store(files, CALLERS, SqliteRows::setter))
                        .against(
                                "batches of 32 by hand",
                                raw(files, CALLERS, (raw, random) -> raw.set(CALLERS, random)),
                                new Goal.AtLeast(0.7))
                        .against("H2 MVStore, synced commits", MvStorePeer.set(files, CALLERS), NO_GOAL)
                        .against("MapDB, synced commits", MapDbPeer.set(files, CALLERS), NO_GOAL));
    }

    private interface Use {
        Caller caller(Store<byte[]> store);
    }

    private static Caller getter(Store<byte[]> store) {
        return random -> Data.check(store.get(Data.KIND, Data.key(random)).orElseThrow());
    }

    private static Caller setter(Store<byte[]> store) {
        return random -> store.set(Data.KIND, Data.key(random), Data.value(random));
    }

    private static Contender store(DataFiles files, int callers, Use use) {
        return round -> {
            try (SqliteBackend backend = DataFiles.open(files.next())) {
                Store<byte[]> store = backend.store(Data.CODEC);
                DataFiles.fill(store);
                Caller caller = use.caller(store);
                return new double[] {Callers.rate(callers, round, number -> caller)};
            }
        };
    }

    private interface RawUse {
        void use(RawSqlite raw, SplittableRandom random) throws Exception;
    }

    /** One caller does so many operations in a call. */
    private static Contender raw(DataFiles files, int operations, RawUse use) {
        return round -> {
            Path file = files.filled();
            try (RawSqlite raw = new RawSqlite(file)) {
                double calls = Callers.rate(1, round, number -> random -> use.use(raw, random));
                return new double[] {calls * operations};
            }
        };
    }
}

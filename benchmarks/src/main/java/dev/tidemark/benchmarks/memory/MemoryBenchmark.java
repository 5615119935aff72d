package dev.tidemark.benchmarks.memory;

import dev.tidemark.benchmarks.harness.Data;
import dev.tidemark.store.SetResult;
import dev.tidemark.store.Store;
import dev.tidemark.store.StoreOptions;
import dev.tidemark.store.inmemory.InMemoryBackend;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.jspecify.annotations.Nullable;
import org.mapdb.DB;
import org.mapdb.DBMaker;
import org.mapdb.Serializer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Single reads and writes in memory: by a store, by a map, by the peers. Each state holds the usual keys. */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class MemoryBenchmark {
    private static final String[] KEYS = new String[Data.KEYS];
    private static final String[] VALUES = new String[64];

    static {
        for (int i = 0; i < KEYS.length; i++) {
            KEYS[i] = Data.key(i);
        }
        for (int i = 0; i < VALUES.length; i++) {
            VALUES[i] = "value-" + i;
        }
    }

    private static String key() {
        return KEYS[ThreadLocalRandom.current().nextInt(KEYS.length)];
    }

    private static String value() {
        return VALUES[ThreadLocalRandom.current().nextInt(VALUES.length)];
    }

    /** A store that keeps values as they are given. */
    @State(Scope.Benchmark)
    public static class OfStore {
        private final InMemoryBackend backend = InMemoryBackend.open();
        private final Store<String> store = backend.store(StoreOptions.defaults());

        /** Fills it. */
        @Setup
        public void fill() {
            for (String key : KEYS) {
                store.set(Data.KIND, key, "");
            }
        }

        /** Closes it. */
        @TearDown
        public void close() {
            backend.close();
        }
    }

    /** A map, and the new value only if it differs. */
    @State(Scope.Benchmark)
    public static class OfMap {
        private final ConcurrentMap<String, String> map = new ConcurrentHashMap<>();

        /** Fills it. */
        @Setup
        public void fill() {
            for (String key : KEYS) {
                map.put(key, "");
            }
        }
    }

    /** H2's MVStore without a file. */
    @State(Scope.Benchmark)
    public static class OfMvStore {
        private final MVStore store = new MVStore.Builder().open();
        private final MVMap<String, String> map = store.openMap(Data.KIND);

        /** Fills it. */
        @Setup
        public void fill() {
            for (String key : KEYS) {
                map.put(key, "");
            }
        }

        /** Closes it. */
        @TearDown
        public void close() {
            store.close();
        }
    }

    /** MapDB on the heap. */
    @State(Scope.Benchmark)
    public static class OfMapDb {
        private final DB db = DBMaker.heapDB().make();
        private final ConcurrentMap<String, String> map =
                db.hashMap(Data.KIND, Serializer.STRING, Serializer.STRING).create();

        /** Fills it. */
        @Setup
        public void fill() {
            for (String key : KEYS) {
                map.put(key, "");
            }
        }

        /** Closes it. */
        @TearDown
        public void close() {
            db.close();
        }
    }

    /** Reads from a store. */
    @Benchmark
    public Optional<String> storeGet(OfStore state) {
        return state.store.get(Data.KIND, key());
    }

    /** Reads from a map. */
    @Benchmark
    public @Nullable String mapGet(OfMap state) {
        return state.map.get(key());
    }

    /** Reads from MVStore. */
    @Benchmark
    public @Nullable String mvStoreGet(OfMvStore state) {
        return state.map.get(key());
    }

    /** Reads from MapDB. */
    @Benchmark
    public @Nullable String mapDbGet(OfMapDb state) {
        return state.map.get(key());
    }

    /** Writes to a store. */
    @Benchmark
    public SetResult storeSet(OfStore state) {
        return state.store.set(Data.KIND, key(), value());
    }

    /** Writes to a map. */
    @Benchmark
    public @Nullable String mapSet(OfMap state) {
        String value = value();
        return state.map.compute(key(), (key, old) -> Objects.equals(old, value) ? old : value);
    }

    /** Writes to MVStore. */
    @Benchmark
    public @Nullable String mvStoreSet(OfMvStore state) {
        return state.map.put(key(), value());
    }

    /** Writes to MapDB. */
    @Benchmark
    public @Nullable String mapDbSet(OfMapDb state) {
        return state.map.put(key(), value());
    }
}

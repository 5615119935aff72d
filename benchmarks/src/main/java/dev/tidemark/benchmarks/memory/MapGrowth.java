package dev.tidemark.benchmarks.memory;

import dev.tidemark.benchmarks.harness.Bench;
import dev.tidemark.benchmarks.harness.Bench.Measure;
import dev.tidemark.benchmarks.harness.Bench.Rival;
import dev.tidemark.benchmarks.harness.Callers;
import dev.tidemark.benchmarks.harness.Callers.Caller;
import dev.tidemark.benchmarks.harness.Contender;
import dev.tidemark.benchmarks.harness.Data;
import dev.tidemark.benchmarks.harness.Goal;
import dev.tidemark.benchmarks.harness.Round;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What becomes of a bare map when it grows: what the processor's caches cost any store in memory. */
public final class MapGrowth implements Contender {
    private final int keys;
    private @Nullable ConcurrentHashMap<String, byte[]> map;

    private MapGrowth(int keys) {
        this.keys = keys;
    }

    /** Has no goals, since nothing of it is ours. */
    public static Bench bench() {
        Rival small = new Rival("itself with 1 000", new MapGrowth(1_000), List.of(new Goal.None(), new Goal.None()));
        List<Measure> measures = List.of(new Measure("get", "/s"), new Measure("compute", "/s"));
        return new Bench(
                "ConcurrentHashMap with 1 000 000 keys", measures, new MapGrowth(1_000_000), List.of(small), false);
    }

    @Override
    public double[] run(Round round) throws Exception {
        int present = round.profile().size(keys);
        if (map == null) {
            map = new ConcurrentHashMap<>(Data.entries(present, new SplittableRandom(keys)));
        }
        ConcurrentHashMap<String, byte[]> filled = map;
        Caller getter = random -> Data.check(filled.get(Data.key(random.nextInt(present))));
        Caller setter = random -> {
            byte[] value = Data.value(random);
            filled.compute(
                    Data.key(random.nextInt(present)),
                    (key, old) -> old != null && Arrays.equals(old, value) ? old : value);
        };
        return new double[] {
            Callers.rate(1, round.shorter(), number -> getter), Callers.rate(1, round.shorter(), number -> setter)
        };
    }

    @Override
    public void close() {
        map = null;
    }
}

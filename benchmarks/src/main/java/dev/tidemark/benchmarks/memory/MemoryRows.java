package dev.tidemark.benchmarks.memory;

import dev.tidemark.benchmarks.harness.Bench;
import dev.tidemark.benchmarks.harness.Contender;
import dev.tidemark.benchmarks.harness.Goal;
import dev.tidemark.benchmarks.harness.Profile;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** JMH's benchmarks as benches: a turn is a fork. */
public final class MemoryRows {
    private static final Goal NO_GOAL = new Goal.None();

    private MemoryRows() {}

    /** The benches of this family. */
    public static List<Bench> benches() {
        return List.of(
                Bench.of("memory get", "/s", single("storeGet"))
                        .against("ConcurrentHashMap get", single("mapGet"), new Goal.AtLeast(0.5))
                        .against("H2 MVStore, no file", single("mvStoreGet"), NO_GOAL)
                        .against("MapDB, on the heap", single("mapDbGet"), NO_GOAL),
                Bench.of("memory set", "/s", single("storeSet"))
                        .against("ConcurrentHashMap compute with equals", single("mapSet"), new Goal.AtLeast(0.3))
                        .against("H2 MVStore, no file", single("mvStoreSet"), NO_GOAL)
                        .against("MapDB, on the heap", single("mapDbSet"), NO_GOAL),
                Bench.of("memory watch hand-off", "/s", fork(HandOffBenchmark.class, "watch"))
                        .against("ArrayBlockingQueue", fork(HandOffBenchmark.class, "queue"), new Goal.AtLeast(0.3)));
    }

    private static Contender single(String method) {
        return fork(MemoryBenchmark.class, method);
    }

    private static Contender fork(Class<?> benchmark, String method) {
        return round -> {
            if (round.number() == 0) {
                return new double[1]; // the fork of one round is no practice for the next
            }
            Options options = options(benchmark.getName() + "." + method, round.profile());
            return new double[] {
                new Runner(options).runSingle().getPrimaryResult().getScore()
            };
        };
    }

    private static Options options(String name, Profile profile) {
        return new OptionsBuilder()
                .include("^" + name + "$")
                .forks(1)
                .threads(1)
                .warmupIterations(2)
                .warmupTime(time(profile.warmUp()))
                .measurementIterations(2)
                .measurementTime(time(profile.measured().dividedBy(2)))
                .jvmArgs("-Xmx512m")
                .verbosity(VerboseMode.SILENT)
                .build();
    }

    private static TimeValue time(Duration duration) {
        return new TimeValue(duration.toMillis(), TimeUnit.MILLISECONDS);
    }
}

package dev.tidemark.benchmarks.heap;

import dev.tidemark.benchmarks.harness.Bench;
import dev.tidemark.benchmarks.harness.Bench.Measure;
import dev.tidemark.benchmarks.harness.Bench.Rival;
import dev.tidemark.benchmarks.harness.Child;
import dev.tidemark.benchmarks.harness.Contender;
import dev.tidemark.benchmarks.harness.Data;
import dev.tidemark.benchmarks.harness.Goal;
import dev.tidemark.cli.Main;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;

/** Reads everything in a JVM of 64 MB, and counts what comes. It is not timed. */
public final class Heap {
    private static final int ENTRIES = 1_000_000;
    private static final List<String> HEAP = List.of("-Xmx64m");

    private Heap() {}

    /** A store that is filled, and emptied when it is closed. */
    public interface Filled extends AutoCloseable {

        /** The URI of the store. */
        String uri();

        @Override
        void close() throws IOException, SQLException;
    }

    /** Makes such stores. */
    @FunctionalInterface
    public interface Source {

        /** A store with so many entries of the usual kind, whose values are JSON. */
        Filled fill(int entries) throws Exception;
    }

    /** The bench of a kind of store. */
    public static Bench bench(String name, Source source) {
        List<Measure> measures = List.of(
                new Measure("stream", "entries"), new Measure("export", "entries"), new Measure("replay", "entries"));
        Goal all = new Goal.AtLeast(1);
        Contender present = round -> {
            double entries = round.profile().size(ENTRIES);
            return new double[] {entries, entries, entries};
        };
        return new Bench(
                name + " in a heap of 64 MB",
                measures,
                reader(source),
                List.of(new Rival("entries that there are", present, List.of(all, all, all))),
                true);
    }

    private static Contender reader(Source source) {
        return round -> {
            try (Filled filled = source.fill(round.profile().size(ENTRIES))) {
                return new double[] {
                    count(Child.start(HeapProcess.class, HEAP, "stream", filled.uri())),
                    count(Child.start(Main.class, HEAP, "--store", filled.uri(), "export", Data.KIND)),
                    count(Child.start(HeapProcess.class, HEAP, "replay", filled.uri()))
                };
            }
        };
    }

    private static long count(Child child) throws Exception {
        try (child) {
            return child.countLines();
        }
    }
}

package dev.tidemark.benchmarks.harness;

import dev.tidemark.benchmarks.harness.Bench.Measure;
import dev.tidemark.benchmarks.harness.Bench.Rival;
import dev.tidemark.benchmarks.harness.Callers.Caller;
import dev.tidemark.store.Store;
import dev.tidemark.store.WatchOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What becomes of reads and writes when a store grows: it is compared with itself at its smallest. */
public final class Growth implements Contender {
    private static final Goal HARDLY_SLOWER = new Goal.AtLeast(0.7);
    private static final int BUFFER = 100_000;

    private final Subject subject;
    private final int keys;
    private final int watches;
    private final int changes;
    private @Nullable Grown grown;

    /** A kind of store. */
    @FunctionalInterface
    public interface Subject {

        /** Opens a store with so many of the usual keys, and so many changes in its history, or not many more. */
        Grown open(int keys, int changes) throws Exception;
    }

    /** A store of some size. */
    public interface Grown {

        /** The store. */
        Store<byte[]> store();

        /** Closes it and throws away what it held. */
        void close() throws Exception;
    }

    private Growth(Subject subject, int keys, int watches, int changes) {
        this.subject = subject;
        this.keys = keys;
        this.watches = watches;
        this.changes = changes;
    }

    /** The benches of a kind of store. */
    public static List<Bench> benches(String name, Subject subject, Profile profile) {
        List<Bench> benches = new ArrayList<>();
        for (int keys : profile.steps(10_000, 100_000, 1_000_000)) {
            benches.add(bench(
                    name + " with " + number(keys) + " keys",
                    new Growth(subject, keys, 0, 0),
                    "itself with 1 000",
                    new Growth(subject, 1_000, 0, 0)));
        }
        for (int watches : profile.steps(10, 100, 1_000)) {
            benches.add(bench(
                    name + " with " + number(watches) + " watches",
                    new Growth(subject, Data.KEYS, watches, 0),
                    "itself with 1",
                    new Growth(subject, Data.KEYS, 1, 0)));
        }
        for (int changes : profile.steps(10_000, 100_000, 1_000_000)) {
            benches.add(bench(
                    name + " with " + number(changes) + " changes kept",
                    new Growth(subject, Data.KEYS, 0, changes),
                    "itself with none",
                    new Growth(subject, Data.KEYS, 0, 0)));
        }
        return benches;
    }

    private static String number(int number) {
        return String.format(Locale.ROOT, "%,d", number).replace(',', ' ');
    }

    private static Bench bench(String name, Growth large, String smallName, Growth small) {
        List<Measure> measures = List.of(new Measure("get", "/s"), new Measure("set", "/s"));
        return new Bench(
                name,
                measures,
                large,
                List.of(new Rival(smallName, small, List.of(HARDLY_SLOWER, HARDLY_SLOWER))),
                false);
    }

    @Override
    public double[] run(Round round) throws Exception {
        int present = round.profile().size(keys);
        Store<byte[]> store = store(round, present).store();
        Caller getter = random -> Data.check(
                store.get(Data.KIND, Data.key(random.nextInt(present))).orElseThrow());
        Caller setter = random -> store.set(Data.KIND, Data.key(random.nextInt(present)), Data.value(random));
        return new double[] {
            Callers.rate(1, round.shorter(), number -> getter), Callers.rate(1, round.shorter(), number -> setter)
        };
    }

    private Grown store(Round round, int present) throws Exception {
        if (grown == null) {
            Grown opened = subject.open(present, round.profile().size(changes));
            for (int i = 0; i < watches; i++) {
                WatchOptions one = WatchOptions.defaults().withKey(Data.key(i)).withBufferSize(BUFFER);
                opened.store().watch(Data.KIND, one);
            }
            grown = opened;
        }
        return grown;
    }

    @Override
    public void close() throws Exception {
        if (grown != null) {
            grown.close();
        }
    }
}

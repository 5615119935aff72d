package dev.tidemark.benchmarks.harness;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** A closed loop: each caller waits for its answer before it calls again. */
public final class Callers {

    /** What one caller does all the time. */
    @FunctionalInterface
    public interface Caller {

        /** One operation. */
        void call(SplittableRandom random) throws Exception;

        /** Gives back what it used. */
        default void close() throws Exception {}
    }

    /** Makes callers. */
    @FunctionalInterface
    public interface Source {

        /** The caller of that number. */
        Caller caller(int number) throws Exception;
    }

    private final List<Caller> callers;
    private volatile boolean counting;
    private volatile boolean over;

    private Callers(List<Caller> callers) {
        this.callers = callers;
    }

    /** How many operations so many callers get done in a second, after they have warmed up. */
    public static double rate(int number, Round round, Source source) throws Exception {
        List<Caller> callers = new ArrayList<>();
        try {
            for (int i = 0; i < number; i++) {
                callers.add(source.caller(i));
            }
            return new Callers(callers).run(round);
        } finally {
            for (Caller caller : callers) {
                caller.close();
            }
        }
    }

    private double run(Round round) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(callers.size());
        try {
            List<Future<Long>> counts = new ArrayList<>();
            for (int i = 0; i < callers.size(); i++) {
                Caller caller = callers.get(i);
                SplittableRandom random = new SplittableRandom(31L * round.number() + 1_000_003L * i);
                counts.add(threads.submit(() -> loop(caller, random)));
            }
            pause(round.warmUp());
            long start = System.nanoTime();
            counting = true;
            pause(round.measured());
            over = true;
            double seconds = (System.nanoTime() - start) / 1e9;
            return sum(counts) / seconds;
        } finally {
            over = true;
            threads.shutdownNow();
            threads.awaitTermination(1, TimeUnit.MINUTES);
        }
    }

    /** Counts what ended in time; as many as had begun earlier are cut off at the end. */
    private long loop(Caller caller, SplittableRandom random) throws Exception {
        long count = 0;
        while (!over) {
            caller.call(random);
            if (counting && !over) {
                count++;
            }
        }
        return count;
    }

    private static long sum(List<Future<Long>> counts) throws Exception {
        long sum = 0;
        for (Future<Long> count : counts) {
            try {
                sum += count.get(1, TimeUnit.MINUTES);
            } catch (ExecutionException failure) {
                throw failure.getCause() instanceof Exception cause ? cause : failure;
            }
        }
        return sum;
    }

    private static void pause(Duration duration) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(duration.toNanos());
    }
}

package dev.tidemark.benchmarks.postgres;

import dev.tidemark.benchmarks.harness.Round;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Writers that start at given moments, whatever became of the writes before; and when each write returned. */
final class Pace {
    private final int writers;
    private final int perSecond;
    private final int warmUp;
    private final long[] returned;
    private double seconds;

    /** Writes the numbers from 0. */
    @FunctionalInterface
    interface Writer {
        void write(int number) throws Exception;
    }

    Pace(int writers, int perSecond, Round round) {
        this.writers = writers;
        this.perSecond = perSecond;
        this.warmUp = writes(round.warmUp());
        this.returned = new long[warmUp + writes(round.measured().multipliedBy(4))];
    }

    private int writes(Duration time) {
        return (int) (perSecond * time.toMillis() / 1_000);
    }

    void run(Writer writer) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(writers);
        try {
            List<Future<?>> running = new ArrayList<>();
            long start = System.nanoTime();
            for (int i = 0; i < writers; i++) {
                int first = i;
                running.add(threads.submit(() -> {
                    write(writer, first, start);
                    return null;
                }));
            }
            for (Future<?> one : running) {
                one.get(10, TimeUnit.MINUTES);
            }
            seconds = (System.nanoTime() - start) / 1e9;
        } finally {
            threads.shutdownNow();
        }
    }

    private void write(Writer writer, int first, long start) throws Exception {
        for (int number = first; number < returned.length; number += writers) {
            long wait = start + number * TimeUnit.SECONDS.toNanos(1) / perSecond - System.nanoTime();
            if (wait > 0) {
                LockSupport.parkNanos(wait);
            }
            writer.write(number);
            returned[number] = Stamp.micros();
        }
    }

    int writes() {
        return returned.length;
    }

    /** How many of them don't count. */
    int warmUp() {
        return warmUp;
    }

    /** When the write of that number returned, in microseconds. */
    long returned(int number) {
        return returned[number];
    }

    /** How many writes there really were in a second. */
    double rate() {
        return returned.length / seconds;
    }
}

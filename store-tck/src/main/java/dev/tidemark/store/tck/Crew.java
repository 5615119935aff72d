package dev.tidemark.store.tck;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The threads of a test. Waiting for them is bounded, and what they throw comes out. */
final class Crew implements AutoCloseable {

    /** A part of a race: what thread {@code index} does. */
    @FunctionalInterface
    interface Part<T> {
        T run(int index) throws Exception;
    }

    /** Keeps no idle thread, so that an interrupt that comes late meets no other task. */
    private final ExecutorService threads =
            new ThreadPoolExecutor(0, Integer.MAX_VALUE, 0, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                Thread thread = new Thread(task, "tck");
                thread.setDaemon(true);
                return thread;
            });

    private final Duration patience;

    Crew(Duration patience) {
        this.patience = patience;
    }

    ExecutorService threads() {
        return threads;
    }

    <T> Future<T> start(Callable<T> task) {
        return threads.submit(task);
    }

    /** Runs {@code part} in {@code count} threads that start at one moment, and returns what they returned. */
    <T> List<T> race(int count, Part<T> part) throws Exception {
        CyclicBarrier start = new CyclicBarrier(count);
        List<Future<T>> parts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int index = i;
            parts.add(start(() -> {
                start.await(patience.toNanos(), TimeUnit.NANOSECONDS);
                return part.run(index);
            }));
        }
        List<T> results = new ArrayList<>();
        for (Future<T> result : parts) {
            results.add(await(result));
        }
        return results;
    }

    <T> T await(Future<T> result) throws Exception {
        try {
            return result.get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof Error error) {
                throw error;
            }
            throw failure.getCause() instanceof Exception cause ? cause : failure;
        } catch (TimeoutException stuck) {
            throw new AssertionError("still running after " + patience, stuck);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
        try {
            if (!threads.awaitTermination(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new AssertionError("a thread of the test does not heed its interrupt");
            }
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for the threads of the test", interrupt);
        }
    }
}

package dev.tidemark.benchmarks.memory;

import dev.tidemark.benchmarks.harness.Data;
import dev.tidemark.store.Store;
import dev.tidemark.store.StoreOptions;
import dev.tidemark.store.Watch;
import dev.tidemark.store.WatchOptions;
import dev.tidemark.store.inmemory.InMemoryBackend;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * From the thread that writes to the thread that waits: by a set and a watch, or by a queue. A thousand at a time, since a watch that
 * is a whole buffer behind ends; the next thousand begin when the last ones have all arrived.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class HandOffBenchmark {
    private static final int BURST = 1_000;

    /** What a consumer takes from. */
    private interface Source {
        void take() throws InterruptedException;
    }

    /** A thread that takes all the time, and tells of every thousand. */
    private static final class Consumer {
        private final Semaphore bursts = new Semaphore(0);
        private final Thread thread;

        Consumer(Source source) {
            thread = new Thread(() -> consume(source));
            thread.setDaemon(true);
            thread.start();
        }

        private void consume(Source source) {
            try {
                for (int taken = 1; !Thread.interrupted(); taken++) {
                    source.take();
                    if (taken % BURST == 0) {
                        bursts.release();
                    }
                }
            } catch (InterruptedException over) {
                Thread.currentThread().interrupt();
            }
        }

        void awaitBurst() throws InterruptedException {
            bursts.acquire();
        }

        void stop() throws InterruptedException {
            thread.interrupt();
            thread.join();
        }
    }

    /** A store and a watch. */
    @State(Scope.Benchmark)
    public static class OfStore {
        private final InMemoryBackend backend = InMemoryBackend.open();
        private final Store<Long> store = backend.store(StoreOptions.defaults());
        private final Watch<Long> watch = store.watch(Data.KIND, WatchOptions.defaults());
        private final Consumer consumer = new Consumer(() -> {
            while (watch.poll(Duration.ofMinutes(1)).isEmpty()) {
                Thread.onSpinWait();
            }
        });
        private long number;

        /** Ends both. */
        @TearDown
        public void close() throws InterruptedException {
            consumer.stop();
            backend.close();
        }
    }

    /** A queue of the size of a watch's buffer. */
    @State(Scope.Benchmark)
    public static class OfQueue {
        private final BlockingQueue<Long> queue = new ArrayBlockingQueue<>(4096);
        private final Consumer consumer = new Consumer(queue::take);
        private long number;

        /** Nothing waits in it. */
        @Setup
        public void check() {
            if (!queue.isEmpty()) {
                throw new IllegalStateException("the queue is not empty");
            }
        }

        /** Ends its consumer. */
        @TearDown
        public void close() throws InterruptedException {
            consumer.stop();
        }
    }

    /** Sets, and a watch that delivers. */
    @Benchmark
    @OperationsPerInvocation(BURST)
    public void watch(OfStore state) throws InterruptedException {
        for (int i = 0; i < BURST; i++) {
            state.store.set(Data.KIND, "key", ++state.number);
        }
        state.consumer.awaitBurst();
    }

    /** Puts, and somebody who takes. */
    @Benchmark
    @OperationsPerInvocation(BURST)
    public void queue(OfQueue state) throws InterruptedException {
        for (int i = 0; i < BURST; i++) {
            state.queue.put(++state.number);
        }
        state.consumer.awaitBurst();
    }
}

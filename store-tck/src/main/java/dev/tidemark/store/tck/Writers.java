package dev.tidemark.store.tck;

import dev.tidemark.store.Store;
import dev.tidemark.store.WriteBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Future;

/** Threads that change a few keys of a few kinds in every way, each a given number of times. */
final class Writers {
    static final int KEYS = 12;

    private final List<Future<Integer>> running = new ArrayList<>();
    private final Crew crew;

    private Writers(Crew crew) {
        this.crew = crew;
    }

    static Writers start(Crew crew, Store<Sample> store, int threads, int writes) {
        Writers writers = new Writers(crew);
        for (int thread = 0; thread < threads; thread++) {
            int seed = thread;
            writers.running.add(crew.start(() -> {
                Random random = new Random(seed);
                for (int i = 0; i < writes; i++) {
                    write(store, random, new Sample("of writer " + seed, i));
                }
                return writes;
            }));
        }
        return writers;
    }

    boolean areDone() {
        return running.stream().allMatch(Future::isDone);
    }

    /** Waits for all; what one of them threw comes out. */
    void await() throws Exception {
        for (Future<Integer> writer : running) {
            crew.await(writer);
        }
    }

    static String kind(int number) {
        return "kind" + number % 3;
    }

    private static void write(Store<Sample> store, Random random, Sample value) {
        int number = random.nextInt(KEYS);
        String key = "key" + number;
        switch (random.nextInt(8)) {
            case 0, 1 -> store.delete(kind(number), key);
            case 2 -> store.upsert(kind(number), key, before -> value);
            case 3 ->
                store.write(new WriteBatch<Sample>()
                        .set(kind(number), key, value)
                        .delete(kind(number + 1), "key" + (number + 1) % KEYS)
                        .set(kind(number), "batched", value));
            default -> store.set(kind(number), key, value);
        }
    }
}

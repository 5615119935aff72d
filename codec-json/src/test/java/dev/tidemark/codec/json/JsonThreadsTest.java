package dev.tidemark.codec.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.tidemark.codec.Codec;
import dev.tidemark.codec.samples.Samples.Circle;
import dev.tidemark.codec.samples.Samples.Page;
import dev.tidemark.codec.samples.Samples.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Eight threads share one codec that none has used before. */
class JsonThreadsTest {
    private static final int THREADS = 8;

    @Test
    void codecsAreThreadSafe() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(THREADS);
        try {
            for (int round = 0; round < 10; round++) {
                Codec<Page<Map<Object, Shape>>> codec = JsonCodec.of(new TypeReference<>() {});
                CountDownLatch start = new CountDownLatch(THREADS);
                List<Future<?>> done = new ArrayList<>();
                for (int thread = 0; thread < THREADS; thread++) {
                    int id = thread;
                    done.add(pool.submit(() -> roundTrips(codec, id, start)));
                }
                for (Future<?> future : done) {
                    future.get();
                }
            }
        } finally {
            pool.shutdownNow();
        }
    }

    private static Void roundTrips(Codec<Page<Map<Object, Shape>>> codec, int id, CountDownLatch start)
            throws InterruptedException {
        start.countDown();
        start.await();
        for (int i = 0; i < 100; i++) {
            Map<Object, Shape> shapes =
                    Map.of("id " + id, new Circle(i), "other", new Circle(-i), "third", new Circle(id));
            var page = new Page<>(List.of(shapes), Optional.of("after " + i));
            byte[] bytes = codec.encode(page);
            assertThat(codec.decode(bytes)).isEqualTo(page);
            assertThat(codec.encode(codec.decode(bytes))).isEqualTo(bytes);
        }
        return null;
    }
}

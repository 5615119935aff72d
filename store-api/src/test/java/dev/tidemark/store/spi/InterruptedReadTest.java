package dev.tidemark.store.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidemark.store.Change;
import dev.tidemark.store.StoreInterruptedException;
import dev.tidemark.store.WatchOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An interrupt that meets a poll while it reads ends that read, not the watch. */
class InterruptedReadTest {
    private static final int CHANGES = 2 * WatchHub.PAGE;

    private final WatchHub<String> hub = new WatchHub<>("hub", new InterruptibleHistory(), Duration.ZERO);

    private final Thread consumer = Thread.currentThread();
    private volatile boolean interruptNextRead;

    @AfterEach
    void close() {
        boolean unused = Thread.interrupted();
        hub.close();
    }

    @Test
    void w4_anInterruptWhileHistoryIsReadLosesNothing() throws Exception {
        checkInterruptsOf(hub.watch(WatchOptions.defaults().withStartAfter(0), null));
    }

    @Test
    void w4_anInterruptWhileTheReplayIsReadLosesNothing() throws Exception {
        checkInterruptsOf(hub.watch(WatchOptions.defaults().withInitialReplay(), new InterruptibleSnapshot()));
    }

    private void checkInterruptsOf(RawWatch<String> watch) throws InterruptedException {
        List<Long> delivered = new ArrayList<>();
        while (delivered.size() < WatchHub.PAGE - 1) {
            delivered.add(next(watch));
        }
        interruptNextRead = true;
        delivered.add(next(watch));
        assertThrows(InterruptedException.class, () -> next(watch));
        interruptNextRead = true;
        assertThrows(InterruptedException.class, () -> next(watch));
        while (delivered.size() < CHANGES) {
            delivered.add(next(watch));
        }
        assertEquals(LongStream.rangeClosed(1, CHANGES).boxed().toList(), delivered);
        assertTrue(watch.isSynced());
    }

    /** The version of the next change: they are numbered. */
    private static long next(RawWatch<String> watch) throws InterruptedException {
        RawWatch.Delivery<String> delivery = watch.poll(Duration.ofMinutes(1));
        return delivery == null ? 0 : delivery.change().version();
    }

    private void interruptIfWanted() {
        if (interruptNextRead && Thread.currentThread() == consumer) {
            interruptNextRead = false;
            consumer.interrupt();
            throw new StoreInterruptedException("interrupted while reading", null);
        }
    }

    private final class InterruptibleHistory implements History<String> {
        @Override
        public long newest() {
            return CHANGES;
        }

        @Override
        public History.Page<String> after(long revision, int limit) {
            interruptIfWanted();
            long end = Math.min(CHANGES, revision + limit);
            List<Committed<String>> changes = LongStream.rangeClosed(revision + 1, end)
                    .mapToObj(n -> Committed.of(Change.Type.UPDATED, "kind", "key", "value", n, n, Instant.EPOCH))
                    .toList();
            return new History.Page<>(changes, end == CHANGES);
        }
    }

    private final class InterruptibleSnapshot implements ReplayedOnly<String> {
        @Override
        public long revision() {
            return CHANGES;
        }

        @Override
        public EngineSnapshot.Page<String> page(String kind, KeyRange range, int limit) {
            interruptIfWanted();
            List<Stored<String>> entries = LongStream.rangeClosed(1, CHANGES)
                    .mapToObj(n -> Stored.of(kind, "%08d".formatted(n), "value", n, n, Instant.EPOCH))
                    .filter(entry -> range.contains(entry.key()))
                    .limit(limit)
                    .toList();
            return new EngineSnapshot.Page<>(entries, entries.size() < limit);
        }

        @Override
        public void close() {}
    }
}

package dev.tidemark.store.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.store.Change;
import dev.tidemark.store.HistoryCompactedException;
import dev.tidemark.store.WatchOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The drain is about to read when everything changes. */
class DrainTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final long LATER = 100;

    private final Compacted history = new Compacted();
    private final WatchHub<String> hub = new WatchHub<>("hub", history, Duration.ZERO);

    @AfterEach
    void close() {
        history.goOn.countDown();
        hub.close();
    }

    /** The last watch goes, history passes by, and another watch comes, before the drain has read for the first one. */
    @Test
    void w6_compactionBehindAWatchThatIsGoneEndsNoOther() throws Exception {
        RawWatch<String> first = hub.watch(WatchOptions.defaults(), null);
        assertThat(history.reading.await(PATIENCE.toNanos(), TimeUnit.NANOSECONDS))
                .isTrue();
        first.close();
        history.newest = LATER;
        RawWatch<String> second = hub.watch(WatchOptions.defaults(), null);
        history.goOn.countDown();
        history.newest = LATER + 1;
        hub.poke();
        assertThat(next(second)).isEqualTo(LATER + 1);
    }

    private static long next(RawWatch<String> watch) throws InterruptedException {
        RawWatch.Delivery<String> delivery = watch.poll(PATIENCE);
        assertThat(delivery).isNotNull();
        return delivery.change().revision();
    }

    /** A watch stays, and history passes by before the drain has read for it; those that came meanwhile begin behind what is gone. */
    @Test
    void w6_compactionEndsOnlyThoseWhoMissedSome() throws Exception {
        RawWatch<String> late = hub.watch(WatchOptions.defaults(), null);
        assertThat(history.reading.await(PATIENCE.toNanos(), TimeUnit.NANOSECONDS))
                .isTrue();
        history.newest = LATER + 1;
        RawWatch<String> resumed = hub.watch(WatchOptions.defaults().withStartAfter(LATER), null);
        RawWatch<String> fresh = hub.watch(WatchOptions.defaults(), null);
        history.goOn.countDown();
        assertThatThrownBy(() -> late.poll(PATIENCE)).isInstanceOf(HistoryCompactedException.class);
        assertThat(late.revision()).isZero();
        history.newest = LATER + 2;
        hub.poke();
        assertThat(next(resumed)).isEqualTo(LATER + 1);
        assertThat(next(resumed)).isEqualTo(LATER + 2);
        assertThat(next(fresh)).isEqualTo(LATER + 2);
    }

    /** A line of changes of which those up to {@link #LATER} are gone; its first reader is kept waiting. */
    private static final class Compacted implements History<String> {
        final CountDownLatch reading = new CountDownLatch(1);
        final CountDownLatch goOn = new CountDownLatch(1);
        volatile long newest;

        @Override
        public long newest() {
            return newest;
        }

        @Override
        public Page<String> after(long revision, int limit) {
            if (reading.getCount() > 0) {
                reading.countDown();
                awaitOthers();
            }
            if (revision < LATER) {
                throw new HistoryCompactedException(revision, LATER);
            }
            List<Committed<String>> changes = LongStream.rangeClosed(revision + 1, newest)
                    .mapToObj(n -> Committed.of(Change.Type.CREATED, "kind", "key", "value", n, n, Instant.EPOCH))
                    .toList();
            return new Page<>(changes, true);
        }

        private void awaitOthers() {
            try {
                goOn.await();
            } catch (InterruptedException interrupt) {
                throw new IllegalStateException(interrupt);
            }
        }
    }
}

package dev.tidemark.store.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.store.Change;
import dev.tidemark.store.Watch;
import dev.tidemark.store.WatchClosedException;
import dev.tidemark.store.WatchOptions;
import dev.tidemark.store.WatchOverflowException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/** W3: a watch that can't keep up ends, and nobody waits for it. */
abstract class OverflowRules extends Rules {
    private static final int BUFFER = 10;
    private static final WatchOptions SMALL = WatchOptions.defaults().withBufferSize(BUFFER);

    OverflowRules(StoreTck tck) {
        super(tck);
    }

    /** Writes so many keys, and returns when whoever delivers to watches has delivered the last of them to one that is open. */
    private List<Change<Sample>> write(int count, IntFunction<String> key) throws InterruptedException {
        try (Watch<Sample> witness = store.watch(WatchOptions.defaults().withBufferSize(100_000))) {
            for (int i = 0; i < count; i++) {
                store.set(KIND, key.apply(i), sample(i));
            }
            return next(witness, count);
        }
    }

    private WatchOverflowException overflow(Watch<Sample> watch, List<Change<Sample>> delivered) throws Exception {
        for (int i = 0; i <= BUFFER; i++) {
            try {
                delivered.add(next(watch));
            } catch (WatchOverflowException end) {
                assertThat(end.bufferSize()).isEqualTo(BUFFER);
                return end;
            }
        }
        throw new AssertionError("more than " + BUFFER + " changes waited, and were delivered: " + delivered);
    }

    @Test
    void w3_overflowEndsTheWatch() throws Exception {
        Watch<Sample> watch = watch(SMALL);
        write(BUFFER + 1, i -> "key" + i);
        WatchOverflowException end = overflow(watch, new ArrayList<>());
        assertThatThrownBy(() -> watch.poll(Duration.ZERO))
                .isInstanceOf(WatchClosedException.class)
                .hasCause(end);
        assertThatThrownBy(() -> watch.poll(tck.patience())).isInstanceOf(WatchClosedException.class);
        assertThat(watch.iterator().hasNext()).isFalse();
    }

    @Test
    void w3_overflowLeavesNoGap() throws Exception {
        Watch<Sample> watch = watch(SMALL);
        List<Change<Sample>> written = write(3, i -> "key" + i);
        List<Change<Sample>> delivered = new ArrayList<>(next(watch, 2));
        written.addAll(write(40, i -> "more" + i));
        WatchOverflowException end = overflow(watch, delivered);
        assertThat(watch.revision()).isEqualTo(end.revision());
        Watch<Sample> resumed = watch(WatchOptions.defaults().withStartAfter(end.revision()));
        delivered.addAll(next(resumed, written.size() - delivered.size()));
        assertThat(delivered).isEqualTo(written);
    }

    @Test
    void w3_aFullBufferIsNoOverflow() throws Exception {
        Watch<Sample> watch = watch(SMALL);
        for (int round = 0; round < 5; round++) {
            int offset = round * BUFFER;
            List<Change<Sample>> written = write(BUFFER, i -> "key" + (offset + i));
            assertThat(next(watch, BUFFER)).isEqualTo(written);
        }
    }

    @Test
    void w3_filtersDoNotHideAnOverflow() throws Exception {
        Watch<Sample> filtered = own(store.watch(KIND, SMALL.withPrefix("a").withTypes(Change.Type.CREATED)));
        write(4 * BUFFER, i -> (i % 2 == 0 ? "a" : "b") + i);
        overflow(filtered, new ArrayList<>());
    }

    @Test
    void w3_whatAFilterRejectsDoesNotFillTheBuffer() throws Exception {
        Watch<Sample> filtered = watch(SMALL.withPrefix("a"));
        List<Change<Sample>> written = write(10 * BUFFER, i -> (i % 10 == 0 ? "a" : "b") + i);
        List<Change<Sample>> selected =
                written.stream().filter(change -> change.key().startsWith("a")).toList();
        assertThat(next(filtered, BUFFER)).isEqualTo(selected);
    }

    @Test
    void w3_aSlowWatcherSlowsNobody() throws Exception {
        watch(WatchOptions.defaults().withBufferSize(1));
        Watch<Sample> other = watch(WatchOptions.defaults().withBufferSize(100_000));
        Future<Integer> writer = crew.start(() -> {
            for (int i = 0; i < 1_000; i++) {
                store.set(KIND, "key" + i % 10, sample(i));
            }
            return 1_000;
        });
        assertThat(crew.await(writer)).isEqualTo(1_000);
        assertThat(next(other, 1_000))
                .extracting(change -> change.value().number())
                .isSorted();
    }

    @Test
    void w3_oneMergeLargerThanTheBufferOverflows() throws Exception {
        Watch<Sample> watch = watch(SMALL);
        try (Watch<Sample> witness = store.watch(WatchOptions.defaults())) {
            store.setAll(KIND, samples(1_000));
            next(witness, 1_000);
        }
        overflow(watch, new ArrayList<>());
    }

    @Test
    void w3_aConsumerThatKeepsUpIsNotEnded() throws Exception {
        Watch<Sample> watch = watch(SMALL);
        for (int i = 0; i < 500; i++) {
            store.set(KIND, "key", sample(i));
            assertThat(next(watch).value().number()).isEqualTo(i);
        }
        assertThat(watch.poll(Duration.ZERO)).isEqualTo(Optional.empty());
    }

    @Test
    void w3_aBufferHoldsAtLeastOneChange() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SMALL.withBufferSize(0))
                .withMessageContaining("bufferSize");
    }
}

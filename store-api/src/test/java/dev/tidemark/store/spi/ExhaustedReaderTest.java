package dev.tidemark.store.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.store.Change;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.WatchClosedException;
import dev.tidemark.store.WatchOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The stack ends in the thread that reads for a watch, in the middle of a page. */
class ExhaustedReaderTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final int CHANGES = 2 * WatchHub.PAGE;
    private static final int FATAL = WatchHub.PAGE + 10;

    private final Changes history = new Changes();
    private final WatchHub<String> hub = new WatchHub<>("hub", history, Duration.ZERO);

    @AfterEach
    void close() {
        hub.close();
    }

    @Test
    void w4_theWatchEndsRatherThanRepeatHalfAPage() throws InterruptedException {
        RawWatch<String> watch = hub.watch(WatchOptions.defaults().withStartAfter(0), null);
        history.exhausted = true;
        for (long revision = 1; revision <= WatchHub.PAGE; revision++) {
            RawWatch.Delivery<String> delivery = watch.poll(PATIENCE);
            assertThat(delivery).isNotNull();
            assertThat(delivery.change().revision()).isEqualTo(revision);
        }
        assertThatThrownBy(() -> watch.poll(PATIENCE))
                .isInstanceOf(StoreException.class)
                .hasCauseInstanceOf(StackOverflowError.class);
        history.exhausted = false;
        assertThatThrownBy(() -> watch.poll(PATIENCE)).isInstanceOf(WatchClosedException.class);
        assertThat(watch.revision()).isEqualTo(WatchHub.PAGE);
    }

    @Test
    void w2_aWatchThatCannotStartHoldsNoSnapshot() {
        Moment moment = new Moment();
        assertThatThrownBy(() -> hub.watch(WatchOptions.defaults().withInitialReplay(), moment))
                .isInstanceOf(StackOverflowError.class);
        assertThat(moment.closed).isTrue();
        assertThat(hub.drained()).as("nobody watches").isEqualTo(Long.MAX_VALUE);
    }

    private static StackOverflowError exhaustion() {
        return new StackOverflowError("made on purpose");
    }

    private static final class Changes implements History<String> {
        volatile boolean exhausted;

        @Override
        public long newest() {
            return CHANGES;
        }

        @Override
        public History.Page<String> after(long revision, int limit) {
            long end = Math.min(CHANGES, revision + limit);
            return new History.Page<>(
                    LongStream.rangeClosed(revision + 1, end)
                            .mapToObj(this::change)
                            .toList(),
                    end == CHANGES);
        }

        private Committed<String> change(long n) {
            Committed<String> change = Committed.of(Change.Type.UPDATED, "kind", "key", "value", n, n, Instant.EPOCH);
            return n == FATAL ? new Fatal(change, this) : change;
        }
    }

    /** A change that is too much to look at. */
    private record Fatal(Committed<String> change, Changes changes) implements Committed<String> {
        @Override
        public Change.Type type() {
            if (changes.exhausted) {
                throw exhaustion();
            }
            return change.type();
        }

        @Override
        public String kind() {
            return change.kind();
        }

        @Override
        public String key() {
            return change.key();
        }

        @Override
        public String value() {
            return change.value();
        }

        @Override
        public long version() {
            return change.version();
        }

        @Override
        public long revision() {
            return change.revision();
        }

        @Override
        public Instant at() {
            return change.at();
        }
    }

    private static final class Moment implements ReplayedOnly<String> {
        private boolean closed;

        @Override
        public long revision() {
            return CHANGES;
        }

        @Override
        public EngineSnapshot.Page<String> page(String kind, KeyRange range, int limit) {
            throw exhaustion();
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}

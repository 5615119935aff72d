package dev.tidemark.store.spi;

import dev.tidemark.store.Change;
import dev.tidemark.store.WatchClosedException;
import dev.tidemark.store.WatchOptions;
import dev.tidemark.store.WatchOverflowException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Test;

/** A live watch is a bounded queue with one producer that overflow or its owner ends; Lincheck searches for a counterexample. */
public class RawWatchLinearizabilityTest {
    /** Lincheck takes a slow machine for a hang after 10 seconds, and offers no setting for that but this one. */
    private static final long PATIENCE_MILLIS = 300_000;

    private final WatchHub<String> hub = new WatchHub<>("never started", new NoHistory(), Duration.ZERO);
    private final AtomicLong cursor = new AtomicLong();
    private final RawWatch<String> watch;

    public RawWatchLinearizabilityTest() {
        WatchOptions options = WatchOptions.defaults().withBufferSize(2).withKinds("kind");
        this.watch = new RawWatch<>(hub, options, new ChangeFilter(options), null);
        watch.prepare();
        watch.goLive(0, cursor);
    }

    @Operation(nonParallelGroup = "drain")
    public void offerMatching() {
        offer("kind");
    }

    @Operation(nonParallelGroup = "drain")
    public void offerOther() {
        offer("other");
    }

    @Operation
    public String poll() throws InterruptedException {
        try {
            RawWatch.Delivery<String> delivery = watch.poll(Duration.ZERO);
            return delivery == null
                    ? "nothing"
                    : "revision " + delivery.change().revision();
        } catch (WatchOverflowException overflow) {
            return "overflow after " + overflow.revision();
        } catch (WatchClosedException closed) {
            return "closed";
        }
    }

    @Operation
    public long revision() {
        return watch.revision();
    }

    @Operation
    public void close() {
        watch.close();
    }

    @Test
    void holdsInEveryInterleavingTried() {
        new ModelCheckingOptions()
                .invocationTimeout$lincheck(PATIENCE_MILLIS)
                .iterations(8)
                .invocationsPerIteration(20)
                .actorsBefore(2)
                .actorsAfter(1)
                .threads(2)
                .actorsPerThread(3)
                .check(RawWatchLinearizabilityTest.class);
    }

    @Test
    void holdsUnderStress() {
        new StressOptions()
                .invocationTimeout$lincheck(PATIENCE_MILLIS)
                .iterations(8)
                .invocationsPerIteration(60)
                .actorsBefore(2)
                .actorsAfter(1)
                .threads(3)
                .actorsPerThread(3)
                .check(RawWatchLinearizabilityTest.class);
    }

    /** As the hub does it, for whom alone it is to know whether the watch had ended by then. */
    private void offer(String kind) {
        long revision = cursor.get() + 1;
        boolean noted = watch.note(Committed.of(Change.Type.CREATED, kind, "key", "value", 1, revision, Instant.EPOCH));
        if (noted && !watch.publish()) {
            hub.remove(watch);
        }
        cursor.set(revision);
    }

    private static final class NoHistory implements History<String> {
        @Override
        public long newest() {
            return 0;
        }

        @Override
        public Page<String> after(long revision, int limit) {
            return new Page<>(List.of(), true);
        }
    }
}

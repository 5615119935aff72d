package dev.tidemark.store.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.store.Change;
import dev.tidemark.store.Watch;
import dev.tidemark.store.WatchOptions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** W7: a watch knows up to which revision it has delivered everything. */
abstract class ProgressRules extends Rules {
    private static final WatchOptions ALL = WatchOptions.defaults();

    ProgressRules(StoreTck tck) {
        super(tck);
    }

    /** Polls, in vain, until the watch has come to {@code revision}. */
    private void awaitRevision(Watch<Sample> watch, long revision) throws InterruptedException {
        long end = System.nanoTime() + tck.patience().toNanos();
        while (watch.revision() < revision && System.nanoTime() < end) {
            assertThat(watch.poll(Duration.ofMillis(1))).isEmpty();
        }
        assertThat(watch.revision()).as("the revision of the watch").isEqualTo(revision);
    }

    @Test
    void w7_theRevisionIsThatOfTheLastChangeDelivered() throws Exception {
        store.set(KIND, "key", sample(0));
        Watch<Sample> watch = watch();
        assertThat(watch.revision()).isEqualTo(revision());
        for (int i = 1; i < 50; i++) {
            store.set(KIND, "key", sample(i));
            assertThat(next(watch).revision()).isEqualTo(watch.revision());
        }
    }

    @Test
    void w7_itDoesNotRunAheadOfWhatWasDelivered() throws Exception {
        Watch<Sample> watch = watch();
        Watch<Sample> witness = watch();
        Watch<Sample> resumed = watch(ALL.withStartAfter(0));
        for (int i = 0; i < 20; i++) {
            store.set(KIND, "key", sample(i));
        }
        List<Change<Sample>> changes = next(witness, 20);
        for (Change<Sample> change : changes) {
            for (Watch<Sample> each : List.of(watch, resumed)) {
                assertThat(each.revision()).isLessThan(change.revision());
                assertThat(next(each)).isEqualTo(change);
                assertThat(each.revision()).isEqualTo(change.revision());
            }
        }
    }

    @Test
    void w7_itAdvancesWhenOtherKeysChange() throws Exception {
        Watch<Sample> byPrefix = watch(ALL.withPrefix("x"));
        Watch<Sample> byKind = watch(ALL.withKinds("other"));
        Watch<Sample> byType = watch(ALL.withTypes(Change.Type.DELETED));
        Watch<Sample> byKey = own(store.watch(KIND, ALL.withKey("x")));
        for (int i = 0; i < 30; i++) {
            store.set(KIND, "key", sample(i));
            if (i % 10 == 0) {
                for (Watch<Sample> watch : List.of(byPrefix, byKind, byType, byKey)) {
                    awaitRevision(watch, revision());
                }
            }
        }
    }

    @Test
    void w7_itAdvancesThroughHistoryWithoutAMatch() throws Exception {
        store.setAll(KIND, samples(1_500));
        awaitRevision(watch(ALL.withStartAfter(0).withKinds("other")), revision());
        awaitRevision(watch(ALL.withInitialReplay().withKinds("other")), revision());
    }

    @Test
    void w7_itStaysBehindAWaitingChangeWhileOtherKeysChange() throws Exception {
        Watch<Sample> watch = watch(ALL.withPrefix("mine"));
        Watch<Sample> witness = watch();
        store.set(KIND, "mine", sample(1));
        long waiting = revision();
        for (int i = 0; i < 20; i++) {
            store.set(KIND, "other", sample(i));
        }
        next(witness, 21);
        assertThat(watch.revision()).isLessThan(waiting);
        assertThat(next(watch).revision()).isEqualTo(waiting);
        awaitRevision(watch, revision());
        Watch<Sample> resumed = watch(ALL.withPrefix("mine").withStartAfter(watch.revision()));
        store.set(KIND, "mine", sample(2));
        assertThat(next(resumed).value()).isEqualTo(sample(2));
    }

    @Test
    void w7_itNeverGoesBack() throws Exception {
        Watch<Sample> watch = watch(ALL.withInitialReplay().withPrefix("key1").withBufferSize(100_000));
        Writers writers = Writers.start(crew, store, 4, 200);
        long last = 0;
        int polls = 0;
        while (!writers.areDone() || polls < 100) {
            assertThat(watch.poll(Duration.ofMillis(1))).isNotNull();
            assertThat(watch.revision()).isGreaterThanOrEqualTo(last);
            last = watch.revision();
            polls++;
        }
        writers.await();
    }
}

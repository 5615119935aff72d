package dev.tidemark.store.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.store.Backend;
import dev.tidemark.store.Change;
import dev.tidemark.store.HistoryCompactedException;
import dev.tidemark.store.Watch;
import dev.tidemark.store.WatchOptions;
import dev.tidemark.store.WatchOverflowException;
import dev.tidemark.store.WriteBatch;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** W6: what a watch finds where history is no longer retained. */
@Needs(Capability.RETENTION)
abstract class CompactionRules extends Rules {
    private static final int RETAINED = 50;

    /** A backend may compact rarely; but not so rarely. */
    private static final int ENOUGH = 100 * RETAINED;

    CompactionRules(StoreTck tck) {
        super(tck);
    }

    @Override
    Backend open() {
        return tck.openRetaining(directory, RETAINED);
    }

    /**
     * Writes until a watch can't start after {@code revision} any more, and returns its refusal. Who compacts beside the writers may be
     * slower than they are, and is waited for when enough was written.
     */
    private HistoryCompactedException compact(long revision) {
        Optional<HistoryCompactedException> gone = Optional.empty();
        for (int i = 0; i < ENOUGH && gone.isEmpty(); i++) {
            store.set(KIND, "key" + i % 5, sample(i));
            if (i % RETAINED == 0) {
                gone = refusal(revision);
            }
        }
        await(
                "of " + ENOUGH + " changes about " + RETAINED + " are retained",
                () -> refusal(revision).isPresent());
        return gone.or(() -> refusal(revision)).orElseThrow();
    }

    private Optional<HistoryCompactedException> refusal(long revision) {
        try (Watch<Sample> watch = store.watch(WatchOptions.defaults().withStartAfter(revision))) {
            assertThat(watch.isSynced()).isTrue();
            return Optional.empty();
        } catch (HistoryCompactedException gone) {
            return Optional.of(gone);
        }
    }

    /** A watch from the start of the history. Compaction may go on beside the test for a while, but nothing new is written. */
    private Watch<Sample> fromTheBoundary(long oldest) {
        long boundary = oldest;
        for (int i = 0; i < ENOUGH; i++) {
            try {
                return watch(WatchOptions.defaults().withStartAfter(boundary));
            } catch (HistoryCompactedException moved) {
                assertThat(moved.oldest())
                        .as("where history begins, %d being refused", boundary)
                        .isGreaterThan(boundary);
                boundary = moved.oldest();
            }
        }
        throw new AssertionError("history shrinks without writes, down to " + boundary);
    }

    @Test
    void w6_aCompactedRevisionIsRefusedByName() {
        store.set(KIND, "first", sample(1));
        HistoryCompactedException gone = compact(1);
        assertThat(gone.requested()).isEqualTo(1);
        assertThat(gone.oldest()).isBetween(2L, revision() - RETAINED);
        assertThatThrownBy(() -> watch(WatchOptions.defaults().withStartAfter(0)))
                .isInstanceOf(HistoryCompactedException.class);
    }

    @Test
    void w6_theBoundaryItselfIsWatchable() throws Exception {
        HistoryCompactedException gone = compact(0);
        Watch<Sample> watch = fromTheBoundary(gone.oldest());
        long boundary = watch.revision();
        List<Change<Sample>> changes = rest(watch, "marks");
        assertThat(changes).hasSizeGreaterThanOrEqualTo(RETAINED);
        assertThat(changes.get(0).revision())
                .as("the first behind the boundary")
                .isGreaterThan(boundary);
        assertThat(changes).extracting(Change::revision).isSorted().doesNotHaveDuplicates();
        List<Integer> numbers =
                changes.stream().map(change -> change.value().number()).toList();
        int first = numbers.get(0);
        for (int i = 0; i < numbers.size(); i++) {
            assertThat(numbers.get(i)).as("the number of retained change %d", i).isEqualTo(first + i);
        }
    }

    @Test
    void w6_theRevisionBeforeTheBoundaryIsNot() {
        HistoryCompactedException gone = compact(0);
        long oldest = gone.oldest();
        assertThatThrownBy(() -> watch(WatchOptions.defaults().withStartAfter(oldest - 1)))
                .isInstanceOfSatisfying(HistoryCompactedException.class, refusal -> {
                    assertThat(refusal.requested()).isEqualTo(oldest - 1);
                    assertThat(refusal.oldest()).isGreaterThanOrEqualTo(oldest);
                });
    }

    @Test
    void w6_aWatchOvertakenByCompactionEndsWithoutAGap() throws Exception {
        Watch<Sample> watch = watch(WatchOptions.defaults().withStartAfter(0));
        for (int i = 0; i < ENOUGH; i += RETAINED) {
            WriteBatch<Sample> batch = new WriteBatch<>();
            for (int number = i; number < i + RETAINED; number++) {
                batch.set(KIND, "key" + (number - i), sample(number));
            }
            store.write(batch);
        }
        assertContiguousUntilTheEnd(watch);
    }

    @Test
    void w3_w6_whatAWatchHasRoomForIsKeptForIt() throws Exception {
        Watch<Sample> watch = watch(WatchOptions.defaults().withBufferSize(2 * ENOUGH));
        store.setAll(KIND, samples(ENOUGH));
        List<Change<Sample>> changes = next(watch, ENOUGH);
        for (int number = 0; number < ENOUGH; number++) {
            assertThat(changes.get(number).value()).isEqualTo(sample(number));
        }
        assertThat(rest(watch, "marks")).isEmpty();
    }

    /** Whether the watch was live (and overflows) or still catching up is its own affair; a gap is not. */
    private void assertContiguousUntilTheEnd(Watch<Sample> watch) throws InterruptedException {
        int number = 0;
        try {
            while (number < ENOUGH) {
                assertThat(next(watch).value().number()).isEqualTo(number++);
            }
        } catch (HistoryCompactedException | WatchOverflowException end) {
            assertThat(number).isLessThan(ENOUGH);
        }
    }

    @Test
    void w6_aReplayDoesNotNeedHistory() throws Exception {
        compact(0);
        Watch<Sample> watch = watch(WatchOptions.defaults().withInitialReplay());
        assertThat(next(watch, 5)).allMatch(Change::replayed);
        assertThat(watch.isSynced()).isTrue();
        assertThat(rest(watch)).isEmpty();
    }

    @Test
    @Needs(Capability.DURABILITY)
    void w6_theBoundarySurvivesARestart() throws Exception {
        HistoryCompactedException gone = compact(0);
        reopen();
        assertThatThrownBy(() -> watch(WatchOptions.defaults().withStartAfter(gone.oldest() - 1)))
                .isInstanceOf(HistoryCompactedException.class);
        assertThat(rest(fromTheBoundary(gone.oldest()), "marks")).hasSizeGreaterThanOrEqualTo(RETAINED);
    }
}

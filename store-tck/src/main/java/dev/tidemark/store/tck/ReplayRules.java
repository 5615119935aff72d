package dev.tidemark.store.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tidemark.store.Change;
import dev.tidemark.store.Watch;
import dev.tidemark.store.WatchOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** W2: where a watch begins, with a replay and without. */
abstract class ReplayRules extends Rules {
    private static final WatchOptions REPLAY = WatchOptions.defaults().withInitialReplay();

    ReplayRules(StoreTck tck) {
        super(tck);
    }

    @Test
    void w2_aReplayComesFirstAndIsMarked() throws Exception {
        store.setAll(KIND, Map.of("a", sample(1), "b", sample(1)));
        store.set(KIND, "b", sample(2));
        store.set("other", "c", sample(3));
        store.delete(KIND, "a");
        long revision = revision();
        Watch<Sample> watch = watch(REPLAY);
        store.set(KIND, "b", sample(4));
        List<Change<Sample>> changes = next(watch, 3);
        assertThat(changes).extracting(Change::key).containsExactly("b", "c", "b");
        assertThat(changes).extracting(Change::replayed).containsExactly(true, true, false);
        assertThat(changes).extracting(Change::version).containsExactly(2L, 1L, 3L);
        assertThat(changes.subList(0, 2)).extracting(Change::type).containsOnly(Change.Type.CREATED);
        assertThat(changes.subList(0, 2)).extracting(Change::revision).containsOnly(revision);
        assertThat(changes.get(2).type()).isEqualTo(Change.Type.UPDATED);
        assertThat(changes.get(2).revision()).isGreaterThan(revision);
        assertThat(rest(watch)).isEmpty();
    }

    @Test
    void w2_theEndOfTheReplayIsVisible() throws Exception {
        store.setAll(KIND, Map.of("a", sample(1), "b", sample(1), "c", sample(1)));
        Watch<Sample> watch = watch(REPLAY);
        assertThat(watch.isSynced()).isFalse();
        assertThat(watch.revision()).isZero();
        next(watch, 2);
        assertThat(watch.isSynced()).as("before the last replayed change").isFalse();
        assertThat(watch.revision()).isZero();
        next(watch);
        assertSynced(watch);
        assertThat(watch.revision()).isEqualTo(revision());
    }

    @Test
    void w2_theEndOfAnEmptyReplayIsVisible() throws Exception {
        assertSynced(watch(REPLAY));
        store.set("other", "key", sample(1));
        Watch<Sample> watch = own(store.watch(KIND, REPLAY));
        assertSynced(watch);
        assertThat(watch.revision()).isEqualTo(revision());
        assertSynced(watch(REPLAY.withTypes(Change.Type.DELETED)));
    }

    @Test
    void w2_aReplayOfManyKindsIsWhole() throws Exception {
        List<String> kinds = samples(100).keySet().stream().sorted().toList();
        for (String kind : kinds) {
            store.setAll(kind, Map.of("a", sample(1), "b", sample(2)));
        }
        Watch<Sample> watch = watch(REPLAY);
        List<Change<Sample>> replay = next(watch, 2 * kinds.size());
        assertSynced(watch);
        for (int i = 0; i < replay.size(); i++) {
            assertThat(replay.get(i).kind()).isEqualTo(kinds.get(i / 2));
            assertThat(replay.get(i).value()).isEqualTo(sample(1 + i % 2));
        }
        String[] some = {kinds.get(90), kinds.get(7), "absent", kinds.get(50)};
        Watch<Sample> ofSome = watch(REPLAY.withKinds(some).withPrefix("b"));
        assertThat(next(ofSome, 3))
                .extracting(Change::kind)
                .containsExactly(kinds.get(7), kinds.get(50), kinds.get(90));
        assertSynced(ofSome);
    }

    @Test
    void w2_aWatchWithoutReplayIsSyncedFromTheStart() {
        store.set(KIND, "key", sample(1));
        assertThat(watch().isSynced()).isTrue();
    }

    @Test
    void w2_aReplayBesideWritersIsExact() throws Exception {
        long start = revision();
        Writers writers = Writers.start(crew, store, 4, 400);
        List<List<Change<Sample>>> seen = new ArrayList<>();
        List<Watch<Sample>> watches = new ArrayList<>();
        for (int i = 0; i < 20 || (!writers.areDone() && i < 60); i++) {
            watches.add(watch(REPLAY.withBufferSize(100_000)));
        }
        writers.await();
        for (Watch<Sample> watch : watches) {
            seen.add(rest(watch, "marks"));
        }
        List<Change<Sample>> history = rest(watch(WatchOptions.defaults().withStartAfter(start)), "marks").stream()
                .filter(change -> !isMark(change))
                .toList();
        store.delete("marks", "end");
        for (List<Change<Sample>> changes : seen) {
            assertExact(changes.stream().filter(change -> !isMark(change)).toList(), history);
        }
        assertThat(history).as("changes made").hasSizeGreaterThan(800);
    }

    /** The replay is what the history up to its revision makes, and the rest is the rest of the history. */
    private void assertExact(List<Change<Sample>> changes, List<Change<Sample>> history) {
        List<Change<Sample>> replayed =
                changes.stream().filter(Change::replayed).toList();
        long revision = replayed.isEmpty() ? 0 : replayed.get(0).revision();
        Replica ofReplay = new Replica();
        replayed.forEach(ofReplay::apply);
        Replica ofHistory = new Replica();
        history.stream().filter(change -> change.revision() <= revision).forEach(ofHistory::apply);
        ofReplay.assertEquals(ofHistory);
        List<Change<Sample>> live = changes.subList(replayed.size(), changes.size());
        if (!replayed.isEmpty()) {
            assertThat(live)
                    .isEqualTo(history.stream()
                            .filter(change -> change.revision() > revision)
                            .toList());
        }
        Replica all = new Replica();
        changes.forEach(all::apply);
        all.assertEquals(store);
    }

    @Test
    void w2_aReplayDoesNotCountAgainstTheBuffer() throws Exception {
        Map<String, Sample> values = samples(3_000);
        store.setAll(KIND, values);
        Watch<Sample> watch = watch(REPLAY.withBufferSize(1));
        assertThat(next(watch, 3_000)).allMatch(Change::replayed);
        assertSynced(watch);
        store.set(KIND, "one", sample(1));
        assertThat(next(watch).key()).isEqualTo("one");
    }

    @Test
    void w2_changesDuringAReplayDoNotCountAgainstTheBuffer() throws Exception {
        Map<String, Sample> values = samples(3_000);
        store.setAll(KIND, values);
        Watch<Sample> watch = watch(REPLAY.withBufferSize(1_000));
        next(watch, 10);
        for (int i = 0; i < 3; i++) {
            Sample value = sample(-1 - i);
            store.setAll(KIND, values.keySet().stream().collect(Collectors.toMap(key -> key, key -> value)));
        }
        List<Change<Sample>> changes = next(watch, 2_990 + 9_000);
        assertThat(changes.subList(0, 2_990)).allMatch(Change::replayed);
        assertThat(changes.subList(2_990, changes.size())).noneMatch(Change::replayed);
    }

    @Test
    void w2_aWatchDeliversExactlyWhatComesAfterItsReturn() throws Exception {
        for (int i = 0; i < 200; i++) {
            store.set(KIND, "key", sample(2 * i));
            try (Watch<Sample> watch = store.watch(WatchOptions.defaults())) {
                store.set(KIND, "key", sample(2 * i + 1));
                assertThat(next(watch).value()).isEqualTo(sample(2 * i + 1));
            }
        }
    }

    @Test
    void w2_aWatchThatStartsBesideWritersMissesNothingFromThenOn() throws Exception {
        Writers writers = Writers.start(crew, store, 4, 300);
        long start = revision();
        List<Watch<Sample>> watches = new ArrayList<>();
        List<Long> revisions = new ArrayList<>();
        while (watches.size() < 20) {
            watches.add(watch(WatchOptions.defaults().withBufferSize(100_000)));
            revisions.add(revision());
        }
        writers.await();
        List<Change<Sample>> history = rest(watch(WatchOptions.defaults().withStartAfter(start)), "marks");
        for (int i = 0; i < watches.size(); i++) {
            long returned = revisions.get(i);
            List<Change<Sample>> seen = rest(watches.get(i), "marks");
            assertThat(seen).as("watch %d", i).noneMatch(Change::replayed);
            assertThat(seen.stream().filter(change -> change.revision() > returned && !isMark(change)))
                    .as("watch %d, in force at revision %d", i, returned)
                    .isEqualTo(history.stream()
                            .filter(change -> change.revision() > returned && !isMark(change))
                            .toList());
        }
    }

    @Test
    void w2_aReplayAndAResumeExcludeEachOther() {
        assertThatIllegalArgumentException().isThrownBy(() -> REPLAY.withStartAfter(0));
    }

    private static boolean isMark(Change<Sample> change) {
        return change.kind().equals("marks");
    }

    private static void assertSynced(Watch<Sample> watch) throws InterruptedException {
        Optional<Change<Sample>> nothing = watch.poll(Duration.ZERO);
        assertThat(nothing).isEmpty();
        assertThat(watch.isSynced()).as("whether the watch is synced").isTrue();
    }
}

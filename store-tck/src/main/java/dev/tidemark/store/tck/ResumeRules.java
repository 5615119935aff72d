package dev.tidemark.store.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.store.Change;
import dev.tidemark.store.RevisionAheadException;
import dev.tidemark.store.Watch;
import dev.tidemark.store.WatchOptions;
import dev.tidemark.store.WriteBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** W6: a watch that starts after a revision. */
abstract class ResumeRules extends Rules {
    ResumeRules(StoreTck tck) {
        super(tck);
    }

    private static WatchOptions after(long revision) {
        return WatchOptions.defaults().withStartAfter(revision);
    }

    private void writeSome() {
        store.set(KIND, "a", sample(1));
        store.setAll(KIND, Map.of("a", sample(2), "b", sample(2), "c", sample(2)));
        store.delete(KIND, "b");
        store.write(new WriteBatch<Sample>()
                .set("other", "a", sample(3))
                .delete(KIND, "a")
                .set(KIND, "d", sample(3)));
        store.set(KIND, "c", sample(4));
    }

    @Test
    void w6_everyRevisionCanBeStartedAfter() throws Exception {
        Watch<Sample> live = watch();
        writeSome();
        List<Change<Sample>> changes = next(live, 9);
        assertThat(next(watch(after(0)), 9)).isEqualTo(changes);
        for (int i = 0; i < 9; i++) {
            List<Change<Sample>> rest = rest(watch(after(changes.get(i).revision())), "marks");
            assertThat(rest.stream().filter(change -> !change.kind().equals("marks")))
                    .as("after change %d", i)
                    .isEqualTo(changes.subList(i + 1, 9));
        }
    }

    @Test
    void w6_theNewestRevisionCanBeStartedAfter() throws Exception {
        Watch<Sample> fromNothing = watch(after(0));
        assertThat(fromNothing.isSynced()).isTrue();
        writeSome();
        Watch<Sample> fromNow = watch(after(revision()));
        store.set(KIND, "new", sample(1));
        assertThat(next(fromNow).key()).isEqualTo("new");
        assertThat(next(fromNothing, 10).get(9).key()).isEqualTo("new");
    }

    @Test
    void w6_aRevisionThatWasNeverReachedIsRefused() {
        writeSome();
        long newest = revision();
        for (long ahead : List.of(newest + 1, newest + 1000, Long.MAX_VALUE)) {
            assertThatThrownBy(() -> watch(after(ahead)))
                    .isInstanceOfSatisfying(RevisionAheadException.class, refusal -> {
                        assertThat(refusal.requested()).isEqualTo(ahead);
                        assertThat(refusal.newest()).isEqualTo(newest);
                    });
        }
        assertThatIllegalArgumentException().isThrownBy(() -> after(-1));
    }

    @Test
    void w6_aResumedWatchGoesOnWithWhatHappensNow() throws Exception {
        writeSome();
        Writers writers = Writers.start(crew, store, 4, 200);
        List<Watch<Sample>> watches = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            watches.add(watch(after(i).withBufferSize(100_000)));
        }
        writers.await();
        List<Change<Sample>> all = rest(watches.get(0), "marks");
        assertThat(all).as("changes made").hasSizeGreaterThan(400);
        Replica replica = new Replica();
        all.forEach(replica::apply);
        for (int i = 1; i < watches.size(); i++) {
            long start = i;
            List<Change<Sample>> expected =
                    all.stream().filter(change -> change.revision() > start).toList();
            assertThat(next(watches.get(i), expected.size())).isEqualTo(expected);
        }
    }

    @Test
    void w6_theHistoryDoesNotCountAgainstTheBuffer() throws Exception {
        store.setAll(KIND, samples(2_000));
        Watch<Sample> watch = watch(after(0).withBufferSize(1));
        assertThat(next(watch, 2_000))
                .extracting(change -> change.value().number())
                .isSorted();
    }

    @Test
    void w6_aConsumerThatStopsAndResumesMissesAndRepeatsNothing() throws Exception {
        Writers writers = Writers.start(crew, store, 4, 300);
        List<Change<Sample>> seen = new ArrayList<>();
        long revision = 0;
        for (int i = 0; i < 60; i++) {
            try (Watch<Sample> watch = store.watch(after(revision))) {
                seen.addAll(next(watch, i % 7));
                revision = watch.revision();
            }
        }
        writers.await();
        try (Watch<Sample> watch = store.watch(after(revision))) {
            seen.addAll(rest(watch, "marks"));
        }
        List<Change<Sample>> all = rest(watch(after(0)), "marks");
        assertThat(seen).isEqualTo(all.subList(0, seen.size())).hasSizeGreaterThan(600);
    }

    @Test
    @Needs(Capability.DURABILITY)
    void w6_aWatchResumesAfterARestart() throws Exception {
        List<Change<Sample>> changes = new ArrayList<>();
        long revision = 0;
        for (int life = 0; life < 3; life++) {
            writeSome();
            store.delete(KIND, "c");
            store.delete("other", "a");
            try (Watch<Sample> watch = store.watch(after(revision))) {
                changes.addAll(rest(watch));
                revision = watch.revision();
            }
            store.set("missed", "key", sample(life));
            reopen();
            Watch<Sample> missed = watch(after(revision));
            changes.add(next(missed));
            revision = missed.revision();
        }
        Watch<Sample> all = watch(after(0));
        List<Change<Sample>> history =
                rest(all).stream().filter(change -> !change.key().equals("end")).toList();
        assertThat(changes.stream().filter(change -> !change.key().equals("end")))
                .isEqualTo(history);
        assertThat(history).hasSizeGreaterThan(25);
        Replica replica = new Replica();
        history.forEach(replica::apply);
        store.delete(KIND, "end");
        replica.assertEquals(store);
    }
}

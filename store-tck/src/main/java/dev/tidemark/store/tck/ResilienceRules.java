package dev.tidemark.store.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.store.Change;
import dev.tidemark.store.HistoryCompactedException;
import dev.tidemark.store.Store;
import dev.tidemark.store.StoreClosedException;
import dev.tidemark.store.StoreOptions;
import dev.tidemark.store.Watch;
import dev.tidemark.store.WatchClosedException;
import dev.tidemark.store.WatchOptions;
import dev.tidemark.store.Watches;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** W9: a watch that comes back. */
abstract class ResilienceRules extends Rules {
    private static final WatchOptions SMALL = WatchOptions.defaults().withBufferSize(5);

    private final List<Long> relisted = new ArrayList<>();

    ResilienceRules(StoreTck tck) {
        super(tck);
    }

    private Watch<Sample> resilient(Store<Sample> store, WatchOptions options) {
        return own(Watches.resilient(store, options, relisted::add));
    }

    @Test
    void w9_anOverflowIsCaughtUpFromTheLastRevision() throws Exception {
        Watch<Sample> watch = resilient(store, SMALL);
        Watch<Sample> witness = watch(WatchOptions.defaults().withBufferSize(100_000));
        List<Change<Sample>> seen = new ArrayList<>();
        List<Change<Sample>> written = new ArrayList<>();
        for (int round = 0; round < 10; round++) {
            for (int i = 0; i < 30; i++) {
                store.set(KIND, "key" + i % 4, sample(round * 30 + i));
            }
            written.addAll(next(witness, 30));
            seen.addAll(next(watch, round % 2 == 0 ? 3 : 50));
        }
        seen.addAll(next(watch, written.size() - seen.size()));
        assertThat(seen).isEqualTo(written);
        assertThat(relisted).isEmpty();
        assertThat(watch.revision()).isEqualTo(revision());
    }

    @Test
    void w9_itKeepsUpWithWritersFromAReplayOn() throws Exception {
        store.set(KIND, "key", sample(1));
        Watch<Sample> watch = resilient(store, SMALL.withInitialReplay());
        Writers writers = Writers.start(crew, store, 4, 300);
        Replica replica = new Replica();
        while (!writers.areDone()) {
            watch.poll(Duration.ofMillis(1)).ifPresent(replica::apply);
        }
        writers.await();
        rest(watch, "marks").forEach(replica::apply);
        assertThat(replica.changes()).as("changes seen").isGreaterThan(500);
        assertThat(relisted).isEmpty();
        store.delete("marks", "end");
        replica.assertEquals(store);
    }

    @Test
    void w9_filtersStayInForce() throws Exception {
        Watch<Sample> watch = resilient(store, SMALL.withPrefix("a").withKinds(KIND));
        Watch<Sample> witness = watch(WatchOptions.defaults().withBufferSize(100_000));
        for (int i = 0; i < 100; i++) {
            store.set(KIND, (i % 2 == 0 ? "a" : "b") + i, sample(i));
        }
        List<Change<Sample>> selected = next(witness, 100).stream()
                .filter(change -> change.key().startsWith("a"))
                .toList();
        assertThat(next(watch, 50)).isEqualTo(selected);
    }

    @Test
    @Needs(Capability.RETENTION)
    void w9_afterCompactionItRelistsAndSaysSo() throws Exception {
        var compacting = own(tck.openRetaining(Files.createDirectory(directory.resolve("compacting")), 20));
        store = tck.openStore(compacting, StoreOptions.defaults());
        store.set(KIND, "kept", sample(0));
        store.set(KIND, "gone", sample(0));
        Watch<Sample> watch = resilient(store, SMALL.withInitialReplay());
        next(watch, 2);
        long delivered = watch.revision();
        store.delete(KIND, "gone");
        compact(delivered);
        List<Change<Sample>> seen = new ArrayList<>();
        while (relisted.isEmpty()) {
            seen.add(next(watch));
        }
        assertThat(relisted).hasSize(1);
        assertThat(relisted.get(0)).isGreaterThanOrEqualTo(delivered);
        List<Change<Sample>> listed = new ArrayList<>(seen.subList(seen.size() - 1, seen.size()));
        listed.addAll(next(watch, 3));
        assertThat(listed).allMatch(Change::replayed);
        assertThat(listed).extracting(Change::key).containsExactly("kept", "key0", "key1", "key2");
        assertThat(rest(watch)).isEmpty();
    }

    /** Whoever delivers to watches, and compacts, may be slower than the writer, and is waited for when enough was written. */
    private void compact(long revision) {
        for (int i = 0; i < 10_000; i++) {
            store.set(KIND, "key" + i % 3, sample(i));
            if (i % 50 == 49 && isGone(revision)) {
                return;
            }
        }
        await("of 10000 changes about 20 are retained", () -> isGone(revision));
    }

    private boolean isGone(long revision) {
        try {
            store.watch(WatchOptions.defaults().withStartAfter(revision)).close();
            return false;
        } catch (HistoryCompactedException gone) {
            return true;
        }
    }

    @Test
    void w9_itEndsWhenItIsClosed() throws Exception {
        Watch<Sample> watch = resilient(store, SMALL);
        var end = crew.start(() -> {
            assertThatThrownBy(() -> watch.poll(tck.patience().multipliedBy(2)))
                    .isInstanceOf(WatchClosedException.class);
            return true;
        });
        watch.close();
        assertThat(crew.await(end)).isTrue();
        assertThatThrownBy(() -> watch.poll(Duration.ZERO)).isInstanceOf(WatchClosedException.class);
    }

    @Test
    void w9_itEndsWithItsBackend() {
        Watch<Sample> watch = resilient(store, SMALL);
        backend.close();
        assertThatThrownBy(() -> watch.poll(tck.patience())).isInstanceOf(StoreClosedException.class);
        assertThatThrownBy(() -> watch.poll(tck.patience())).isInstanceOf(WatchClosedException.class);
    }
}

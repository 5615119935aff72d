package dev.tidemark.store.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.store.Change;
import dev.tidemark.store.Store;
import dev.tidemark.store.StoreOptions;
import dev.tidemark.store.Watch;
import dev.tidemark.store.WatchOptions;
import dev.tidemark.store.WriteBatch;
import java.util.List;
import org.junit.jupiter.api.Test;

/** W1: changes arrive in the order of their revisions, the same for every watcher. */
abstract class WatchOrderRules extends Rules {
    private static final WatchOptions LARGE = WatchOptions.defaults().withBufferSize(100_000);

    WatchOrderRules(StoreTck tck) {
        super(tck);
    }

    @Test
    void w1_aWatchSeesEveryChangeInOrder() throws Exception {
        Watch<Sample> watch = watch(LARGE);
        Writers.start(crew, store, 8, 200).await();
        Replica replica = new Replica();
        rest(watch, "marks").forEach(replica::apply);
        assertThat(replica.changes()).as("changes seen").isGreaterThan(800);
        store.delete("marks", "end");
        replica.assertEquals(store);
    }

    @Test
    void w1_everyWatcherSeesTheSameOrder() throws Exception {
        long start = revision();
        Watch<Sample> one = watch(LARGE);
        Watch<Sample> two = watch(LARGE);
        Watch<Sample> ofOneKind = watch(LARGE.withKinds("kind1", "marks"));
        Writers.start(crew, store, 8, 100).await();
        List<Change<Sample>> changes = rest(one, "marks");
        assertThat(changes).as("changes seen").hasSizeGreaterThan(400);
        assertThat(next(two, changes.size())).isEqualTo(changes);
        assertThat(next(watch(LARGE.withStartAfter(start)), changes.size())).isEqualTo(changes);
        List<Change<Sample>> selected =
                changes.stream().filter(change -> change.kind().equals("kind1")).toList();
        assertThat(next(ofOneKind, selected.size())).isEqualTo(selected);
    }

    @Test
    void w1_aWriterFindsItsChangesInTheOrderOfItsWrites() throws Exception {
        Watch<Sample> watch = watch(LARGE);
        crew.race(8, thread -> {
            for (int i = 0; i < 100; i++) {
                store.set("kind" + thread, "key" + i % 7, sample(i));
            }
            return thread;
        });
        int[] last = new int[8];
        for (Change<Sample> change : next(watch, 800)) {
            int writer = change.kind().charAt(4) - '0';
            assertThat(change.value().number()).isEqualTo(last[writer]++);
        }
    }

    @Test
    void w1_aChangeIsDeliveredAsItWasWritten() throws Exception {
        Watch<Sample> watch = watch();
        store.set(KIND, "key", sample(1));
        store.set(KIND, "key", sample(2));
        var entry = entry("key");
        assertThat(next(watch).value()).isEqualTo(sample(1));
        Change<Sample> change = next(watch);
        assertThat(change)
                .isEqualTo(
                        new Change<>(Change.Type.UPDATED, KIND, "key", sample(2), 2, revision(), change.at(), false));
        assertThat(change.at()).isEqualTo(entry.updatedAt());
    }

    /** What comes behind a change must not be what it takes to deliver it. */
    @Test
    void w1_aChangeIsDeliveredThoughNothingFollows() throws Exception {
        Watch<Sample> watch = watch(LARGE);
        store.set(KIND, "key", sample(1));
        assertThat(next(watch).type()).isEqualTo(Change.Type.CREATED);
        store.update(KIND, "key", value -> sample(2));
        assertThat(next(watch).type()).isEqualTo(Change.Type.UPDATED);
        store.delete(KIND, "key");
        assertThat(next(watch).type()).isEqualTo(Change.Type.DELETED);
        store.write(new WriteBatch<Sample>().create(KIND, "a", sample(3)).create("other", "b", sample(3)));
        assertThat(next(watch, 2)).extracting(Change::key).containsExactly("a", "b");
        store.setAll(KIND, samples(5_000));
        assertThat(next(watch, 5_000)).extracting(Change::revision).isSorted();
    }

    @Test
    void w1_theTimeOfADeletionIsItsOwn() throws Exception {
        Watch<Sample> watch = watch();
        Change<Sample> created;
        Change<Sample> deleted;
        int rounds = 0;
        do {
            store.create(KIND, "key", sample(1));
            store.delete(KIND, "key");
            created = next(watch);
            deleted = next(watch);
            assertThat(deleted.type()).isEqualTo(Change.Type.DELETED);
        } while (!deleted.at().isAfter(created.at()) && ++rounds < 1_000);
        assertThat(deleted.at()).as("when a key was deleted").isAfter(created.at());
    }

    @Test
    @Needs({Capability.SHARING, Capability.SHARED_WATCH})
    void w1_aWatchSeesTheChangesOfOtherBackendsInOrder() throws Exception {
        Store<Sample> other = tck.openStore(own(tck.openBackend(directory)), StoreOptions.defaults());
        Watch<Sample> watch = watch(LARGE);
        Watch<Sample> ofOther = own(other.watch(LARGE));
        Writers ours = Writers.start(crew, store, 3, 100);
        Writers theirs = Writers.start(crew, other, 3, 100);
        ours.await();
        theirs.await();
        List<Change<Sample>> changes = rest(watch, "marks");
        assertThat(changes).as("changes seen").hasSizeGreaterThan(300);
        assertThat(next(ofOther, changes.size())).isEqualTo(changes);
        Replica replica = new Replica();
        changes.forEach(replica::apply);
        other.delete("marks", "end");
        replica.assertEquals(other);
    }
}

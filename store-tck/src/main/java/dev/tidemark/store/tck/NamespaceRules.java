package dev.tidemark.store.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.store.Change;
import dev.tidemark.store.RevisionAheadException;
import dev.tidemark.store.Snapshot;
import dev.tidemark.store.Store;
import dev.tidemark.store.StoreOptions;
import dev.tidemark.store.Watch;
import dev.tidemark.store.WatchOptions;
import dev.tidemark.store.WriteBatch;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** K14: namespaces are sealed from each other. */
abstract class NamespaceRules extends Rules {
    private Store<Sample> other;

    @SuppressWarnings("NullAway.Init")
    NamespaceRules(StoreTck tck) {
        super(tck);
    }

    private Store<Sample> namespace(long namespace) {
        return store(StoreOptions.<Sample>defaults().withNamespace(namespace));
    }

    @BeforeEach
    void openOther() {
        other = namespace(7);
    }

    @Test
    void k14_readsAreSealed() {
        store.setAll(KIND, Map.of("a", sample(1), "b", sample(1)));
        other.set(KIND, "a", sample(2));
        other.set("second", "key", sample(2));
        assertThat(store.get(KIND, "a")).contains(sample(1));
        assertThat(other.get(KIND, "a")).contains(sample(2));
        assertThat(other.get(KIND, "b")).isEmpty();
        assertThat(store.kinds()).containsExactly(KIND);
        assertThat(other.kinds()).containsExactly(KIND, "second");
        assertThat(other.keys(KIND)).containsExactly("a");
        assertThat(other.values(KIND)).containsExactly(sample(2));
        assertThat(other.count(KIND)).isEqualTo(1);
        assertThat(other.getAll(KIND, List.of("a", "b"))).containsOnlyKeys("a");
        try (Snapshot<Sample> snapshot = other.snapshot()) {
            assertThat(snapshot.stream(KIND)).hasSize(1);
            assertThat(snapshot.kinds()).hasSize(2);
        }
    }

    @Test
    void k14_writesAreSealed() {
        long tag = store.create(KIND, "key", sample(1));
        other.create(KIND, "key", sample(2));
        assertThat(other.delete(KIND, "key")).contains(sample(2));
        assertThat(other.delete(KIND, "key")).isEmpty();
        other.write(new WriteBatch<Sample>().requireAbsent(KIND, "key").set(KIND, "new", sample(2)));
        other.setAll(KIND, Map.of("more", sample(2)));
        assertThat(store.keys(KIND)).containsExactly("key");
        assertThat(entry("key").tag()).isEqualTo(tag);
        assertThat(entry("key").version()).isEqualTo(1);
    }

    @Test
    void k14_watchesAreSealed() throws Exception {
        Watch<Sample> watch = watch();
        Watch<Sample> otherWatch = own(other.watch(WatchOptions.defaults()));
        for (int i = 0; i < 20; i++) {
            store.set(KIND, "key", sample(i));
            other.set(KIND, "key", sample(-i));
            other.set(KIND, "mine", sample(-i));
        }
        assertThat(rest(watch)).hasSize(20).allMatch(change -> change.value().number() >= 0);
        assertThat(next(otherWatch, 40)).allMatch(change -> change.value().number() <= 0);
        Watch<Sample> replay = own(other.watch(WatchOptions.defaults().withInitialReplay()));
        assertThat(next(replay, 2)).extracting(Change::key).containsExactly("key", "mine");
        assertThat(replay.isSynced()).isTrue();
    }

    @Test
    void k14_revisionLinesAreSealed() {
        for (int i = 0; i < 10; i++) {
            store.set(KIND, "key", sample(i));
        }
        assertThat(revision(other)).isZero();
        other.set(KIND, "key", sample(1));
        assertThat(revision(other)).isBetween(1L, revision() - 1);
        long ofOther = revision(other);
        store.set(KIND, "key", sample(-1));
        assertThat(revision(other)).isEqualTo(ofOther);
        assertThatThrownBy(() -> own(other.watch(WatchOptions.defaults().withStartAfter(revision()))))
                .isInstanceOf(RevisionAheadException.class);
    }

    @Test
    void k14_anyNumberIsANamespace() {
        List<Long> namespaces = List.of(Long.MIN_VALUE, -1L, 1L, 1L << 32, Long.MAX_VALUE);
        for (long namespace : namespaces) {
            namespace(namespace).set(KIND, "key", new Sample(Long.toString(namespace), 0));
        }
        for (long namespace : namespaces) {
            assertThat(namespace(namespace).values(KIND)).containsExactly(new Sample(Long.toString(namespace), 0));
        }
        assertThat(store.kinds()).isEmpty();
    }

    @Test
    void k14_concurrentWritesToNamespacesDoNotMix() throws Exception {
        crew.race(6, thread -> {
            Store<Sample> mine = namespace(thread % 3);
            for (int i = 0; i < 50; i++) {
                mine.upsert(
                        KIND, "key", before -> sample(before.map(Sample::number).orElse(0) + 1));
            }
            return thread;
        });
        for (int namespace = 0; namespace < 3; namespace++) {
            assertThat(namespace(namespace).get(KIND, "key")).contains(sample(100));
            assertThat(revision(namespace(namespace))).isGreaterThanOrEqualTo(100);
        }
    }

    @Test
    @Needs(Capability.DURABILITY)
    void k14_namespacesAreSealedAfterARestart() {
        store.set(KIND, "key", sample(1));
        other.set(KIND, "key", sample(2));
        other.set(KIND, "key", sample(3));
        reopen();
        assertThat(store.get(KIND, "key")).contains(sample(1));
        assertThat(namespace(7).get(KIND, "key")).contains(sample(3));
        assertThat(revision()).isLessThan(revision(namespace(7)));
    }
}

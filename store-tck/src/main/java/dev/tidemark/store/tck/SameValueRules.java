package dev.tidemark.store.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.store.Change;
import dev.tidemark.store.ConflictException;
import dev.tidemark.store.Entry;
import dev.tidemark.store.SetResult;
import dev.tidemark.store.Store;
import dev.tidemark.store.StoreOptions;
import dev.tidemark.store.WriteBatch;
import dev.tidemark.store.WriteSummary;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** K2: a predicate in place of comparing bytes, on every kind of write. */
abstract class SameValueRules extends Rules {
    SameValueRules(StoreTck tck) {
        super(tck);
    }

    private Store<Sample> sameName() {
        return store(
                StoreOptions.<Sample>defaults().withSameValue((a, b) -> a.name().equals(b.name())));
    }

    private Store<Sample> neverSame() {
        return store(StoreOptions.<Sample>defaults().withSameValue((a, b) -> false));
    }

    @Test
    void k2_whatThePredicateCallsTheSameIsUnchanged() throws Exception {
        Store<Sample> sameName = sameName();
        sameName.set(KIND, "key", sample(1));
        Entry<Sample> before = entry("key");
        assertNothingHappened(watch(), () -> {
            assertThat(sameName.set(KIND, "key", sample(2))).isEqualTo(SetResult.UNCHANGED);
            assertThat(sameName.replace(KIND, "key", sample(3), before.tag())).isEqualTo(before.tag());
            sameName.update(KIND, "key", value -> sample(4));
            sameName.upsert(KIND, "key", value -> sample(5));
            sameName.setAll(KIND, Map.of("key", sample(6)));
            sameName.write(new WriteBatch<Sample>().set(KIND, "key", sample(7)));
        });
        assertThat(entry("key")).isEqualTo(before);
    }

    @Test
    void k2_whatThePredicateCallsDifferentIsWritten() throws Exception {
        Store<Sample> neverSame = neverSame();
        var watch = watch();
        assertThat(neverSame.set(KIND, "key", sample(1))).isEqualTo(SetResult.CREATED);
        assertThat(neverSame.set(KIND, "key", sample(1))).isEqualTo(SetResult.UPDATED);
        long tag = entry("key").tag();
        assertThat(neverSame.replace(KIND, "key", sample(1), tag)).isNotEqualTo(tag);
        neverSame.update(KIND, "key", value -> sample(1));
        neverSame.upsert(KIND, "key", value -> sample(1));
        assertThat(neverSame.setAll(KIND, Map.of("key", sample(1))).updated()).isEqualTo(1);
        WriteBatch<Sample> batch = new WriteBatch<Sample>().set(KIND, "key", sample(1));
        assertThat(neverSame.write(batch).updated()).isEqualTo(1);
        assertThat(entry("key").version()).isEqualTo(7);
        assertThat(next(watch, 7)).extracting(Change::version).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L);
    }

    @Test
    void k2_thePredicateGetsTheStoredValueAndTheNewOne() {
        AtomicReference<Sample> stored = new AtomicReference<>();
        AtomicReference<Sample> written = new AtomicReference<>();
        Store<Sample> recording = store(StoreOptions.<Sample>defaults().withSameValue((a, b) -> {
            stored.set(a);
            written.set(b);
            return false;
        }));
        recording.set(KIND, "key", sample(1));
        recording.set(KIND, "key", sample(2));
        assertThat(stored.get()).isEqualTo(sample(1));
        assertThat(written.get()).isEqualTo(sample(2));
    }

    @Test
    void k2_theSummaryCountsWhatThePredicateCallsTheSame() {
        Store<Sample> sameName = sameName();
        sameName.setAll(KIND, Map.of("a", sample(1), "b", sample(1), "gone", sample(1)));
        WriteSummary merged = sameName.setAll(KIND, Map.of("a", sample(2), "b", new Sample("b", 2), "c", sample(2)));
        assertThat(merged).isEqualTo(new WriteSummary(revision(), 1, 1, 1, 0));
        WriteSummary batched = sameName.write(new WriteBatch<Sample>()
                .set(KIND, "a", sample(3))
                .set(KIND, "b", sample(3))
                .requireAbsent(KIND, "z")
                .delete(KIND, "gone")
                .create(KIND, "d", sample(3)));
        assertThat(batched).isEqualTo(new WriteSummary(revision(), 1, 1, 1, 1));
    }

    @Test
    void k2_conditionsHoldWithAPredicateToo() throws Exception {
        Store<Sample> sameName = sameName();
        long tag = sameName.create(KIND, "key", sample(1));
        assertNothingHappened(watch(), () -> {
            assertThatThrownBy(() -> sameName.create(KIND, "key", sample(2))).isInstanceOf(ConflictException.class);
            assertThatThrownBy(() -> sameName.replace(KIND, "key", sample(2), tag + 1))
                    .isInstanceOf(ConflictException.class);
            assertThatThrownBy(() -> sameName.replace(KIND, "absent", sample(2), tag))
                    .isInstanceOf(ConflictException.class);
            WriteBatch<Sample> batch =
                    new WriteBatch<Sample>().set(KIND, "a", sample(1)).requireAbsent(KIND, "key");
            assertThatThrownBy(() -> sameName.write(batch)).isInstanceOf(ConflictException.class);
        });
    }

    @Test
    void k2_thePredicateDecidesByTheValueThatIsReplaced() throws Exception {
        Store<Sample> rising = store(StoreOptions.<Sample>defaults().withSameValue((a, b) -> a.number() >= b.number()));
        rising.set(KIND, "key", sample(-1));
        var watch = watch();
        crew.race(8, thread -> {
            for (int i = 0; i < 100; i++) {
                rising.set(KIND, "key", sample(i * 8 + thread));
            }
            return thread;
        });
        assertThat(store.get(KIND, "key")).contains(sample(799));
        store.delete(KIND, "key");
        int last = -1;
        Change<Sample> change = next(watch);
        while (change.type() == Change.Type.UPDATED) {
            assertThat(change.value().number()).as("numbers only rise").isGreaterThan(last);
            last = change.value().number();
            change = next(watch);
        }
    }
}

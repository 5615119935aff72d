package dev.tidemark.store.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.store.Change;
import dev.tidemark.store.ConflictException;
import dev.tidemark.store.WriteBatch;
import dev.tidemark.store.WriteSummary;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** K7: batches over many keys and kinds. */
abstract class BatchRules extends Rules {
    BatchRules(StoreTck tck) {
        super(tck);
    }

    private static WriteBatch<Sample> batch() {
        return new WriteBatch<>();
    }

    @Test
    void k7_aBatchWritesOverKindsInItsOrder() throws Exception {
        long replaced = store.create("b", "replaced", sample(1));
        long deleted = store.create("a", "deleted", sample(2));
        store.set("c", "gone", sample(3));
        long before = revision();
        var watch = watch();
        WriteSummary summary = store.write(batch().set("z", "set", sample(4))
                .replace("b", "replaced", sample(5), replaced)
                .delete("c", "gone")
                .delete("nothing", "there")
                .create("a", "created", sample(6))
                .delete("a", "deleted", deleted));
        assertThat(summary).isEqualTo(new WriteSummary(before + 5, 2, 1, 0, 2));
        List<Change<Sample>> changes = next(watch, 5);
        assertThat(changes).extracting(Change::key).containsExactly("set", "replaced", "gone", "created", "deleted");
        assertThat(changes)
                .extracting(Change::value)
                .containsExactly(sample(4), sample(5), sample(3), sample(6), sample(2));
        assertThat(changes)
                .extracting(Change::revision)
                .containsExactly(before + 1, before + 2, before + 3, before + 4, before + 5);
        assertThat(store.kinds()).containsExactly("a", "b", "z");
    }

    @Test
    void k7_aFailedConditionNamesItsKeyAndWritesNothing() throws Exception {
        long tag = store.create(KIND, "present", sample(1));
        List<UnaryOperator<WriteBatch<Sample>>> failing = List.of(
                batch -> batch.create(KIND, "present", sample(2)),
                batch -> batch.replace(KIND, "present", sample(2), tag + 1),
                batch -> batch.delete(KIND, "present", tag + 1),
                batch -> batch.require(KIND, "present", tag + 1),
                batch -> batch.requireAbsent(KIND, "present"));
        for (int i = 0; i < failing.size(); i++) {
            WriteBatch<Sample> first = failing.get(i).apply(batch()).set(KIND, "a", sample(1));
            WriteBatch<Sample> last =
                    failing.get(i).apply(batch().set(KIND, "a", sample(1)).delete(KIND, "b"));
            assertNothingHappened(watch(), () -> {
                assertConflict("present", first);
                assertConflict("present", last);
            });
        }
    }

    @Test
    void k7_aConditionOnAnAbsentKeyFailsByName() throws Exception {
        long tag = store.create(KIND, "present", sample(1));
        List<WriteBatch<Sample>> failing = List.of(
                batch().set(KIND, "a", sample(1)).replace(KIND, "absent", sample(2), tag),
                batch().set(KIND, "a", sample(1)).delete(KIND, "absent", tag),
                batch().set(KIND, "a", sample(1)).require(KIND, "absent", tag));
        for (WriteBatch<Sample> each : failing) {
            assertNothingHappened(watch(), () -> assertConflict("absent", each));
        }
    }

    @Test
    void k7_theFirstOfSeveralFailedConditionsIsNamed() {
        long tag = store.create(KIND, "a", sample(1));
        store.create(KIND, "b", sample(1));
        assertConflict(
                "b", batch().require(KIND, "a", tag).requireAbsent(KIND, "b").require(KIND, "c", 1));
        assertConflict(
                "c", batch().require(KIND, "a", tag).require(KIND, "c", 1).requireAbsent(KIND, "b"));
    }

    @Test
    void k7_conditionsThatHoldEmitNothing() throws Exception {
        long tag = store.create(KIND, "guard", sample(1));
        var watch = watch();
        WriteSummary summary = store.write(batch().require(KIND, "guard", tag)
                .requireAbsent(KIND, "absent")
                .set(KIND, "key", sample(1)));
        assertThat(summary).isEqualTo(new WriteSummary(revision(), 1, 0, 0, 0));
        assertThat(rest(watch)).extracting(Change::key).containsExactly("key");
        assertThat(entry("guard").tag()).isEqualTo(tag);
    }

    @Test
    void k7_aBatchThatChangesNothingNamesTheRevision() throws Exception {
        long tag = store.create(KIND, "key", sample(1));
        assertNothingHappened(watch(), () -> {
            assertThat(store.write(batch())).isEqualTo(new WriteSummary(revision(), 0, 0, 0, 0));
            assertThat(store.write(batch().require(KIND, "key", tag).delete(KIND, "absent")))
                    .isEqualTo(new WriteSummary(revision(), 0, 0, 0, 0));
            assertThat(store.write(batch().set(KIND, "key", sample(1))))
                    .isEqualTo(new WriteSummary(revision(), 0, 0, 1, 0));
        });
    }

    @Test
    void k7_aKeyIsNamedOnce() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> batch().set(KIND, "key", sample(1)).delete(KIND, "key"))
                .withMessageContaining("key");
        store.write(batch().set(KIND, "key", sample(1)).set("other", "key", sample(2)));
        assertThat(store.get("other", "key")).contains(sample(2));
    }

    @Test
    void k7_concurrentBatchesDoNotInterleave() throws Exception {
        var watch = watch();
        crew.race(8, thread -> {
            for (int i = 0; i < 25; i++) {
                Sample value = sample(thread * 100 + i);
                store.write(batch().set("a", "key", value)
                        .set("b", "key" + thread, value)
                        .set("c", "key", value));
            }
            return thread;
        });
        List<Change<Sample>> changes = new ArrayList<>(rest(watch));
        assertThat(changes).hasSize(600);
        for (int i = 0; i < changes.size(); i += 3) {
            List<Change<Sample>> one = changes.subList(i, i + 3);
            long revision = one.get(0).revision();
            assertThat(one).extracting(Change::kind).containsExactly("a", "b", "c");
            assertThat(one).extracting(Change::value).containsOnly(one.get(0).value());
            assertThat(one).extracting(Change::revision).containsExactly(revision, revision + 1, revision + 2);
        }
    }

    @Test
    void k7_aReaderSeesAllOfABatchOrNothing() throws Exception {
        store.setAll(KIND, Map.of("a", sample(500), "b", sample(500)));
        AtomicBoolean done = new AtomicBoolean();
        Future<Integer> reader = crew.start(() -> {
            int reads = 0;
            while (!done.get() || reads < 50) {
                assertThat(store.values(KIND).stream().mapToInt(Sample::number).sum())
                        .isEqualTo(1000);
                reads++;
            }
            return reads;
        });
        try {
            for (int i = 0; i < 500; i++) {
                store.write(batch().set(KIND, "a", sample(i)).set(KIND, "b", sample(1000 - i)));
            }
        } finally {
            done.set(true);
        }
        assertThat(crew.await(reader)).as("reads beside the batches").isGreaterThanOrEqualTo(50);
    }

    @Test
    void k7_whoFindsOneKeyOfABatchFindsTheOthers() throws Exception {
        List<String> keys = samples(500).keySet().stream().sorted().toList();
        String first = keys.get(0);
        String last = keys.get(keys.size() - 1);
        AtomicBoolean done = new AtomicBoolean();
        writeTo(keys, 0);
        Future<Integer> reader = crew.start(() -> {
            int reads = 0;
            while (!done.get() || reads < 50) {
                assertNotOlder(first, last);
                assertNotOlder(last, first);
                reads++;
            }
            return reads;
        });
        try {
            for (int round = 1; round <= 20; round++) {
                writeTo(keys, round);
            }
        } finally {
            done.set(true);
        }
        assertThat(crew.await(reader)).as("reads beside the batches").isGreaterThanOrEqualTo(50);
    }

    private void writeTo(List<String> keys, int number) {
        WriteBatch<Sample> batch = batch();
        keys.forEach(key -> batch.set(KIND, key, sample(number)));
        store.write(batch);
    }

    /** What one key has got, the other has got by the time it is read. */
    private void assertNotOlder(String one, String other) {
        int before = store.get(KIND, one).orElseThrow().number();
        assertThat(store.get(KIND, other).orElseThrow().number())
                .as("%s, read after %s", other, one)
                .isGreaterThanOrEqualTo(before);
    }

    private void assertConflict(String key, WriteBatch<Sample> batch) {
        assertThatThrownBy(() -> store.write(batch)).isInstanceOfSatisfying(ConflictException.class, conflict -> {
            assertThat(conflict.kind()).isEqualTo(KIND);
            assertThat(conflict.key()).isEqualTo(key);
        });
    }
}

package dev.tidemark.store.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.store.Change;
import dev.tidemark.store.Entry;
import dev.tidemark.store.Store;
import dev.tidemark.store.StoreOptions;
import dev.tidemark.store.ValidationException;
import dev.tidemark.store.WatchOptions;
import dev.tidemark.store.WriteSummary;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** K4: setAll merges, all or nothing. */
abstract class SetAllRules extends Rules {
    private static final int LARGE = 100_000;

    SetAllRules(StoreTck tck) {
        super(tck);
    }

    @Test
    void k4_aMergeKeepsOtherKeysAndSkipsUnchangedOnes() throws Exception {
        store.setAll(KIND, Map.of("same", sample(1), "other", sample(1), "kept", sample(1)));
        Entry<Sample> same = entry("same");
        Entry<Sample> kept = entry("kept");
        var watch = watch();
        WriteSummary summary = store.setAll(KIND, Map.of("new", sample(2), "same", sample(1), "other", sample(2)));
        assertThat(summary).isEqualTo(new WriteSummary(revision(), 1, 1, 1, 0));
        assertThat(entry("same")).isEqualTo(same);
        assertThat(entry("kept")).isEqualTo(kept);
        assertThat(entry("other").version()).isEqualTo(2);
        List<Change<Sample>> changes = rest(watch);
        assertThat(changes).extracting(Change::key).containsExactly("new", "other");
        assertThat(changes).extracting(Change::type).containsExactly(Change.Type.CREATED, Change.Type.UPDATED);
    }

    @Test
    void k4_nothingIsWrittenWhenOneValueIsRefused() throws Exception {
        Store<Sample> positive = store(StoreOptions.<Sample>defaults().withValidator(KIND, value -> {
            if (value.number() < 0) {
                throw new IllegalArgumentException("negative");
            }
        }));
        positive.set(KIND, "b", sample(1));
        Map<String, Sample> values = Map.of("a", sample(2), "b", sample(2), "c", sample(-1));
        assertNothingHappened(
                watch(),
                () -> assertThatThrownBy(() -> positive.setAll(KIND, values)).isInstanceOf(ValidationException.class));
    }

    @Test
    void k4_nullInTheMapIsRefused() throws Exception {
        Map<String, Sample> nullKey = new HashMap<>(Map.of("a", sample(1)));
        nullKey.put(null, sample(1));
        assertNothingHappened(
                watch(),
                () -> assertThatThrownBy(() -> store.setAll(KIND, nullKey)).isInstanceOf(NullPointerException.class));
    }

    @Test
    void k4_anEmptyMapChangesNothing() throws Exception {
        store.set(KIND, "key", sample(1));
        assertNothingHappened(
                watch(),
                () -> assertThat(store.setAll(KIND, Map.of())).isEqualTo(new WriteSummary(revision(), 0, 0, 0, 0)));
    }

    @Test
    void k4_aHundredThousandKeysAreOneMergeInKeyOrder() throws Exception {
        store.set(KIND, key(LARGE / 2), sample(LARGE / 2));
        long before = revision();
        Map<String, Sample> values =
                IntStream.range(0, LARGE).boxed().collect(Collectors.toMap(SetAllRules::key, Rules::sample));
        WriteSummary summary = store.setAll(KIND, values);
        assertThat(summary).isEqualTo(new WriteSummary(revision(), LARGE - 1, 0, 1, 0));
        assertThat(store.count(KIND)).isEqualTo(LARGE);
        assertThat(store.get(KIND, key(77_777))).contains(sample(77_777));
        var watch = watch(WatchOptions.defaults().withStartAfter(before));
        List<Change<Sample>> changes = next(watch, LARGE - 1);
        assertThat(changes.stream().map(change -> change.value().number()))
                .as("in key order")
                .isEqualTo(IntStream.range(0, LARGE)
                        .filter(i -> i != LARGE / 2)
                        .boxed()
                        .toList());
        assertThat(changes.stream().map(Change::revision))
                .as("consecutive revisions")
                .isEqualTo(LongStream.range(before + 1, before + LARGE).boxed().toList());
        WriteSummary again = store.setAll(KIND, values);
        assertThat(again).isEqualTo(new WriteSummary(summary.revision(), 0, 0, LARGE, 0));
    }

    @Test
    void k4_aReaderSeesAllOfAMergeOrNothing() throws Exception {
        List<String> keys = IntStream.range(0, 500).mapToObj(SetAllRules::key).toList();
        AtomicBoolean done = new AtomicBoolean();
        Future<Integer> reader = crew.start(() -> {
            int reads = 0;
            while (!done.get() || reads < 20) {
                Collection<Sample> values = store.getAll(KIND, keys).values();
                assertThat(values.size()).isIn(0, 500);
                assertThat(Set.copyOf(values)).hasSizeLessThanOrEqualTo(1);
                reads++;
            }
            return reads;
        });
        try {
            for (int round = 0; round < 30; round++) {
                Sample value = sample(round);
                store.setAll(KIND, keys.stream().collect(Collectors.toMap(key -> key, key -> value)));
            }
        } finally {
            done.set(true);
        }
        assertThat(crew.await(reader)).as("reads beside the merges").isGreaterThanOrEqualTo(20);
    }

    private static String key(int number) {
        return String.format("%06d", number);
    }
}

package dev.tidemark.store.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.store.Change;
import dev.tidemark.store.ConflictException;
import dev.tidemark.store.KeyNotFoundException;
import dev.tidemark.store.ListOptions;
import dev.tidemark.store.StoreOptions;
import dev.tidemark.store.Watch;
import dev.tidemark.store.WatchOptions;
import dev.tidemark.store.WriteBatch;
import dev.tidemark.store.WriteSummary;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * K1 to K8, W1 and W6 at random: the store and a model do the same, and have to agree after every step. A failure names the seed,
 * which the system property {@code tidemark.tck.seed} runs again.
 */
abstract class ModelRules extends Rules {
    private static final int RUNS = 5;
    private static final int STEPS = 400;
    private static final List<String> KEYS = List.of("a", "ab", "b", "é", "\uFFFD", "\uD83D\uDE00", "%", "a_");

    ModelRules(StoreTck tck) {
        super(tck);
    }

    @Test
    void k1_k2_k3_k4_k5_k6_k7_k8_w1_w6_aRandomRunDoesWhatTheModelDoes() throws Exception {
        long seed = Long.getLong("tidemark.tck.seed", System.nanoTime());
        for (int run = 0; run < RUNS; run++) {
            try {
                run(run, new Random(seed + run));
            } catch (Exception | AssertionError failure) {
                throw new AssertionError("with -Dtidemark.tck.seed=" + (seed + run) + ": " + failure, failure);
            }
        }
    }

    private void run(long namespace, Random random) throws Exception {
        store = store(StoreOptions.<Sample>defaults().withNamespace(namespace));
        Model model = new Model();
        Watch<Sample> live = watch();
        for (int step = 0; step < STEPS; step++) {
            step(model, random);
            if (step % 50 == 0) {
                model.assertEquals(store);
            }
        }
        model.assertEquals(store);
        List<Change<Sample>> changes = next(live, model.changes().size());
        assertThat(changes).extracting(Model.Expected::of).isEqualTo(model.changes());
        assertThat(next(watch(WatchOptions.defaults().withStartAfter(0)), changes.size()))
                .isEqualTo(changes);
        assertThat(changes).as("changes made").hasSizeGreaterThan(STEPS / 4);
    }

    private void step(Model model, Random random) {
        String kind = "kind" + random.nextInt(3);
        String key = KEYS.get(random.nextInt(KEYS.size()));
        Sample value = sample(random.nextInt(4));
        @Nullable Sample present = model.get(kind, key);
        switch (random.nextInt(9)) {
            case 0, 1 -> assertThat(store.set(kind, key, value)).isEqualTo(model.set(kind, key, value));
            case 2 -> assertThat(store.delete(kind, key)).isEqualTo(model.delete(kind, key));
            case 3 -> create(model, kind, key, value, present);
            case 4 -> conditional(model, random, kind, key, value);
            case 5 -> update(model, kind, key, value, present);
            case 6 -> {
                assertThat(store.upsert(kind, key, before -> before.isPresent() ? value : sample(9)))
                        .isEqualTo(present == null ? sample(9) : value);
                model.set(kind, key, present == null ? sample(9) : value);
            }
            case 7 -> many(model, random, kind, value);
            default -> read(model, random, kind, key, present);
        }
    }

    private void create(Model model, String kind, String key, Sample value, @Nullable Sample present) {
        if (present == null) {
            store.create(kind, key, value);
            model.set(kind, key, value);
        } else {
            assertThatThrownBy(() -> store.create(kind, key, value)).isInstanceOf(ConflictException.class);
        }
    }

    private void update(Model model, String kind, String key, Sample value, @Nullable Sample present) {
        if (present == null) {
            assertThatThrownBy(() -> store.update(kind, key, before -> value)).isInstanceOf(KeyNotFoundException.class);
        } else {
            store.update(kind, key, before -> value);
            model.set(kind, key, value);
        }
    }

    private void conditional(Model model, Random random, String kind, String key, Sample value) {
        store.entry(kind, key).ifPresent(entry -> {
            assertThatThrownBy(() -> store.replace(kind, key, value, entry.tag() + 1))
                    .isInstanceOf(ConflictException.class);
            if (random.nextBoolean()) {
                store.replace(kind, key, value, entry.tag());
                model.set(kind, key, value);
            } else {
                assertThat(store.delete(kind, key, entry.tag()))
                        .isEqualTo(model.delete(kind, key).orElseThrow());
            }
        });
    }

    private void many(Model model, Random random, String kind, Sample value) {
        List<String> keys = new ArrayList<>(KEYS);
        keys.removeIf(key -> random.nextBoolean());
        if (random.nextBoolean()) {
            Map<String, Sample> values = new TreeMap<>(OrderRules.BY_CODE_POINT);
            keys.forEach(key -> values.put(key, value));
            store.setAll(kind, values);
            values.forEach((key, each) -> model.set(kind, key, each));
            return;
        }
        WriteBatch<Sample> batch = new WriteBatch<>();
        int before = model.changes().size();
        for (String key : keys) {
            if (random.nextInt(3) == 0) {
                batch.delete(kind, key);
                model.delete(kind, key);
            } else {
                batch.set(kind, key, value);
                model.set(kind, key, value);
            }
        }
        WriteSummary summary = store.write(batch);
        assertThat(summary.created() + summary.updated() + summary.deleted())
                .isEqualTo(model.changes().size() - before);
    }

    private void read(Model model, Random random, String kind, String key, @Nullable Sample present) {
        assertThat(store.get(kind, key).orElse(null)).isEqualTo(present);
        ListOptions options = ListOptions.defaults().withLimit(1 + random.nextInt(KEYS.size()));
        options = random.nextBoolean() ? options.withAfter(key) : options.withPrefix("a");
        assertThat(store.keys(kind, options).items()).isEqualTo(model.keys(kind, options));
    }
}

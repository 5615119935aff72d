package dev.tidemark.store.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.store.ConflictException;
import dev.tidemark.store.KeyNotFoundException;
import dev.tidemark.store.Store;
import dev.tidemark.store.StoreOptions;
import dev.tidemark.store.ValidationException;
import dev.tidemark.store.Watch;
import dev.tidemark.store.WatchOptions;
import dev.tidemark.store.WriteBatch;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** W10: what changed nothing is invisible, also among writes that do. */
abstract class InvisibleRules extends Rules {
    InvisibleRules(StoreTck tck) {
        super(tck);
    }

    private void failInEveryWay(Store<Sample> checked, int number) {
        Sample bad = sample(-1);
        IllegalStateException mine = new IllegalStateException("mine");
        assertThatThrownBy(() -> store.create(KIND, "fixed", sample(number))).isInstanceOf(ConflictException.class);
        assertThatThrownBy(() -> store.replace(KIND, "fixed", sample(number), -1))
                .isInstanceOf(ConflictException.class);
        assertThatThrownBy(() -> store.delete(KIND, "fixed", -1)).isInstanceOf(ConflictException.class);
        assertThatThrownBy(() -> store.update(KIND, "absent", value -> value)).isInstanceOf(KeyNotFoundException.class);
        assertThatThrownBy(() -> store.upsert(KIND, "fixed", value -> {
                    throw mine;
                }))
                .isSameAs(mine);
        assertThatThrownBy(() -> checked.setAll(KIND, Map.of("a", sample(number), "b", bad)))
                .isInstanceOf(ValidationException.class);
        assertThatThrownBy(() -> store.write(new WriteBatch<Sample>()
                        .set("other", "key", sample(number))
                        .delete(KIND, "fixed")
                        .requireAbsent(KIND, "fixed2")
                        .create(KIND, "fixed3", sample(number))))
                .isInstanceOf(ConflictException.class);
        store.delete(KIND, "absent");
        store.set(KIND, "fixed", sample(0));
        store.setAll(KIND, Map.of("fixed", sample(0), "fixed2", sample(0)));
    }

    private Store<Sample> fixed() {
        store.setAll(KIND, Map.of("fixed", sample(0), "fixed2", sample(0), "fixed3", sample(0)));
        return store(StoreOptions.<Sample>defaults().withValidator(KIND, value -> {
            if (value.number() < 0) {
                throw new IllegalArgumentException("negative");
            }
        }));
    }

    @Test
    void w10_noOpsAndFailedWritesAreInvisible() throws Exception {
        Store<Sample> checked = fixed();
        assertNothingHappened(watch(), () -> failInEveryWay(checked, 1));
    }

    @Test
    void w10_theyAreInvisibleAmongConcurrentWrites() throws Exception {
        Store<Sample> checked = fixed();
        long start = revision();
        Watch<Sample> watch = watch(WatchOptions.defaults().withBufferSize(100_000));
        crew.race(4, thread -> {
            for (int i = 0; i < 50; i++) {
                if (thread % 2 == 0) {
                    failInEveryWay(checked, i);
                } else {
                    store.set("mine" + thread, "key", sample(i));
                }
            }
            return thread;
        });
        var live = rest(watch, "marks");
        assertThat(live).hasSize(100).allMatch(change -> change.kind().startsWith("mine"));
        var history = next(watch(WatchOptions.defaults().withStartAfter(start)), 100);
        assertThat(history).isEqualTo(live);
        assertThat(store.kinds()).isEqualTo(List.of(KIND, "marks", "mine1", "mine3"));
    }
}

package dev.tidemark.store.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.store.Change;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/** K5: a delete returns what it deleted. */
abstract class DeleteRules extends Rules {
    DeleteRules(StoreTck tck) {
        super(tck);
    }

    @Test
    void k5_aDeleteReturnsThePreviousValue() {
        store.set(KIND, "key", sample(1));
        store.set(KIND, "key", sample(2));
        assertThat(store.delete(KIND, "key")).contains(sample(2));
        assertThat(store.get(KIND, "key")).isEmpty();
        assertThat(store.entry(KIND, "key")).isEmpty();
        assertThat(store.keys(KIND)).isEmpty();
        assertThat(store.kinds()).isEmpty();
    }

    @Test
    void k5_deletingAnAbsentKeyDoesNothing() throws Exception {
        store.set(KIND, "other", sample(1));
        assertNothingHappened(watch(), () -> {
            assertThat(store.delete(KIND, "key")).isEmpty();
            assertThat(store.delete("nothing", "key")).isEmpty();
        });
    }

    @Test
    void k5_ofRacingDeletesOneGetsTheValue() throws Exception {
        for (int round = 0; round < 100; round++) {
            Sample value = sample(round);
            store.set(KIND, "key", value);
            List<Optional<Sample>> deleted = crew.race(8, thread -> store.delete(KIND, "key"));
            assertThat(deleted.stream().flatMap(Optional::stream))
                    .as("round %d", round)
                    .containsExactly(value);
        }
    }

    @Test
    void k5_aDeleteReturnsTheValueThatItReallyDeleted() throws Exception {
        var watch = watch();
        Queue<Sample> returned = new ConcurrentLinkedQueue<>();
        crew.race(6, thread -> {
            for (int i = 0; i < 100; i++) {
                if ((thread + i) % 3 != 0) {
                    store.set(KIND, "key", sample(i * 10 + thread));
                } else {
                    store.delete(KIND, "key").ifPresent(returned::add);
                }
            }
            return thread;
        });
        store.delete(KIND, "key").ifPresent(returned::add);
        List<Sample> deleted = new ArrayList<>();
        Sample last = sample(-1);
        for (Change<Sample> change : rest(watch)) {
            if (change.type() == Change.Type.DELETED) {
                assertThat(change.value())
                        .as("the deleted value is the one before")
                        .isEqualTo(last);
                deleted.add(change.value());
            }
            last = change.value();
        }
        assertThat(returned).containsExactlyInAnyOrderElementsOf(deleted);
        assertThat(deleted).as("deletes that met a value").hasSizeGreaterThan(5);
    }
}

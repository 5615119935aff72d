package dev.tidemark.store.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.store.ConflictException;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** K6: writes on the condition of a tag. */
abstract class ConditionRules extends Rules {
    ConditionRules(StoreTck tck) {
        super(tck);
    }

    @Test
    void k6_createNeedsAnAbsentKey() throws Exception {
        long tag = store.create(KIND, "key", sample(1));
        assertThat(entry("key").tag()).isEqualTo(tag);
        assertNothingHappened(watch(), () -> {
            assertConflict(
                    "key", OptionalLong.empty(), OptionalLong.of(tag), () -> store.create(KIND, "key", sample(2)));
            assertConflict(
                    "key", OptionalLong.empty(), OptionalLong.of(tag), () -> store.create(KIND, "key", sample(1)));
        });
        store.delete(KIND, "key");
        assertThat(store.create(KIND, "key", sample(1))).isNotEqualTo(tag);
    }

    @Test
    void k6_replaceNeedsItsTag() throws Exception {
        long first = store.create(KIND, "key", sample(1));
        long second = store.replace(KIND, "key", sample(2), first);
        assertThat(second).isNotEqualTo(first).isEqualTo(entry("key").tag());
        assertNothingHappened(watch(), () -> {
            assertConflict(
                    "key",
                    OptionalLong.of(first),
                    OptionalLong.of(second),
                    () -> store.replace(KIND, "key", sample(3), first));
            assertConflict(
                    "key",
                    OptionalLong.of(first),
                    OptionalLong.of(second),
                    () -> store.replace(KIND, "key", sample(2), first));
            assertConflict(
                    "absent",
                    OptionalLong.of(first),
                    OptionalLong.empty(),
                    () -> store.replace(KIND, "absent", sample(3), first));
        });
        assertThat(store.get(KIND, "key")).contains(sample(2));
    }

    @Test
    void k6_deleteNeedsItsTag() throws Exception {
        long first = store.create(KIND, "key", sample(1));
        long second = store.replace(KIND, "key", sample(2), first);
        assertNothingHappened(watch(), () -> {
            assertConflict(
                    "key", OptionalLong.of(first), OptionalLong.of(second), () -> store.delete(KIND, "key", first));
            assertConflict(
                    "absent", OptionalLong.of(first), OptionalLong.empty(), () -> store.delete(KIND, "absent", first));
        });
        assertThat(store.delete(KIND, "key", second)).isEqualTo(sample(2));
        assertThat(store.get(KIND, "key")).isEmpty();
        assertConflict("key", OptionalLong.of(second), OptionalLong.empty(), () -> store.delete(KIND, "key", second));
    }

    @Test
    void k6_deleteAndRecreateDoesNotFoolATag() throws Exception {
        long old = store.create(KIND, "key", sample(1));
        store.delete(KIND, "key");
        long now = store.create(KIND, "key", sample(1));
        assertNothingHappened(watch(), () -> {
            assertConflict(
                    "key",
                    OptionalLong.of(old),
                    OptionalLong.of(now),
                    () -> store.replace(KIND, "key", sample(2), old));
            assertConflict("key", OptionalLong.of(old), OptionalLong.of(now), () -> store.delete(KIND, "key", old));
        });
    }

    @Test
    void k6_ofRacingCreatesOneWins() throws Exception {
        for (int round = 0; round < 50; round++) {
            String key = "key" + round;
            List<Boolean> won = crew.race(8, thread -> wins(() -> store.create(KIND, key, sample(thread))));
            assertThat(won).as("round %d", round).containsOnlyOnce(true);
            int winner = won.indexOf(true);
            assertThat(store.get(KIND, key)).contains(sample(winner));
        }
    }

    @Test
    void k6_ofRacingReplacesAndDeletesByOneTagOneWins() throws Exception {
        for (int round = 0; round < 50; round++) {
            String key = "key" + round;
            long tag = store.create(KIND, key, sample(-1));
            List<Boolean> won = crew.race(
                    8,
                    thread -> wins(() -> thread % 2 == 0
                            ? store.replace(KIND, key, sample(thread), tag)
                            : store.delete(KIND, key, tag)));
            assertThat(won).as("round %d", round).containsOnlyOnce(true);
            int winner = won.indexOf(true);
            if (winner % 2 == 0) {
                assertThat(store.get(KIND, key)).contains(sample(winner));
            } else {
                assertThat(store.get(KIND, key)).isEmpty();
            }
        }
    }

    private static boolean wins(Callable<?> write) throws Exception {
        try {
            write.call();
            return true;
        } catch (ConflictException lost) {
            return false;
        }
    }

    private static void assertConflict(String key, OptionalLong expected, OptionalLong actual, ThrowingCallable write) {
        assertThatThrownBy(write).isInstanceOfSatisfying(ConflictException.class, conflict -> {
            assertThat(conflict.kind()).isEqualTo(KIND);
            assertThat(conflict.key()).isEqualTo(key);
            assertThat(conflict.expected()).as("expected").isEqualTo(expected);
            assertThat(conflict.actual()).as("actual").isEqualTo(actual);
        });
    }
}

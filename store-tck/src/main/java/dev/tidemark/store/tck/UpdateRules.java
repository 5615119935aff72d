package dev.tidemark.store.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.store.Change;
import dev.tidemark.store.KeyNotFoundException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** K3: updates are atomic. */
abstract class UpdateRules extends Rules {
    private static final int THREADS = 32;
    private static final int RACES = 20;
    private static final int ROUNDS = 50;

    UpdateRules(StoreTck tck) {
        super(tck);
    }

    /** Each write waits for the one before it, on a disk that may be slow: a race is short enough to be waited for. */
    @Test
    @Timeout(value = 20, unit = TimeUnit.MINUTES)
    void k3_noIncrementIsLost() throws Exception {
        store.set(KIND, "counter", sample(0));
        for (int race = 0; race < RACES; race++) {
            crew.race(THREADS, thread -> {
                for (int i = 0; i < ROUNDS; i++) {
                    store.update(KIND, "counter", value -> sample(value.number() + 1));
                }
                return thread;
            });
        }
        int increments = RACES * THREADS * ROUNDS;
        assertThat(store.get(KIND, "counter")).contains(sample(increments));
        assertThat(entry("counter").version()).isEqualTo(increments + 1L);
    }

    @Test
    void k3_noUpsertIsLost() throws Exception {
        crew.race(8, thread -> {
            for (int i = 0; i < 100; i++) {
                store.upsert(
                        KIND,
                        "counter" + i % 3,
                        before -> sample(before.map(Sample::number).orElse(0) + 1));
            }
            return thread;
        });
        assertThat(store.values(KIND).stream().mapToInt(Sample::number).sum()).isEqualTo(800);
    }

    @Test
    void k3_updatesAmongOtherWritesAreAtomic() throws Exception {
        store.set(KIND, "key", sample(0));
        var watch = watch();
        AtomicInteger unique = new AtomicInteger(1_000_000);
        crew.race(8, thread -> {
            for (int i = 0; i < 50; i++) {
                int number = i;
                if (thread % 2 == 0) {
                    store.upsert(
                            KIND,
                            "key",
                            before -> new Sample(before.map(Sample::toString).orElse(""), number));
                    store.set(KIND, "key", sample(unique.incrementAndGet()));
                } else {
                    store.delete(KIND, "key");
                }
            }
            return thread;
        });
        String last = sample(0).toString();
        int updates = 0;
        for (Change<Sample> change : rest(watch)) {
            if (change.type() != Change.Type.DELETED && change.value().number() < 1_000_000) {
                assertThat(change.value().name()).as("what an update saw").isEqualTo(last);
                updates++;
            }
            last = change.type() == Change.Type.DELETED ? "" : change.value().toString();
        }
        assertThat(updates).as("updates that happened").isGreaterThan(50);
    }

    @Test
    void k3_anUpdateReturnsTheNewValue() {
        store.set(KIND, "key", sample(1));
        assertThat(store.update(KIND, "key", value -> sample(value.number() + 1)))
                .isEqualTo(sample(2));
        assertThat(store.get(KIND, "key")).contains(sample(2));
    }

    @Test
    void k3_anUpdateOfAnAbsentKeySaysSo() throws Exception {
        assertNothingHappened(
                watch(),
                () -> assertThatThrownBy(() -> store.update(KIND, "key", value -> sample(1)))
                        .isInstanceOfSatisfying(KeyNotFoundException.class, missing -> {
                            assertThat(missing.kind()).isEqualTo(KIND);
                            assertThat(missing.key()).isEqualTo("key");
                        }));
    }

    @Test
    void k3_anUpsertSeesWhetherTheKeyIsThere() {
        assertThat(store.upsert(KIND, "key", before -> sample(before.isEmpty() ? 1 : -1)))
                .isEqualTo(sample(1));
        assertThat(store.upsert(KIND, "key", before -> sample(before.equals(Optional.of(sample(1))) ? 2 : -1)))
                .isEqualTo(sample(2));
        assertThat(entry("key").version()).isEqualTo(2);
    }

    @Test
    void k3_whatTheFunctionThrowsComesOutUnchanged() throws Exception {
        store.set(KIND, "key", sample(1));
        for (Throwable thrown : List.of(new IllegalStateException("mine"), new AssertionError("mine"))) {
            assertNothingHappened(watch(), () -> {
                assertThatThrownBy(() -> store.update(KIND, "key", value -> sneak(thrown)))
                        .isSameAs(thrown);
                assertThatThrownBy(() -> store.upsert(KIND, "key", value -> sneak(thrown)))
                        .isSameAs(thrown);
                assertThatThrownBy(() -> store.upsert(KIND, "absent", value -> sneak(thrown)))
                        .isSameAs(thrown);
            });
        }
        assertThat(store.get(KIND, "absent")).isEmpty();
    }

    private static Sample sneak(Throwable thrown) {
        if (thrown instanceof Error error) {
            throw error;
        }
        throw (RuntimeException) thrown;
    }
}

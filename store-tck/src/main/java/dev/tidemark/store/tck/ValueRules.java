package dev.tidemark.store.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.store.Store;
import dev.tidemark.store.StoreOptions;
import dev.tidemark.store.ValueTooLargeException;
import dev.tidemark.store.WriteBatch;
import java.util.Collections;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** N3: null, and values that are too large. */
abstract class ValueRules extends EveryCall {
    ValueRules(StoreTck tck) {
        super(tck);
    }

    @Test
    void n3_aNullNameIsANullPointerException() {
        callsWithKind().forEach((method, call) -> assertNull(method, () -> call.accept(nothing())));
        callsWithKey().forEach((method, call) -> {
            assertNull(method, () -> call.accept(nothing(), "key"));
            if (!method.startsWith("watch")) {
                assertNull(method, () -> call.accept(KIND, nothing()));
            }
        });
        assertThat(revision()).isZero();
    }

    @Test
    void n3_aNullValueIsANullPointerException() {
        store.set(KIND, "key", sample(1));
        long tag = entry("key").tag();
        long revision = revision();
        assertNull("set", () -> store.set(KIND, "key", nothing()));
        assertNull("create", () -> store.create(KIND, "other", nothing()));
        assertNull("replace", () -> store.replace(KIND, "key", nothing(), tag));
        assertNull("update", () -> store.update(KIND, "key", value -> nothing()));
        assertNull("upsert", () -> store.upsert(KIND, "other", value -> nothing()));
        assertNull("setAll", () -> store.setAll(KIND, Collections.singletonMap("key", nothing())));
        assertNull("batch set", () -> new WriteBatch<Sample>().set(KIND, "key", nothing()));
        assertNull("batch create", () -> new WriteBatch<Sample>().create(KIND, "key", nothing()));
        assertNull("batch replace", () -> new WriteBatch<Sample>().replace(KIND, "key", nothing(), tag));
        assertThat(revision()).isEqualTo(revision);
        assertThat(store.get(KIND, "key")).contains(sample(1));
    }

    @Test
    @Needs(Capability.ENCODING)
    void n3_aValueAboveTheLimitIsRefusedByEveryKindOfWrite() throws Exception {
        Sample large = new Sample("x".repeat(5_000), 1);
        int limit = tck.codec().encode(large).length - 1;
        Store<Sample> limited = store(StoreOptions.<Sample>defaults().withMaxValueBytes(limit));
        store.set(KIND, "key", sample(1));
        long tag = entry("key").tag();
        assertNothingHappened(watch(), () -> {
            assertTooLarge(limit, () -> limited.set(KIND, "key", large));
            assertTooLarge(limit, () -> limited.create(KIND, "other", large));
            assertTooLarge(limit, () -> limited.replace(KIND, "key", large, tag));
            assertTooLarge(limit, () -> limited.update(KIND, "key", value -> large));
            assertTooLarge(limit, () -> limited.upsert(KIND, "other", value -> large));
            assertTooLarge(limit, () -> limited.setAll(KIND, Map.of("a", sample(2), "b", large)));
            assertTooLarge(
                    limit,
                    () -> limited.write(
                            new WriteBatch<Sample>().set(KIND, "a", sample(2)).set(KIND, "b", large)));
        });
    }

    @Test
    @Needs(Capability.ENCODING)
    void n3_aValueAtTheLimitIsWritten() {
        Sample large = new Sample("x".repeat(5_000), 1);
        int limit = tck.codec().encode(large).length;
        store(StoreOptions.<Sample>defaults().withMaxValueBytes(limit)).set(KIND, "key", large);
        assertThat(store.get(KIND, "key")).contains(large);
    }

    private static void assertTooLarge(int limit, Runnable write) {
        assertThatThrownBy(write::run).isInstanceOfSatisfying(ValueTooLargeException.class, refusal -> {
            assertThat(refusal.maxBytes()).isEqualTo(limit);
            assertThat(refusal.bytes()).isEqualTo(limit + 1L);
        });
    }

    private static void assertNull(String method, Runnable call) {
        assertThatNullPointerException().as(method + " of null").isThrownBy(call::run);
    }

    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"}) // The point is to pass what must not be passed.
    private static <T> T nothing() {
        @Nullable T nothing = null;
        return nothing;
    }
}

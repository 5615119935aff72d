package dev.tidemark.store.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.store.ListOptions;
import dev.tidemark.store.Snapshot;
import dev.tidemark.store.Store;
import dev.tidemark.store.StoreOptions;
import dev.tidemark.store.ValueTooLargeException;
import dev.tidemark.store.WatchOptions;
import dev.tidemark.store.WriteBatch;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** N1: which names are names, and that they are kept exactly. N3: null, and values that are too large. */
abstract class NamingRules extends Rules {
    private static final String EMOJI = "\uD83D\uDE00";

    /** Names that break a rule, and the word by which the message says which. */
    private static final Map<String, String> FORBIDDEN = Map.of(
            "", "empty",
            "a\0b", "NUL",
            "\0", "NUL",
            "a\uD83D", "surrogate",
            "\uDE00a", "surrogate",
            "\uDE00\uD83D", "surrogate",
            "\uD83D\uD83D\uDE00", "surrogate");

    private static final Map<String, String> LONG_KINDS =
            Map.of("k".repeat(256), "255", "é".repeat(128), "255", EMOJI.repeat(64), "255", "x".repeat(100_000), "255");

    private static final Map<String, String> LONG_KEYS = Map.of(
            "k".repeat(1025), "1024", "é".repeat(513), "1024", EMOJI.repeat(257), "1024", "x".repeat(100_000), "1024");

    static final List<String> EXOTIC = List.of(
            "|",
            "a|b",
            "a/b",
            "/",
            "%",
            "a%",
            "_",
            "__",
            "'",
            "''",
            "\"",
            "`",
            "\\",
            "\\\\",
            "\\0",
            EMOJI,
            EMOJI + EMOJI,
            " ",
            "  ",
            " lead",
            "trail ",
            "\t",
            "\n",
            "\r\n",
            "\u0001",
            "\u007f",
            "\u0085",
            "\u00a0",
            "\u200b",
            "\u2028",
            "\u202e",
            "\ufeff",
            "\uffff",
            "\ufffd",
            "\ue000",
            "../",
            "../../etc/passwd",
            ".",
            "..",
            "C:\\",
            "*",
            "?",
            "[a]",
            "{}",
            "$1",
            "?1",
            ":name",
            "@a",
            "%s",
            "%n",
            "--",
            "/*",
            ";",
            "'; DROP TABLE entries; --",
            "NULL",
            "null",
            "true",
            "0",
            "00",
            "-1",
            "1e3",
            "A",
            "a",
            "ß",
            "SS",
            "ss",
            "é",
            "e\u0301",
            "İ",
            "i",
            "ı",
            "\u0000 ".trim() + "z",
            "日本語",
            "\uDBFF\uDFFF",
            "\uD800\uDC00");

    NamingRules(StoreTck tck) {
        super(tck);
    }

    @Test
    void n1_aForbiddenKindIsRefusedByEveryMethod() {
        Map<String, String> forbidden = new HashMap<>(FORBIDDEN);
        forbidden.putAll(LONG_KINDS);
        callsWithKind().forEach((method, call) -> assertRefused("kind", method, forbidden, call));
        callsWithKey()
                .forEach((method, call) -> assertRefused("kind", method, forbidden, kind -> call.accept(kind, "key")));
        assertThat(revision()).isZero();
    }

    @Test
    void n1_aForbiddenKeyIsRefusedByEveryMethod() {
        Map<String, String> forbidden = new HashMap<>(FORBIDDEN);
        forbidden.putAll(LONG_KEYS);
        callsWithKey()
                .forEach((method, call) -> assertRefused("key", method, forbidden, key -> call.accept(KIND, key)));
        assertThat(revision()).isZero();
    }

    @Test
    void n1_aForbiddenBoundIsRefused() {
        Map<String, String> forbidden = new HashMap<>(FORBIDDEN);
        forbidden.remove("");
        ListOptions all = ListOptions.defaults();
        assertRefused("prefix", "list", forbidden, bound -> store.list(KIND, all.withPrefix(bound)));
        assertRefused("from", "keys", forbidden, bound -> store.keys(KIND, all.withFrom(bound)));
        assertRefused("to", "count", forbidden, bound -> store.count(KIND, all.withTo(bound)));
        assertRefused("token", "values", forbidden, bound -> store.values(KIND, all.withAfter(bound)));
        assertRefused(
                "prefix",
                "watch",
                forbidden,
                bound -> watch(WatchOptions.defaults().withPrefix(bound)));
    }

    @Test
    void n1_theLongestNamesAreAccepted() {
        for (String kind : List.of("k".repeat(255), "é".repeat(127) + "k", EMOJI.repeat(63) + "abc")) {
            for (String key : List.of("k".repeat(1024), "é".repeat(512), EMOJI.repeat(256))) {
                store.set(kind, key, sample(1));
                assertThat(store.get(kind, key)).contains(sample(1));
            }
            assertThat(store.count(kind)).isEqualTo(3);
        }
        assertThat(store.kinds()).hasSize(3);
    }

    @Test
    void n1_everyOtherKeyIsKeptExactly() throws Exception {
        try (var watch = watch()) {
            for (int i = 0; i < EXOTIC.size(); i++) {
                store.create(KIND, EXOTIC.get(i), sample(i));
                assertThat(next(watch).key()).isEqualTo(EXOTIC.get(i));
            }
        }
        for (int i = 0; i < EXOTIC.size(); i++) {
            String key = EXOTIC.get(i);
            assertThat(store.get(KIND, key)).as("the value at [%s]", key).contains(sample(i));
            assertThat(store.keys(KIND, ListOptions.defaults().withPrefix(key)).items())
                    .as("the keys with prefix [%s]", key)
                    .containsExactlyElementsOf(EXOTIC.stream()
                            .filter(other -> other.startsWith(key))
                            .sorted(OrderRules.BY_CODE_POINT)
                            .toList());
        }
        assertThat(store.getAll(KIND, EXOTIC)).hasSize(EXOTIC.size());
        for (int i = 0; i < EXOTIC.size(); i++) {
            assertThat(store.delete(KIND, EXOTIC.get(i))).contains(sample(i));
        }
        assertThat(store.count(KIND)).isZero();
    }

    @Test
    void n1_everyOtherKindIsKeptExactly() throws Exception {
        var watch = watch();
        for (int i = 0; i < EXOTIC.size(); i++) {
            store.create(EXOTIC.get(i), "key", sample(i));
            assertThat(next(watch).kind()).isEqualTo(EXOTIC.get(i));
        }
        for (int i = 0; i < EXOTIC.size(); i++) {
            assertThat(store.values(EXOTIC.get(i)))
                    .as("the values of [%s]", EXOTIC.get(i))
                    .containsExactly(sample(i));
        }
        assertThat(store.kinds()).containsExactlyInAnyOrderElementsOf(EXOTIC);
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

    private static void assertRefused(
            String what, String method, Map<String, String> forbidden, Consumer<String> call) {
        forbidden.forEach((name, reason) -> assertThatThrownBy(
                        () -> call.accept(name), "%s of a forbidden %s (%s)", method, what, reason)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(what)
                .hasMessageContaining(reason));
    }

    private static void assertNull(String method, Runnable call) {
        assertThatNullPointerException().as(method + " of null").isThrownBy(call::run);
    }

    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"}) // The point is to pass what must not be passed.
    private static <T> T nothing() {
        @Nullable T nothing = null;
        return nothing;
    }

    private Map<String, Consumer<String>> callsWithKind() {
        ListOptions all = ListOptions.defaults();
        Map<String, Consumer<String>> calls = new LinkedHashMap<>();
        calls.put("list", kind -> store.list(kind));
        calls.put("list with a filter", kind -> store.list(kind, all, entry -> true));
        calls.put("values", kind -> store.values(kind));
        calls.put("keys", kind -> store.keys(kind));
        calls.put("count", kind -> store.count(kind));
        calls.put("getAll of nothing", kind -> store.getAll(kind, List.of()));
        calls.put("setAll of nothing", kind -> store.setAll(kind, Map.of()));
        calls.put("snapshot stream", this::streamAll);
        calls.put("watch", kind -> own(store.watch(kind, WatchOptions.defaults())));
        return calls;
    }

    private void streamAll(String kind) {
        try (Snapshot<Sample> snapshot = store.snapshot();
                var entries = snapshot.stream(kind)) {
            entries.forEach(entry -> assertThat(entry).isNotNull());
        }
    }

    private Map<String, BiConsumer<String, String>> callsWithKey() {
        Map<String, BiConsumer<String, String>> calls = new LinkedHashMap<>();
        calls.put("get", (kind, key) -> store.get(kind, key));
        calls.put("entry", (kind, key) -> store.entry(kind, key));
        calls.put("getAll", (kind, key) -> store.getAll(kind, Arrays.asList("other", key)));
        calls.put("set", (kind, key) -> store.set(kind, key, sample(1)));
        calls.put("create", (kind, key) -> store.create(kind, key, sample(1)));
        calls.put("replace", (kind, key) -> store.replace(kind, key, sample(1), 1));
        calls.put("update", (kind, key) -> store.update(kind, key, value -> sample(1)));
        calls.put("upsert", (kind, key) -> store.upsert(kind, key, value -> sample(1)));
        calls.put("setAll", (kind, key) -> store.setAll(kind, Collections.singletonMap(key, sample(1))));
        calls.put("delete", (kind, key) -> store.delete(kind, key));
        calls.put("delete by tag", (kind, key) -> store.delete(kind, key, 1));
        calls.put(
                "watch a key",
                (kind, key) -> own(store.watch(kind, WatchOptions.defaults().withKey(key))));
        batch(calls, "set", (kind, key) -> new WriteBatch<Sample>().set(kind, key, sample(1)));
        batch(calls, "create", (kind, key) -> new WriteBatch<Sample>().create(kind, key, sample(1)));
        batch(calls, "replace", (kind, key) -> new WriteBatch<Sample>().replace(kind, key, sample(1), 1));
        batch(calls, "delete", (kind, key) -> new WriteBatch<Sample>().delete(kind, key));
        batch(calls, "delete by tag", (kind, key) -> new WriteBatch<Sample>().delete(kind, key, 1));
        batch(calls, "require", (kind, key) -> new WriteBatch<Sample>().require(kind, key, 1));
        batch(calls, "require absent", (kind, key) -> new WriteBatch<Sample>().requireAbsent(kind, key));
        return calls;
    }

    private interface BatchOf {
        WriteBatch<Sample> of(String kind, String key);
    }

    private void batch(Map<String, BiConsumer<String, String>> calls, String step, BatchOf batch) {
        calls.put("batch " + step, (kind, key) -> store.write(batch.of(kind, key)));
    }
}

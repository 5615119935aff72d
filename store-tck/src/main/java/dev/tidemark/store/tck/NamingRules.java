package dev.tidemark.store.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.store.ListOptions;
import dev.tidemark.store.WatchOptions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** N1: which names are names, and that they are kept exactly. */
abstract class NamingRules extends EveryCall {
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

    private static final Map<String, String> LONG_KINDS = Map.of(
            "k".repeat(256),
            "255",
            "é".repeat(128),
            "255",
            EMOJI.repeat(64),
            "255",
            "€".repeat(86),
            "255",
            "x".repeat(100_000),
            "255");

    private static final Map<String, String> LONG_KEYS = Map.of(
            "k".repeat(1025),
            "1024",
            "é".repeat(513),
            "1024",
            EMOJI.repeat(257),
            "1024",
            "€".repeat(342),
            "1024",
            "x".repeat(100_000),
            "1024");

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
            "Aa", // has the hash code of
            "BB",
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
        for (String kind : List.of("k".repeat(255), "é".repeat(127) + "k", "€".repeat(85), EMOJI.repeat(63) + "abc")) {
            for (String key : List.of("k".repeat(1024), "é".repeat(512), "€".repeat(341) + "k", EMOJI.repeat(256))) {
                store.set(kind, key, sample(1));
                assertThat(store.get(kind, key)).contains(sample(1));
            }
            assertThat(store.count(kind)).isEqualTo(4);
        }
        assertThat(store.kinds()).hasSize(4);
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

    private static void assertRefused(
            String what, String method, Map<String, String> forbidden, Consumer<String> call) {
        forbidden.forEach((name, reason) -> assertThatThrownBy(
                        () -> call.accept(name), "%s of a forbidden %s (%s)", method, what, reason)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(what)
                .hasMessageContaining(reason));
    }
}

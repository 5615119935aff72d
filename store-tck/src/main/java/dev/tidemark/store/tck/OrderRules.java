package dev.tidemark.store.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.store.Change;
import dev.tidemark.store.Entry;
import dev.tidemark.store.ListOptions;
import dev.tidemark.store.Page;
import dev.tidemark.store.Snapshot;
import dev.tidemark.store.WatchOptions;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** N2: names are ordered by code point, which is not the order of Java strings. */
abstract class OrderRules extends Rules {
    static final Comparator<String> BY_CODE_POINT =
            (a, b) -> Arrays.compareUnsigned(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));

    /** Supplementary characters, whose surrogates sort below U+E000..U+FFFF as UTF-16, beside those. */
    private static final List<String> IN_ORDER = List.of(
            "!",
            "A",
            "Z",
            "a",
            "a!",
            "aa",
            "aé",
            "a\uFFFD",
            "a\uD83D\uDE00",
            "b",
            "é",
            "\uD7FF",
            "\uE000",
            "\uE000a",
            "\uFF5E",
            "\uFFFD",
            "\uFFFF",
            "\uD800\uDC00",
            "\uD83D\uDE00",
            "\uD83D\uDE00a",
            "\uD83D\uDE01",
            "\uDBFF\uDFFF");

    OrderRules(StoreTck tck) {
        super(tck);
    }

    @BeforeEach
    void writeInAnyOrder() {
        List<String> shuffled = new ArrayList<>(IN_ORDER);
        Collections.shuffle(shuffled, new Random(7));
        shuffled.forEach(key -> store.set(KIND, key, new Sample(key, 0)));
    }

    @Test
    void n2_keysAreOrderedByCodePoint() {
        assertThat(store.keys(KIND)).containsExactlyElementsOf(IN_ORDER);
        assertThat(store.list(KIND).items()).extracting(Entry::key).containsExactlyElementsOf(IN_ORDER);
        assertThat(store.values(KIND)).extracting(Sample::name).containsExactlyElementsOf(IN_ORDER);
        assertThat(store.getAll(KIND, IN_ORDER).keySet()).containsExactlyElementsOf(IN_ORDER);
        try (Snapshot<Sample> snapshot = store.snapshot();
                var entries = snapshot.stream(KIND)) {
            assertThat(entries.map(Entry::key)).containsExactlyElementsOf(IN_ORDER);
        }
    }

    @Test
    void n2_kindsAreOrderedByCodePoint() {
        IN_ORDER.forEach(kind -> store.set(kind, "key", sample(1)));
        store.delete(KIND, "a");
        List<String> kinds = new ArrayList<>(IN_ORDER);
        kinds.add(KIND);
        kinds.sort(BY_CODE_POINT);
        assertThat(store.kinds()).containsExactlyElementsOf(kinds);
    }

    @Test
    void n2_pagesFollowCodePointOrder() {
        for (int size = 1; size <= 5; size++) {
            ListOptions options = ListOptions.defaults().withLimit(size);
            List<String> seen = new ArrayList<>();
            Page<String> page = store.keys(KIND, options);
            seen.addAll(page.items());
            while (page.next().isPresent() && seen.size() <= IN_ORDER.size()) {
                page = store.keys(KIND, options.withAfter(page.next().orElseThrow()));
                seen.addAll(page.items());
            }
            assertThat(seen).as("in pages of %d", size).containsExactlyElementsOf(IN_ORDER);
        }
    }

    @Test
    void n2_rangesFollowCodePointOrder() {
        for (int from = 0; from < IN_ORDER.size(); from++) {
            for (int to = from; to < IN_ORDER.size(); to++) {
                ListOptions options =
                        ListOptions.defaults().withFrom(IN_ORDER.get(from)).withTo(IN_ORDER.get(to));
                assertThat(store.keys(KIND, options).items())
                        .as("from %s to %s", IN_ORDER.get(from), IN_ORDER.get(to))
                        .containsExactlyElementsOf(IN_ORDER.subList(from, to));
            }
        }
    }

    @Test
    void n2_aRangeOfAKindWithoutKeysIsEmpty() {
        for (int from = 0; from < IN_ORDER.size(); from++) {
            ListOptions prefix = ListOptions.defaults().withPrefix(IN_ORDER.get(from));
            assertNothingSelected(prefix);
            for (int to = 0; to < IN_ORDER.size(); to++) {
                assertNothingSelected(
                        ListOptions.defaults().withFrom(IN_ORDER.get(from)).withTo(IN_ORDER.get(to)));
            }
        }
    }

    private void assertNothingSelected(ListOptions options) {
        assertThat(store.list("absent", options).items()).as("%s", options).isEmpty();
        assertThat(store.keys("absent", options).items()).as("%s", options).isEmpty();
        assertThat(store.count("absent", options)).as("%s", options).isZero();
    }

    @Test
    void n2_prefixesThatEndInTheLastCharacterSelectWhatStartsWithThem() {
        for (String prefix : IN_ORDER) {
            assertThat(store.keys(KIND, ListOptions.defaults().withPrefix(prefix))
                            .items())
                    .as("prefix %s", prefix)
                    .containsExactlyElementsOf(IN_ORDER.stream()
                            .filter(key -> key.startsWith(prefix))
                            .toList());
        }
    }

    @Test
    void n2_aReplayAndASetAllFollowCodePointOrder() throws Exception {
        var replay = own(store.watch(KIND, WatchOptions.defaults().withInitialReplay()));
        assertThat(next(replay, IN_ORDER.size())).extracting(Change::key).containsExactlyElementsOf(IN_ORDER);
        Map<String, Sample> all = IN_ORDER.stream().collect(Collectors.toMap(Function.identity(), key -> sample(2)));
        store.setAll(KIND, all);
        assertThat(next(replay, IN_ORDER.size())).extracting(Change::key).containsExactlyElementsOf(IN_ORDER);
    }
}

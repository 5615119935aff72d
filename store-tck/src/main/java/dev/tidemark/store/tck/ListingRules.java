package dev.tidemark.store.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tidemark.store.Entry;
import dev.tidemark.store.ListOptions;
import dev.tidemark.store.Page;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** K8: listings, by prefix, range, limit, page and filter. */
abstract class ListingRules extends Rules {
    private static final ListOptions ALL = ListOptions.defaults();

    ListingRules(StoreTck tck) {
        super(tck);
    }

    @Test
    void k8_anEmptyKindListsNothing() {
        store.set("other", "key", sample(1));
        assertThat(store.list(KIND).items()).isEmpty();
        assertThat(store.list(KIND).next()).isEmpty();
        assertThat(store.values(KIND)).isEmpty();
        assertThat(store.keys(KIND)).isEmpty();
        assertThat(store.count(KIND)).isZero();
        assertThat(store.getAll(KIND, List.of("key"))).isEmpty();
    }

    @Test
    void k8_kindsAreThoseWithAKey() {
        assertThat(store.kinds()).isEmpty();
        store.set("b", "key", sample(1));
        store.set("a", "key", sample(1));
        store.set("a", "other", sample(1));
        assertThat(store.kinds()).containsExactly("a", "b");
        store.delete("b", "key");
        assertThat(store.kinds()).containsExactly("a");
    }

    @Test
    void k8_getAllReturnsThoseThatExist() {
        store.setAll(KIND, Map.of("a", sample(1), "b", sample(2), "c", sample(3)));
        assertThat(store.getAll(KIND, List.of("c", "a", "x", "c"))).isEqualTo(Map.of("a", sample(1), "c", sample(3)));
        assertThat(store.getAll(KIND, List.of())).isEmpty();
    }

    @Test
    void k8_getAllTakesThousandsOfKeys() {
        Map<String, Sample> values = new HashMap<>();
        IntStream.range(0, 5_000).forEach(i -> values.put("key" + i, sample(i)));
        store.setAll(KIND, values);
        List<String> keys =
                IntStream.range(-2_000, 40_000).mapToObj(i -> "key" + i).toList();
        assertThat(store.getAll(KIND, keys)).isEqualTo(values);
    }

    @Test
    void k8_optionsSelectWhatTheySay() {
        Random random = new Random(11);
        List<String> keys = fill(random);
        String context = "keys " + keys;
        for (int i = 0; i < 300; i++) {
            ListOptions options = options(random, keys);
            List<String> expected = select(keys, options);
            List<String> page = expected.stream().limit(options.limit()).toList();
            String token = page.size() < expected.size() ? page.get(page.size() - 1) : null;
            Page<String> listed = store.keys(KIND, options);
            assertThat(listed.items()).as("%s of %s", options, context).isEqualTo(page);
            assertThat(listed.token()).as("token: %s of %s", options, context).isEqualTo(token);
            Page<Entry<Sample>> entries = store.list(KIND, options);
            assertThat(entries.items())
                    .as("%s of %s", options, context)
                    .extracting(Entry::key)
                    .isEqualTo(page);
            assertThat(entries.token()).as("token: %s of %s", options, context).isEqualTo(token);
            assertThat(store.values(KIND, options).items())
                    .extracting(Sample::name)
                    .isEqualTo(page);
            assertThat(store.count(KIND, options))
                    .as("count: %s of %s", options, context)
                    .isEqualTo(page.size());
        }
    }

    @Test
    void k8_pagesCoverAKindOnce() {
        store.setAll(KIND, samples(1_000));
        for (int limit : List.of(1, 7, 250, 999, 1000, 1001)) {
            List<String> seen = new ArrayList<>();
            String token = null;
            do {
                ListOptions options = ALL.withLimit(limit);
                Page<String> page = store.keys(KIND, token == null ? options : options.withAfter(token));
                assertThat(page.items()).as("a page of %d", limit).isNotEmpty().hasSizeLessThanOrEqualTo(limit);
                seen.addAll(page.items());
                token = page.token();
            } while (token != null && seen.size() <= 1000);
            assertThat(seen)
                    .as("in pages of %d", limit)
                    .isEqualTo(store.keys(KIND))
                    .hasSize(1000);
        }
    }

    @Test
    void k8_aPageTokenOutlivesItsKey() {
        store.setAll(KIND, Map.of("a", sample(1), "b", sample(2), "c", sample(3), "d", sample(4)));
        Page<String> page = store.keys(KIND, ALL.withLimit(2));
        store.delete(KIND, "b");
        store.delete(KIND, "c");
        assertThat(store.keys(KIND, ALL.withAfter(page.next().orElseThrow())).items())
                .containsExactly("d");
    }

    @Test
    void k8_filtersSelectAndTheLimitCountsWhatTheyAccept() {
        store.setAll(KIND, samples(1_000));
        Predicate<Entry<Sample>> tens = entry -> entry.value().number() % 10 == 0;
        Predicate<Entry<Sample>> firstLife = entry -> entry.version() == 1;
        Page<Entry<Sample>> page = store.list(KIND, ALL.withLimit(30), tens.and(firstLife));
        assertThat(page.items())
                .extracting(entry -> entry.value().number())
                .containsExactlyElementsOf(
                        IntStream.range(0, 30).map(i -> i * 10).boxed().toList());
        Page<Entry<Sample>> rest = store.list(KIND, ALL.withAfter(page.next().orElseThrow()), tens);
        assertThat(rest.items()).hasSize(70);
        assertThat(rest.next()).isEmpty();
        assertThat(store.list(KIND, ALL, entry -> false).items()).isEmpty();
        assertThat(store.list(KIND, ALL.withLimit(100), tens).next())
                .as("nothing follows the last")
                .isEmpty();
    }

    @Test
    void k8_boundsMayBeLongerThanKeys() {
        store.set(KIND, "k".repeat(1024), sample(1));
        String beyond = "k".repeat(5000);
        assertThat(store.keys(KIND, ALL.withPrefix(beyond)).items()).isEmpty();
        assertThat(store.keys(KIND, ALL.withFrom(beyond)).items()).isEmpty();
        assertThat(store.keys(KIND, ALL.withAfter(beyond)).items()).isEmpty();
        assertThat(store.keys(KIND, ALL.withTo(beyond)).items()).hasSize(1);
    }

    @Test
    void k8_aLimitIsAtLeastOne() {
        assertThatIllegalArgumentException().isThrownBy(() -> ALL.withLimit(0)).withMessageContaining("limit");
    }

    private List<String> fill(Random random) {
        for (int i = 0; i < 60; i++) {
            String key = name(random);
            store.set(KIND, key, new Sample(key, i));
        }
        List<String> keys = store.keys(KIND);
        assertThat(keys).isSortedAccordingTo(OrderRules.BY_CODE_POINT).hasSizeGreaterThan(20);
        return keys;
    }

    /** A short name over a small alphabet, so that prefixes and bounds hit. */
    private static String name(Random random) {
        List<String> alphabet = List.of("a", "b", "%", "_", "é", "\uFFFD", "\uD83D\uDE00");
        StringBuilder name = new StringBuilder();
        int length = 1 + random.nextInt(3);
        for (int i = 0; i < length; i++) {
            name.append(alphabet.get(random.nextInt(alphabet.size())));
        }
        return name.toString();
    }

    private static ListOptions options(Random random, List<String> keys) {
        ListOptions options = ALL;
        if (random.nextInt(3) == 0) {
            options = options.withPrefix(name(random).substring(0, 1).replace("\uD83D", "\uD83D\uDE00"));
        }
        if (random.nextInt(3) == 0) {
            options = options.withFrom(name(random));
        }
        if (random.nextInt(3) == 0) {
            options = options.withTo(name(random));
        }
        if (random.nextInt(3) == 0) {
            options = options.withAfter(keys.get(random.nextInt(keys.size())));
        }
        return random.nextInt(2) == 0 ? options : options.withLimit(1 + random.nextInt(keys.size()));
    }

    private static List<String> select(List<String> keys, ListOptions options) {
        String from = options.from();
        String to = options.to();
        String after = options.after();
        return keys.stream()
                .filter(key -> key.startsWith(options.prefix()))
                .filter(key -> from == null || OrderRules.BY_CODE_POINT.compare(key, from) >= 0)
                .filter(key -> to == null || OrderRules.BY_CODE_POINT.compare(key, to) < 0)
                .filter(key -> after == null || OrderRules.BY_CODE_POINT.compare(key, after) > 0)
                .toList();
    }
}

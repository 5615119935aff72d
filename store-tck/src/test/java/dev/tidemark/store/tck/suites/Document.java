package dev.tidemark.store.tck.suites;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A value with something of everything. */
public record Document(
        @Nullable String text,
        long number,
        Instant at,
        List<String> tags,
        Map<String, Integer> counts,
        Optional<String> maybe) {
    private static final Instant AT = Instant.parse("2024-02-29T23:59:59.123456789Z");

    static List<Document> values() {
        return List.of(
                new Document("", 0, Instant.EPOCH, List.of(), Map.of(), Optional.empty()),
                new Document(null, 1, AT, List.of(""), Map.of(), Optional.of("")),
                new Document("two words, \"quoted\": #1", -1, AT, List.of("a", "b"), counts(1), Optional.of("x")),
                new Document(
                        "line\nline\ttab\u0001 \uD83D\uDE00 \u2028",
                        Long.MAX_VALUE,
                        AT,
                        List.of("b", "a"),
                        counts(20),
                        Optional.empty()),
                new Document(
                        "null",
                        Long.MIN_VALUE,
                        AT,
                        List.of("true", "1", "1.0", "~", "- a", "2024-01-01"),
                        counts(2),
                        Optional.empty()),
                new Document("x".repeat(5_000), 5, AT, Collections.nCopies(300, "tag"), counts(300), Optional.empty()));
    }

    /** The same entries, put in an order that differs from call to call. */
    private static Map<String, Integer> counts(int size) {
        List<Integer> numbers = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            numbers.add(i);
        }
        Collections.shuffle(numbers);
        Map<String, Integer> counts = new LinkedHashMap<>();
        numbers.forEach(number -> counts.put("key" + number, number));
        return counts;
    }
}

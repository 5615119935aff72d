package dev.tidemark.codec.samples;

import dev.tidemark.codec.samples.Samples.Bag;
import dev.tidemark.codec.samples.Samples.Circle;
import dev.tidemark.codec.samples.Samples.Colour;
import dev.tidemark.codec.samples.Samples.Numbers;
import dev.tidemark.codec.samples.Samples.Square;
import dev.tidemark.codec.samples.Samples.Times;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/** Values to encode. */
public final class Values {
    /** Strings that some format has to escape, quote or refuse to guess about. */
    public static final List<String> STRINGS = List.of(
            "",
            " ",
            "\t",
            "\n",
            " a ",
            "a\n",
            "\r\n",
            "null",
            "~",
            "true",
            "no",
            "NO",
            "yes",
            "1",
            "-1",
            "1.5",
            "1e3",
            "0x1F",
            "010",
            "1_000",
            ".inf",
            ".nan",
            "12:30:45",
            "2026-01-01",
            "=",
            "<<",
            "---",
            "...",
            "- a",
            "a: b",
            "a:",
            "#",
            "a #b",
            "&a",
            "*a",
            "!a",
            "!!int",
            "%a",
            "@",
            "`",
            "[",
            "]",
            "{",
            "}",
            ",",
            "?",
            "? a",
            "|",
            ">",
            "'",
            "\"",
            "\\",
            "\\n",
            "\u0000\u0001\u001f\u007f\u0085",
            "\u2028\u2029",
            "\ufeff",
            "\ufeffa",
            "\uffff",
            "\ufffe",
            "é",
            "\ud83d\ude00",
            "lone \ud800 surrogate",
            "\udc00",
            "x".repeat(200),
            "a b ".repeat(100),
            "\n  x\n\n y ");

    private Values() {}

    public static Times times(ZoneId zone) {
        LocalDateTime inTheOverlap = LocalDateTime.parse("2026-10-25T02:30:00.123456789");
        return new Times(
                Instant.parse("2026-01-02T03:04:05.987654321Z"),
                LocalDate.of(2024, 2, 29),
                inTheOverlap,
                OffsetDateTime.parse("2026-01-02T03:04:05.000000001-08:00"),
                inTheOverlap.atZone(zone).withLaterOffsetAtOverlap(),
                Duration.ofSeconds(-1, 1));
    }

    public static Numbers numbers(double floating) {
        return new Numbers(Long.MIN_VALUE, floating, BigInteger.TWO.pow(1000), new BigDecimal("1.00e-30").setScale(40));
    }

    /** {@code size} is that of its larger maps and sets. */
    public static Bag bag(int size) {
        Map<String, Integer> counts = new HashMap<>();
        Set<UUID> ids = new TreeSet<>();
        for (int i = 0; i < size; i++) {
            counts.put("k" + i, i);
            ids.add(new UUID(i * 7919L, i));
        }
        return new Bag(
                counts,
                Map.of(Colour.RED, "r", Colour.GREEN, "g", Colour.BLUE, "b"),
                Map.of(10, Set.of("x", "y", "z"), 9, Set.of(), 100, Set.of("one")),
                EnumSet.allOf(Colour.class),
                Set.of(new Circle(1), new Square(1), new Circle(2)),
                Map.of("b", new Circle(1), "a", new Square(2)),
                ids);
    }

    /** Returns a bag equal to {@code bag}, with everything in another order. */
    public static Bag shuffled(Bag bag, Random random) {
        return new Bag(
                shuffled(bag.counts(), random),
                shuffled(bag.byColour(), random),
                shuffled(bag.sets(), random),
                shuffled(bag.colours(), random),
                shuffled(bag.shapes(), random),
                shuffled(bag.namedShapes(), random),
                shuffled(bag.ids(), random));
    }

    public static <K, V> Map<K, V> shuffled(Map<K, V> map, Random random) {
        Map<K, V> shuffled = new LinkedHashMap<>();
        shuffled(map.keySet(), random).forEach(key -> shuffled.put(key, map.get(key)));
        return shuffled;
    }

    public static <E> Set<E> shuffled(Set<E> set, Random random) {
        List<E> list = new ArrayList<>(set);
        Collections.shuffle(list, random);
        return new LinkedHashSet<>(list);
    }

    /** Returns lists and maps in each other, {@code depth} levels of them. */
    public static Object nested(int depth) {
        Object nested = List.of();
        for (int i = 1; i < depth; i++) {
            nested = i % 2 == 0 ? List.of(nested) : Map.of("a", nested);
        }
        return nested;
    }
}

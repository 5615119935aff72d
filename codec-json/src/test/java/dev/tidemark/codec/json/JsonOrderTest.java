package dev.tidemark.codec.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.codec.Codec;
import dev.tidemark.codec.CodecException;
import dev.tidemark.codec.samples.Samples.Anything;
import dev.tidemark.codec.samples.Samples.Bag;
import dev.tidemark.codec.samples.Samples.Circle;
import dev.tidemark.codec.samples.Samples.Colour;
import dev.tidemark.codec.samples.Samples.Shape;
import dev.tidemark.codec.samples.Samples.Square;
import dev.tidemark.codec.samples.Samples.Tree;
import dev.tidemark.codec.samples.Values;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Equal values give equal bytes, whatever order their maps and sets are in. */
class JsonOrderTest {
    private static final Codec<Anything> ANYTHING = JsonCodec.of(Anything.class);

    private final Random random = new Random(7);

    @Test
    void shuffledBagsEncodeAlike() {
        Codec<Bag> codec = JsonCodec.of(Bag.class);
        Bag bag = Values.bag(100);
        byte[] expected = codec.encode(bag);
        assertThat(codec.decode(expected)).isEqualTo(bag);
        for (int i = 0; i < 50; i++) {
            Bag other = Values.shuffled(bag, random);
            assertThat(other).isEqualTo(bag);
            assertThat(codec.encode(other)).isEqualTo(expected);
        }
    }

    private <K, V> Map<K, V> shuffled(Map<K, V> map) {
        return Values.shuffled(map, random);
    }

    private <E> Set<E> shuffled(Set<E> set) {
        return Values.shuffled(set, random);
    }

    @Test
    void theOrderOfASortedContainerDoesNotCount() {
        Map<String, Integer> backwards = new TreeMap<>(Comparator.reverseOrder());
        backwards.putAll(Map.of("a", 1, "b", 2));
        assertThat(json(backwards)).isEqualTo("{\"value\":{\"a\":1,\"b\":2}}");
        Set<Integer> descending = new TreeSet<>(Comparator.reverseOrder());
        descending.addAll(List.of(1, 2, 10));
        assertThat(json(descending)).isEqualTo("{\"value\":[1,2,10]}");
        Collection<Integer> list = List.of(3, 1, 2);
        assertThat(json(list)).isEqualTo("{\"value\":[3,1,2]}");
    }

    @Test
    void stringsAreOrderedByCodePoint() {
        String emoji = "\ud83d\ude00"; // above U+FFxx, but below it in UTF-16
        String escaped = "\"\\uD83D\\uDE00\"";
        assertThat(json(Map.of(emoji, 1, "\uff5e", 2, "a", 3)))
                .isEqualTo("{\"value\":{\"a\":3,\"\uff5e\":2," + escaped + ":1}}");
        assertThat(json(Set.of(emoji, "\uff5e"))).isEqualTo("{\"value\":[\"\uff5e\"," + escaped + "]}");
    }

    @Test
    void elementsWithoutAnOrderOfTheirOwnAreOrderedByTheirText() {
        Map<Object, Object> mixed = new LinkedHashMap<>();
        mixed.put(UUID.fromString("0000000a-0000-0000-0000-000000000000"), 1);
        mixed.put(2, 2);
        mixed.put("10", 3);
        mixed.put(Colour.GREEN, 4);
        String expected = "{\"value\":{\"0000000a-0000-0000-0000-000000000000\":1,\"10\":3,\"2\":2,\"GREEN\":4}}";
        for (int i = 0; i < 20; i++) {
            assertThat(json(shuffled(mixed))).isEqualTo(expected);
        }
        Set<Object> set = new LinkedHashSet<>(List.of("b", 1, List.of(2), Map.of("a", 1)));
        set.add(null);
        String first = json(set);
        for (int i = 0; i < 20; i++) {
            assertThat(json(shuffled(set))).isEqualTo(first);
        }
    }

    @Test
    void tiesInTheNaturalOrderAreBrokenByText() {
        Set<BigDecimal> ties =
                new LinkedHashSet<>(List.of(new BigDecimal("1.0"), new BigDecimal("1.00"), BigDecimal.ONE));
        Map<BigDecimal, String> map = new LinkedHashMap<>();
        ties.forEach(number -> map.put(number, "x"));
        String first = json(ties);
        String firstMap = json(map);
        for (int i = 0; i < 20; i++) {
            assertThat(json(shuffled(ties))).isEqualTo(first);
            assertThat(json(shuffled(map))).isEqualTo(firstMap);
        }
    }

    @Test
    void keysThatAreWrittenAlikeAreRefused() {
        assertThatThrownBy(() -> json(Map.of(1, "int", "1", "text")))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("two keys of a map are written alike");
    }

    @Test
    void mapsWithANullKeyAreRefused() {
        Map<Object, Object> map = new HashMap<>();
        map.put(null, 1);
        map.put("a", 1);
        assertThatThrownBy(() -> json(map)).isInstanceOf(CodecException.class);
    }

    @Test
    void treesAreSortedToo() {
        Codec<Tree> codec = JsonCodec.of(Tree.class);
        ObjectNode one = JsonNodeFactory.instance.objectNode().put("b", 1).put("a", 2);
        ObjectNode two = JsonNodeFactory.instance.objectNode().put("a", 2).put("b", 1);
        assertThat(codec.encode(new Tree(one))).isEqualTo(codec.encode(new Tree(two)));
        Codec<JsonNode> nodes = JsonCodec.of(JsonNode.class);
        assertThat(nodes.encode(one)).isEqualTo(nodes.encode(two));
    }

    @Test
    void otherPropertiesAreSortedToo() {
        Codec<Open> codec = JsonCodec.of(Open.class);
        Open open = new Open();
        open.others = new LinkedHashMap<>(Map.of("z", 1));
        open.others.put("b", 2);
        open.others.put("y", 3);
        assertThat(new String(codec.encode(open), UTF_8)).isEqualTo("{\"b\":2,\"y\":3,\"z\":1}");
        assertThat(codec.decode(codec.encode(open)).others).isEqualTo(open.others);
    }

    static final class Open {
        @JsonAnyGetter
        @JsonAnySetter
        Map<String, Object> others = new HashMap<>();
    }

    record Typed(
            @JsonTypeInfo(use = JsonTypeInfo.Id.MINIMAL_CLASS)
            Map<String, Integer> map,

            Set<Shape> shapes) {}

    @Test
    void containersWithTypeInfoAreSortedToo() {
        Codec<Typed> codec = JsonCodec.of(Typed.class);
        Typed value = new Typed(new HashMap<>(Map.of("a", 1, "b", 2, "c", 3)), Set.of(new Circle(1), new Square(2)));
        byte[] bytes = codec.encode(value);
        assertThat(codec.decode(bytes)).isEqualTo(value);
        for (int i = 0; i < 20; i++) {
            assertThat(codec.encode(new Typed(shuffled(value.map), shuffled(value.shapes))))
                    .isEqualTo(bytes);
        }
    }

    @Test
    void collectionsOfCollectionsAreSorted() {
        Codec<Set<Set<String>>> codec = JsonCodec.of(new TypeReference<>() {});
        Set<Set<String>> value = Set.of(Set.of("a", "b"), Set.of("c"), Set.of("a", "c", "d"));
        assertThat(new String(codec.encode(value), UTF_8)).isEqualTo("[[\"a\",\"b\"],[\"a\",\"c\",\"d\"],[\"c\"]]");
        assertThat(codec.decode(codec.encode(value))).isEqualTo(value);
    }

    private static String json(Object value) {
        return new String(ANYTHING.encode(new Anything(value)), UTF_8);
    }
}

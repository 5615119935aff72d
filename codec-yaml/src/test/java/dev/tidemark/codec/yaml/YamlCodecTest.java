package dev.tidemark.codec.yaml;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonIdentityInfo;
import com.fasterxml.jackson.annotation.ObjectIdGenerators;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.tidemark.codec.Codec;
import dev.tidemark.codec.CodecException;
import dev.tidemark.codec.samples.Samples.Anything;
import dev.tidemark.codec.samples.Samples.Bag;
import dev.tidemark.codec.samples.Samples.Circle;
import dev.tidemark.codec.samples.Samples.Numbers;
import dev.tidemark.codec.samples.Samples.Page;
import dev.tidemark.codec.samples.Samples.Shape;
import dev.tidemark.codec.samples.Samples.Square;
import dev.tidemark.codec.samples.Samples.Times;
import dev.tidemark.codec.samples.Samples.User;
import dev.tidemark.codec.samples.Values;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class YamlCodecTest {
    private final Codec<User> users = YamlCodec.of(User.class);

    @Test
    void writesPlainYaml() {
        byte[] bytes = users.encode(new User("Zoë", "zoe@example.com", 30));
        assertThat(new String(bytes, UTF_8)).isEqualTo("age: 30\nemail: \"zoe@example.com\"\nname: \"Zoë\"\n");
        assertThat(users.decode(bytes)).isEqualTo(new User("Zoë", "zoe@example.com", 30));
        assertThat(users.mediaType()).isEqualTo("application/yaml");
    }

    @Test
    void readsWhatPeopleWrite() {
        String yaml = "# the boss\n---\nname: Alice\nemail: >\n  alice@example.com\nage: 0x10\nlater: [1, {a: b}]\n";
        assertThat(users.decode(yaml.getBytes(UTF_8))).isEqualTo(new User("Alice", "alice@example.com\n", 16));
    }

    @Test
    void whatIsLeftEmptyIsNull() {
        User user = users.decode("name:\nemail: ''\nage:\n".getBytes(UTF_8));
        assertThat(user).isEqualTo(new User(null, "", 0));
        Codec<Page<String>> pages = YamlCodec.of(new TypeReference<>() {});
        assertThat(pages.decode("items:\nnext:\n".getBytes(UTF_8))).isEqualTo(new Page<>(null, Optional.empty()));
        assertThat(pages.decode("next: \"\"\n".getBytes(UTF_8)).next()).contains("");
    }

    @Test
    void takesGenericAndPolymorphicTypes() {
        Codec<Page<Map<String, Shape>>> pages = YamlCodec.of(new TypeReference<>() {});
        var page = new Page<Map<String, Shape>>(
                List.of(Map.of("x", new Circle(1), "y", new Square(2))), Optional.of("more"));
        assertThat(pages.decode(pages.encode(page))).isEqualTo(page);
        Codec<List<Shape>> shapes = YamlCodec.of(new TypeReference<>() {});
        assertThat(shapes.decode(shapes.encode(List.of(new Circle(1))))).containsExactly(new Circle(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTC", "Z", "Europe/Paris", "+05:30"})
    void keepsTimesToTheNanosecondAndTheirZone(String zone) {
        Codec<Times> codec = YamlCodec.of(Times.class);
        Times times = Values.times(ZoneId.of(zone));
        assertThat(codec.decode(codec.encode(times))).isEqualTo(times);
    }

    @Test
    void keepsNumbersExactly() {
        Codec<Numbers> codec = YamlCodec.of(Numbers.class);
        for (double d :
                new double[] {0.0, -0.0, Double.MIN_VALUE, Double.MAX_VALUE, Double.NaN, Double.NEGATIVE_INFINITY, 0.1
                }) {
            Numbers numbers = Values.numbers(d);
            assertThat(codec.decode(codec.encode(numbers))).isEqualTo(numbers);
        }
        Numbers huge = new Numbers(0, 0, BigInteger.ONE, new BigDecimal("1E+999999999"));
        assertThat(codec.decode(codec.encode(huge))).isEqualTo(huge);
    }

    @Test
    void keepsStringsExactlyOrRefusesThem() {
        Codec<String> codec = YamlCodec.of(String.class);
        Codec<Map<String, Object>> maps = YamlCodec.of(new TypeReference<>() {});
        for (String s : Values.STRINGS) {
            if (UTF_8.newEncoder().canEncode(s)) {
                assertThat(codec.decode(codec.encode(s))).isEqualTo(s);
                assertThat(maps.decode(maps.encode(Map.of(s, s)))).isEqualTo(Map.of(s, s));
            } else {
                assertThatThrownBy(() -> codec.encode(s)).hasMessageEndingWith("YAML can't hold an unpaired surrogate");
                assertThatThrownBy(() -> maps.encode(Map.of(s, 1))).isInstanceOf(CodecException.class);
            }
        }
    }

    @Test
    void keepsRandomStringsExactly() {
        Codec<Map<String, Object>> maps = YamlCodec.of(new TypeReference<>() {});
        Random random = new Random(3);
        String alphabet =
                " \n\t:#-?[]{},&*!|>'\"%@`\\~=<.0123456789eExXabynoNO_+é\u0085\u2028\ud83d\ude00\u0007\ufeff\r";
        int[] points = alphabet.codePoints().toArray();
        for (int i = 0; i < 5_000; i++) {
            int length = random.nextInt(random.nextInt(10) == 0 ? 200 : 8);
            StringBuilder text = new StringBuilder();
            random.ints(length, 0, points.length).forEach(at -> text.appendCodePoint(points[at]));
            Map<String, Object> map = Map.of(text.toString(), text.toString(), "list", List.of(text.toString()));
            assertThat(maps.decode(maps.encode(map))).isEqualTo(map);
        }
    }

    @Test
    void untypedNumbersStayNumbers() {
        Codec<Map<String, Object>> maps = YamlCodec.of(new TypeReference<>() {});
        for (Object number : List.of(1, -1, 1L << 40, BigInteger.TWO.pow(70), 1.5, 1e10, 1e-10, -1.7e300, 0.0)) {
            assertThat(maps.decode(maps.encode(Map.of("n", number)))).isEqualTo(Map.of("n", number));
        }
    }

    @Test
    void equalValuesGiveEqualBytes() {
        Codec<Bag> codec = YamlCodec.of(Bag.class);
        Bag bag = Values.bag(100);
        byte[] expected = codec.encode(bag);
        assertThat(codec.decode(expected)).isEqualTo(bag);
        Random random = new Random(5);
        for (int i = 0; i < 50; i++) {
            assertThat(codec.encode(Values.shuffled(bag, random))).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "# nothing\n",
                "---\n",
                "null",
                "~",
                "name: a\nname: b\n",
                "name: a\n---\nname: b\n",
                "name: a\n--- null\n",
                "age: many",
                "age: {}",
                "- a",
                "text",
                "name: [",
                "name: 'a",
                "\tname: a",
                "%YAML 9.9\n---\nname: a",
                "? [a]\n: b"
            })
    void refusesWhatIsNoUser(String yaml) {
        assertThatThrownBy(() -> users.decode(yaml.getBytes(UTF_8)))
                .isInstanceOf(CodecException.class)
                .hasMessageStartingWith("Can't decode dev.tidemark.codec.samples.Samples$User from YAML: ");
    }

    @Test
    void refusesNull() {
        assertThatThrownBy(() -> users.encode(null)).isInstanceOf(NullPointerException.class);
        Codec<Optional<String>> optional = YamlCodec.of(new TypeReference<>() {});
        assertThatThrownBy(() -> optional.encode(Optional.empty()))
                .isInstanceOf(CodecException.class)
                .hasMessageEndingWith("null is not a value");
    }

    @Test
    void tagsNeverChooseAClass() {
        Codec<Anything> codec = YamlCodec.of(Anything.class);
        String gadget =
                "value: !!javax.script.ScriptEngineManager [!!java.net.URLClassLoader [[!!java.net.URL [\"x\"]]]]";
        assertThat(codec.decode(gadget.getBytes(UTF_8)).value()).isEqualTo(List.of(List.of(List.of(List.of("x")))));
        String date = "!<java.util.Date>\nradius: 1";
        assertThatThrownBy(() -> YamlCodec.of(Shape.class).decode(date.getBytes(UTF_8)))
                .isInstanceOf(CodecException.class);
    }

    @JsonIdentityInfo(generator = ObjectIdGenerators.IntSequenceGenerator.class, property = "@id")
    static final class Node {
        public Node next;
    }

    @Test
    void objectIdsNeedNoAnchors() {
        Codec<List<Node>> codec = YamlCodec.of(new TypeReference<>() {});
        Node node = new Node();
        node.next = node;
        List<Node> decoded = codec.decode(codec.encode(List.of(node, node)));
        assertThat(decoded.get(0)).isSameAs(decoded.get(1)).isSameAs(decoded.get(0).next);
    }

    @Test
    void takesYourOwnMapperAndLeavesItAlone() {
        ObjectMapper mine = new YAMLMapper().setPropertyNamingStrategy(PropertyNamingStrategies.UPPER_CAMEL_CASE);
        Codec<User> codec = YamlCodec.of(mine, User.class);
        assertThat(new String(codec.encode(new User("a", "b", 1)), UTF_8))
                .isEqualTo("---\nAge: 1\nEmail: \"b\"\nName: \"a\"\n");
        assertThat(codec.decode("Age: 3".getBytes(UTF_8)).age()).isEqualTo(3);
        assertThat(mine.getSerializerFactory()).isSameAs(new ObjectMapper().getSerializerFactory());
        Codec<Map<String, Object>> maps = YamlCodec.of(mine, new TypeReference<>() {});
        assertThat(maps.decode(maps.encode(new HashMap<>(Map.of("a", 1))))).isEqualTo(Map.of("a", 1));
        assertThatThrownBy(() -> YamlCodec.of(new ObjectMapper(), User.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("This codec needs a mapper for YAML, but got one for JSON");
    }
}

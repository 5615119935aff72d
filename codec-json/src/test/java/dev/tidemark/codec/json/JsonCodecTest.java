package dev.tidemark.codec.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.jsontype.BasicPolymorphicTypeValidator;
import dev.tidemark.codec.Codec;
import dev.tidemark.codec.CodecException;
import dev.tidemark.codec.samples.Samples.Anything;
import dev.tidemark.codec.samples.Samples.Circle;
import dev.tidemark.codec.samples.Samples.Colour;
import dev.tidemark.codec.samples.Samples.Empty;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonCodecTest {
    private final Codec<User> users = JsonCodec.of(User.class);

    @Test
    void writesPlainJson() {
        byte[] bytes = users.encode(new User("Zoë", "zoe@example.com", 30));
        assertThat(new String(bytes, UTF_8)).isEqualTo("{\"age\":30,\"email\":\"zoe@example.com\",\"name\":\"Zoë\"}");
        assertThat(users.decode(bytes)).isEqualTo(new User("Zoë", "zoe@example.com", 30));
        assertThat(users.mediaType()).isEqualTo("application/json");
    }

    @Test
    void takesGenericTypes() {
        Codec<List<User>> lists = JsonCodec.of(new TypeReference<>() {});
        List<User> list = List.of(new User("a", "b", 1), new User("c", "d", 2));
        assertThat(lists.decode(lists.encode(list))).isEqualTo(list);

        Codec<Page<Map<String, User>>> pages = JsonCodec.of(new TypeReference<>() {});
        Page<Map<String, User>> page = new Page<>(List.of(Map.of("x", list.get(0))), Optional.of("more"));
        assertThat(pages.decode(pages.encode(page))).isEqualTo(page);
        Page<Map<String, User>> last = new Page<>(List.of(), Optional.empty());
        assertThat(pages.decode(pages.encode(last))).isEqualTo(last);
    }

    @Test
    void writesTheTypeOfElementsOfGenericTypes() {
        Codec<List<Shape>> shapes = JsonCodec.of(new TypeReference<>() {});
        List<Shape> list = List.of(new Circle(1.5), new Square(2));
        assertThat(shapes.decode(shapes.encode(list))).isEqualTo(list);
        Codec<Shape> shape = JsonCodec.of(Shape.class);
        assertThat(shape.decode(shape.encode(new Circle(3)))).isEqualTo(new Circle(3));
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTC", "Z", "Europe/Paris", "America/New_York", "+05:30"})
    void keepsTimesToTheNanosecondAndTheirZone(String zone) {
        Times times = Values.times(ZoneId.of(zone));
        Codec<Times> codec = JsonCodec.of(Times.class);
        assertThat(codec.decode(codec.encode(times))).isEqualTo(times);
        assertThat(new String(codec.encode(times), UTF_8))
                .contains("\"2024-02-29\"", "\"2026-01-02T03:04:05.987654321Z\"");
    }

    @Test
    void keepsNumbersExactly() {
        Codec<Numbers> codec = JsonCodec.of(Numbers.class);
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
    void keepsStringsExactly() {
        Codec<String> codec = JsonCodec.of(String.class);
        Codec<Map<String, String>> maps = JsonCodec.of(new TypeReference<>() {});
        for (String s : Values.STRINGS) {
            assertThat(codec.decode(codec.encode(s))).isEqualTo(s);
            assertThat(maps.decode(maps.encode(Map.of("key", s)))).isEqualTo(Map.of("key", s));
            if (UTF_8.newEncoder().canEncode(s)) {
                assertThat(maps.decode(maps.encode(Map.of(s, s)))).isEqualTo(Map.of(s, s));
            } else {
                assertThatThrownBy(() -> maps.encode(Map.of(s, s))).isInstanceOf(CodecException.class);
            }
        }
    }

    @Test
    void emptyRecordsAreValues() {
        Codec<Empty> codec = JsonCodec.of(Empty.class);
        assertThat(codec.decode(codec.encode(new Empty()))).isEqualTo(new Empty());
    }

    @Test
    void ignoresUnknownProperties() {
        byte[] newer = "{\"name\":\"a\",\"email\":\"b\",\"age\":1,\"added\":{\"later\":[1,2]}}".getBytes(UTF_8);
        assertThat(users.decode(newer)).isEqualTo(new User("a", "b", 1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "null",
                " null ",
                "{",
                "{\"name\":",
                "{\"name\":\"a\"} x",
                "{\"name\":\"a\"}{}",
                "{\"name\":\"a\"} null",
                "{\"name\":\"a\",\"name\":\"b\"}",
                "{\"age\":\"many\"}",
                "{\"age\":99999999999}",
                "{\"age\":1.5}",
                "{\"age\":{}}",
                "{'name':'a'}",
                "{\"name\":\"a\",}",
                "[]",
                "\"text\"",
                "<a/>"
            })
    void refusesWhatIsNoUser(String json) {
        assertThatThrownBy(() -> users.decode(json.getBytes(UTF_8)))
                .isInstanceOf(CodecException.class)
                .hasMessageStartingWith("Can't decode dev.tidemark.codec.samples.Samples$User from JSON: ");
    }

    @Test
    void anEnumIsReadByNameOnly() {
        Codec<Colour> colours = JsonCodec.of(Colour.class);
        assertThat(colours.decode("\"BLUE\"".getBytes(UTF_8))).isEqualTo(Colour.BLUE);
        for (String json : List.of("1", "\"1\"", "\"blue\"", "\"VIOLET\"")) {
            assertThatThrownBy(() -> colours.decode(json.getBytes(UTF_8)))
                    .isInstanceOf(CodecException.class)
                    .hasMessageContaining("what is there is no ");
        }
    }

    @Test
    void refusesNull() {
        assertThatThrownBy(() -> users.encode(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> users.decode(null)).isInstanceOf(NullPointerException.class);
        Codec<Optional<String>> optional = JsonCodec.of(new TypeReference<>() {});
        assertThatThrownBy(() -> optional.encode(Optional.empty()))
                .isInstanceOf(CodecException.class)
                .hasMessageEndingWith("null is not a value");
    }

    @Test
    void classNamesInADocumentMeanNothing() {
        Codec<Anything> codec = JsonCodec.of(Anything.class);
        byte[] gadget =
                "{\"value\":[\"javax.script.ScriptEngineManager\",{\"@class\":\"java.util.Date\"}]}".getBytes(UTF_8);
        assertThat(codec.decode(gadget).value())
                .isEqualTo(List.of("javax.script.ScriptEngineManager", Map.of("@class", "java.util.Date")));
        byte[] unknown = "{\"@type\":\"java.util.Date\",\"radius\":1}".getBytes(UTF_8);
        assertThatThrownBy(() -> JsonCodec.of(Shape.class).decode(unknown)).isInstanceOf(CodecException.class);
    }

    @Test
    void takesYourOwnMapperAndLeavesItAlone() {
        ObjectMapper mine = new ObjectMapper().setPropertyNamingStrategy(PropertyNamingStrategies.UPPER_CAMEL_CASE);
        Codec<User> codec = JsonCodec.of(mine, User.class);
        assertThat(new String(codec.encode(new User("a", "b", 1)), UTF_8))
                .isEqualTo("{\"Age\":1,\"Email\":\"b\",\"Name\":\"a\"}");
        assertThatThrownBy(() -> codec.decode("{\"Other\":1}".getBytes(UTF_8))).isInstanceOf(CodecException.class);
        assertThat(mine.getSerializationConfig().isEnabled(JsonNodeFeature.WRITE_PROPERTIES_SORTED))
                .isFalse();
        assertThat(mine.getSerializerFactory()).isSameAs(new ObjectMapper().getSerializerFactory());
        mine.disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
        assertThatThrownBy(() -> codec.decode("{\"Other\":1}".getBytes(UTF_8))).isInstanceOf(CodecException.class);
        Codec<List<User>> lists = JsonCodec.of(mine, new TypeReference<>() {});
        assertThat(lists.decode("[{\"Other\":1}]".getBytes(UTF_8))).hasSize(1);
    }

    @Test
    void refusesAMapperThatLetsDocumentsChooseClasses() {
        ObjectMapper typing = JsonMapper.builder()
                .activateDefaultTyping(BasicPolymorphicTypeValidator.builder().build())
                .build();
        assertThatThrownBy(() -> JsonCodec.of(typing, User.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("default typing");
    }
}

package dev.tidemark.codec.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tidemark.codec.Codec;
import dev.tidemark.codec.CodecException;
import dev.tidemark.codec.samples.Samples.Anything;
import dev.tidemark.codec.samples.Samples.Checked;
import dev.tidemark.codec.samples.Samples.Link;
import dev.tidemark.codec.samples.Samples.Moody;
import dev.tidemark.codec.samples.Samples.Numbers;
import dev.tidemark.codec.samples.Samples.Shape;
import dev.tidemark.codec.samples.Samples.User;
import dev.tidemark.codec.samples.Samples.WriteOnly;
import dev.tidemark.codec.samples.Values;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What can't be read is not written, and no failure repeats a value. */
class JsonLimitsTest {
    private static final Codec<Anything> ANYTHING = JsonCodec.of(Anything.class);

    @Test
    void depth() {
        assertThat(ANYTHING.decode(ANYTHING.encode(new Anything(Values.nested(999)))))
                .isEqualTo(new Anything(Values.nested(999)));
        refused(() -> ANYTHING.encode(new Anything(Values.nested(1000))), "nesting depth (1001)");
        refused(() -> JsonCodec.of(Object.class).decode("[".repeat(100_000).getBytes(UTF_8)), "nesting depth (1001)");
        refused(() -> ANYTHING.decode("{\"value\":".repeat(100_000).getBytes(UTF_8)), "nesting depth (1001)");
    }

    @Test
    void cycles() {
        List<Link> links = new ArrayList<>();
        Link link = new Link(links);
        links.add(link);
        refused(() -> JsonCodec.of(Link.class).encode(link), "nesting depth");
        Map<Object, Object> map = new HashMap<>(Map.of("a", 1));
        map.put("self", map);
        refused(() -> ANYTHING.encode(new Anything(map)), "nesting depth");
        Set<Object> set = new LinkedHashSet<>();
        set.add(new Object[] {set});
        set.add(1);
        refused(() -> ANYTHING.encode(new Anything(set)), "");
    }

    @Test
    void numbers() {
        Codec<Numbers> codec = JsonCodec.of(Numbers.class);
        BigInteger allowed = BigInteger.TEN.pow(999);
        Numbers good = new Numbers(0, 0, allowed.negate(), new BigDecimal(allowed));
        assertThat(codec.decode(codec.encode(good))).isEqualTo(good);
        refused(() -> codec.encode(new Numbers(0, 0, BigInteger.TEN.pow(1000), BigDecimal.ONE)), "length (1001)");
        BigDecimal precise = new BigDecimal("0." + "7".repeat(2000));
        refused(() -> codec.encode(new Numbers(0, 0, BigInteger.ONE, precise)), "Number value length");
        for (String bomb : List.of("1e999999999", "-1E+2147483647", "1e99999999999", "9".repeat(1_000_000))) {
            refused(() -> codec.decode(("{\"big\":" + bomb + "}").getBytes(UTF_8)), "");
            refused(() -> codec.decode(("{\"whole\":" + bomb + "}").getBytes(UTF_8)), "");
            refused(() -> codec.decode(("{\"big\":\"" + bomb + "\"}").getBytes(UTF_8)), "");
        }
    }

    @Test
    void strings() {
        Codec<String> codec = JsonCodec.of(String.class);
        String allowed = "x".repeat(20_000_000);
        assertThat(codec.decode(codec.encode(allowed))).isEqualTo(allowed);
        refused(() -> codec.encode(allowed + "x"), "String value length");
    }

    @Test
    void names() {
        Codec<Map<String, Integer>> codec = JsonCodec.of(new TypeReference<>() {});
        Map<String, Integer> allowed = Map.of("x".repeat(50_000), 1);
        assertThat(codec.decode(codec.encode(allowed))).isEqualTo(allowed);
        refused(() -> codec.encode(Map.of("x".repeat(50_100), 1)), "Name length");
    }

    @Test
    void typesThatCanNotBeReadAreNotWritten() {
        refused(() -> JsonCodec.of(WriteOnly.class).encode(new WriteOnly(21, 21)), "Cannot construct instance");
    }

    @Test
    void limitsOfYourOwnMapper() {
        StreamReadConstraints limits = StreamReadConstraints.builder()
                .maxNestingDepth(3)
                .maxStringLength(5)
                .maxTokenCount(20)
                .maxDocumentLength(100)
                .build();
        JsonMapper mapper = JsonMapper.builder(
                        JsonFactory.builder().streamReadConstraints(limits).build())
                .build();
        Codec<Anything> codec = JsonCodec.of(mapper, Anything.class);
        for (Object good : List.of(List.of(List.of(1)), "12345", List.of(1, 2, 3))) {
            Anything value = new Anything(good);
            assertThat(codec.decode(codec.encode(value))).isEqualTo(value);
        }
        refused(() -> codec.encode(new Anything(List.of(List.of(List.of(1))))), "nesting depth");
        refused(() -> codec.encode(new Anything("123456")), "String value length");
        refused(() -> codec.encode(new Anything(new int[20])), "Token count");
    }

    @Test
    void failuresNameThePlaceAndNotTheValue() {
        Codec<List<User>> codec = JsonCodec.of(new TypeReference<>() {});
        refused(
                () -> codec.decode("[{\"age\":1},\n {\"age\":\"hunter2\"}]".getBytes(UTF_8)),
                "Can't decode java.util.List<dev.tidemark.codec.samples.Samples$User> from JSON: "
                        + "what is there is no int, at $[1].age, at line 2, column 9");
        refused(() -> codec.decode("[{\"age\":99999999999}]".getBytes(UTF_8)), "what is there is no int, at $[0].age");
        refused(
                () -> JsonCodec.of(Shape.class).decode("{\"@type\":\"hunter2\"}".getBytes(UTF_8)),
                "it names no known subtype of dev.tidemark.codec.samples.Samples$Shape");
        Codec<Map<String, Integer>> maps = JsonCodec.of(new TypeReference<>() {});
        refused(() -> maps.decode("{\"hunter2\":\"hunter2\"}".getBytes(UTF_8)), "at $[key]");
        refused(() -> maps.decode("{\"a\":hunter2}".getBytes(UTF_8)), "the document is malformed, at line 1, column 6");
        refused(() -> maps.decode("{\"hunter2\":1,\"hunter2\":2}".getBytes(UTF_8)), "malformed");
        refused(() -> maps.decode("{\"hunter2\":".getBytes(UTF_8)), "the document ends too early");
        refused(
                () -> JsonCodec.of(Checked.class).decode("{\"name\":\"bad hunter2\"}".getBytes(UTF_8)),
                "Samples$Checked refuses it with java.lang.IllegalArgumentException");
        refused(() -> JsonCodec.of(Moody.class).encode(new Moody("hunter2")), "IllegalStateException");
        refused(() -> ANYTHING.encode(new Anything(new Object())), "No serializer found for class java.lang.Object");
    }

    private static void refused(ThrowingCallable call, String reason) {
        assertThatThrownBy(call)
                .isInstanceOf(CodecException.class)
                .hasMessageContaining(reason)
                .satisfies(failure -> assertThat(stackTrace(failure)).doesNotContain("hunter2"));
    }

    private static String stackTrace(Throwable failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text, true));
        return text.toString();
    }
}

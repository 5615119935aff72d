package dev.tidemark.codec.yaml;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.tidemark.codec.Codec;
import dev.tidemark.codec.CodecException;
import dev.tidemark.codec.samples.Samples.Anything;
import dev.tidemark.codec.samples.Samples.Link;
import dev.tidemark.codec.samples.Samples.Numbers;
import dev.tidemark.codec.samples.Values;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;

/** What can't be read is not written, nothing small grows large, and no failure repeats a value. */
class YamlLimitsTest {
    private static final Codec<Anything> ANYTHING = YamlCodec.of(Anything.class);
    private static final Codec<Object> OBJECTS = YamlCodec.of(Object.class);

    @Test
    void depth() {
        Anything deep = new Anything(Values.nested(999));
        assertThat(ANYTHING.decode(ANYTHING.encode(deep))).isEqualTo(deep);
        refused(() -> ANYTHING.encode(new Anything(Values.nested(1000))), "nesting depth (1001)");
        for (String level : List.of("[", "{a: ", "- ", "? ", "!!map {a: &x ", "[[],")) {
            refused(() -> OBJECTS.decode(level.repeat(100_000).getBytes(UTF_8)), "");
        }
    }

    @Test
    void cycles() {
        List<Link> links = new ArrayList<>();
        Link link = new Link(links);
        links.add(link);
        refused(() -> YamlCodec.of(Link.class).encode(link), "nesting depth");
    }

    @Test
    void aliases() {
        StringBuilder laughs = new StringBuilder("a0: &a0 [lol, lol]\n");
        for (int i = 1; i < 40; i++) {
            laughs.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
        }
        refused(() -> OBJECTS.decode(laughs.toString().getBytes(UTF_8)), "aliases are not supported");
        refused(() -> OBJECTS.decode("&a [*a]".getBytes(UTF_8)), "aliases are not supported");
        refused(() -> OBJECTS.decode("a: &a {b: 1}\nc:\n  <<: *a\n".getBytes(UTF_8)), "aliases are not supported");
        assertThat(OBJECTS.decode("a: &a 1".getBytes(UTF_8))).isEqualTo(Map.of("a", 1));
    }

    @Test
    void numbers() {
        Codec<Numbers> codec = YamlCodec.of(Numbers.class);
        refused(() -> codec.encode(new Numbers(0, 0, BigInteger.TEN.pow(1000), BigDecimal.ONE)), "length (1001)");
        BigDecimal precise = new BigDecimal("0." + "7".repeat(2000));
        refused(() -> codec.encode(new Numbers(0, 0, BigInteger.ONE, precise)), "length (2002)");
        List<String> bombs = List.of(
                "1e999999999",
                "1.0e+999999999",
                "-1E+2147483647",
                "9".repeat(100_000),
                "0x" + "f".repeat(100_000),
                "0" + "7".repeat(100_000),
                "0b" + "1".repeat(100_000),
                "1" + "_0".repeat(100_000),
                "1" + ":1".repeat(100_000));
        for (String bomb : bombs) {
            refused(() -> codec.decode(("big: " + bomb).getBytes(UTF_8)), "");
            refused(() -> codec.decode(("whole: " + bomb).getBytes(UTF_8)), "");
        }
    }

    @Test
    void size() {
        Codec<List<String>> codec = YamlCodec.of(new TypeReference<>() {});
        List<String> large = List.of("a blank ".repeat(390_000), "y");
        assertThat(codec.decode(codec.encode(large))).isEqualTo(large);
        List<String> tooLarge = List.of("a blank ".repeat(400_000), "y");
        refused(() -> codec.encode(tooLarge), "Can't encode java.util.List<java.lang.String> as YAML");
    }

    @Test
    void limitsOfYourOwnMapper() {
        LoaderOptions limits = new LoaderOptions();
        limits.setCodePointLimit(100);
        YAMLMapper mapper =
                new YAMLMapper(YAMLFactory.builder().loaderOptions(limits).build());
        Codec<List<String>> codec = YamlCodec.of(mapper, new TypeReference<>() {});
        assertThat(codec.decode(codec.encode(List.of("x")))).isEqualTo(List.of("x"));
        List<String> large = List.of("x".repeat(100), "y", "z");
        refused(() -> codec.encode(large), "Can't encode java.util.List<java.lang.String> as YAML");
    }

    @Test
    void failuresNameThePlaceAndNotTheValue() {
        Codec<Map<String, Integer>> maps = YamlCodec.of(new TypeReference<>() {});
        refused(() -> maps.decode("a: 1\nhunter2: hunter2\n".getBytes(UTF_8)), "at $[key], at line 2, column 10");
        refused(() -> maps.decode("a: [hunter2".getBytes(UTF_8)), "at line 1");
        refused(() -> maps.decode("a: 'hunter2".getBytes(UTF_8)), "the document is malformed, at line 1");
        refused(() -> maps.decode("a: *hunter2".getBytes(UTF_8)), "aliases");
        refused(() -> maps.decode("hunter2: 1\nhunter2: 2".getBytes(UTF_8)), "malformed");
        refused(() -> maps.decode("a: !!int hunter2".getBytes(UTF_8)), "");
        refused(() -> maps.decode("a: !!binary hunter2!".getBytes(UTF_8)), "");
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

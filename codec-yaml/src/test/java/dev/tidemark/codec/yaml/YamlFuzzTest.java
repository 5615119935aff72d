package dev.tidemark.codec.yaml;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.codec.samples.Fuzz;
import dev.tidemark.codec.samples.Samples.Anything;
import dev.tidemark.codec.samples.Samples.Bag;
import dev.tidemark.codec.samples.Samples.Numbers;
import dev.tidemark.codec.samples.Samples.Page;
import dev.tidemark.codec.samples.Samples.Times;
import dev.tidemark.codec.samples.Samples.User;
import dev.tidemark.codec.samples.Values;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class YamlFuzzTest {
    private static final String[] WORDS = {
        "null",
        "~",
        "yes",
        "1e999",
        ".inf",
        ".nan",
        "-0",
        "-0.0",
        "0x1F",
        "017",
        "1_0",
        "1:30",
        "[",
        "]",
        "{",
        "}",
        "\"",
        "'",
        "\\x00",
        ",",
        ": ",
        "- ",
        "? ",
        "& ",
        "&a ",
        "*a",
        "!!int ",
        "!!binary ",
        "!<x> ",
        "|\n ",
        ">\n ",
        "---\n",
        "...\n",
        "%TAG ! x\n",
        "#",
        "\n",
        "\n  ",
        "\t",
        "\u0085",
        "\u00e9",
        "<<: ",
        "9999999999999999999999",
        "\"@type\": \"Circle\""
    };

    @Test
    void everyInputIsAValueOrRefused() throws Exception {
        Object tree = Map.of("a", List.of(1, 2.5, "x", true), "b", Map.of("c", Map.of()));
        new Fuzz(20260202, WORDS)
                .target(YamlCodec.of(User.class), new User("Alice", "alice@example.com", 7))
                .target(YamlCodec.of(Times.class), Values.times(ZoneId.of("Europe/Paris")))
                .target(YamlCodec.of(Numbers.class), Values.numbers(1e300))
                .target(YamlCodec.of(Bag.class), Values.bag(2))
                .target(
                        YamlCodec.of(new TypeReference<Page<Anything>>() {}),
                        new Page<>(List.of(new Anything(tree)), Optional.of("next")))
                .target(YamlCodec.of(JsonNode.class), new ObjectMapper().valueToTree(tree))
                .run(100_000);
    }
}

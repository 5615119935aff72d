package dev.tidemark.codec.json;

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

class JsonFuzzTest {
    private static final String[] WORDS = {
        "null",
        "true",
        "1e999",
        "1e999999999",
        "-0",
        "-0.0",
        "1e-400",
        "[",
        "]",
        "{",
        "}",
        "\"",
        "\\u0000",
        "\\ud800",
        ",",
        ":",
        "NaN",
        "\"\"",
        "{\"a\":1}",
        "[[]]",
        "9999999999999999999999",
        "\u00e9",
        "//",
        "0x1",
        "'",
        "\"@type\":\"Circle\""
    };

    @Test
    void everyInputIsAValueOrRefused() throws Exception {
        Object tree = Map.of("a", List.of(1, 2.5, "x", true), "b", Map.of("c", Map.of()));
        new Fuzz(20260101, WORDS)
                .target(JsonCodec.of(User.class), new User("Alice", "alice@example.com", 7))
                .target(JsonCodec.of(Times.class), Values.times(ZoneId.of("Europe/Paris")))
                .target(JsonCodec.of(Numbers.class), Values.numbers(1e300))
                .target(JsonCodec.of(Bag.class), Values.bag(2))
                .target(
                        JsonCodec.of(new TypeReference<Page<Anything>>() {}),
                        new Page<>(List.of(new Anything(tree)), Optional.of("next")))
                .target(JsonCodec.of(JsonNode.class), new ObjectMapper().valueToTree(tree))
                .run(100_000);
    }
}

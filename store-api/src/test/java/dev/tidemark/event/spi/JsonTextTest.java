package dev.tidemark.event.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTextTest {

    @Test
    void whatIsWrittenIsReadAgain() {
        Random random = new Random(1);
        for (int round = 0; round < 2_000; round++) {
            Map<String, String> members = new LinkedHashMap<>();
            for (int i = random.nextInt(5); i > 0; i--) {
                members.put(text(random), text(random));
            }
            assertThat(JsonText.members(JsonText.object(members))).isEqualTo(members);
        }
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(6); i > 0; i--) {
            text.appendCodePoint(
                    switch (random.nextInt(4)) {
                        case 0 -> 1 + random.nextInt(31);
                        case 1 -> "\"\\/{}[],: ".charAt(random.nextInt(10));
                        case 2 -> 0x1F600 + random.nextInt(64);
                        default -> 'a' + random.nextInt(26);
                    });
        }
        return text.toString();
    }

    @Test
    void aMemberThatIsNoStringComesAsItsText() {
        assertThat(JsonText.members(
                        "{\"n\": -1.50e3, \"t\": true, \"o\": {\"x\": [1, \"}\\\"\"]}, \"s\": \"null\", \"e\": {}}"))
                .containsExactly(
                        entry("n", "-1.50e3"),
                        entry("t", "true"),
                        entry("o", "{\"x\": [1, \"}\\\"\"]}"),
                        entry("s", "null"),
                        entry("e", "{}"));
    }

    @Test
    void aMemberThatIsNullIsNone() {
        assertThat(JsonText.members("{\"a\": null, \"b\": \"\", \"c\":null}")).containsExactly(entry("b", ""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[1]",
                "{",
                "{\"a\"}",
                "{\"a\": }",
                "{\"a\": 1",
                "{\"a\": \"1}",
                "{\"a\": 1} 2",
                "{\"a\": \"\\x\"}",
                "{\"a\": \"\\u12\"}"
            })
    void whatIsNoObjectIsRefused(String text) {
        assertThatThrownBy(() -> JsonText.members(text)).isInstanceOf(IllegalArgumentException.class);
    }
}

package dev.tidemark.cli;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.codec.Codec;
import dev.tidemark.codec.CodecException;
import dev.tidemark.codec.json.JsonCodec;
import dev.tidemark.event.AggregateId;
import dev.tidemark.event.Event;
import dev.tidemark.store.Change;
import dev.tidemark.store.Entry;
import java.io.IOException;
import java.util.Locale;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/** Values as JSON, with every digit of a number kept, and the lines that the commands print. */
final class Json {
    static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private static final ObjectReader VALUES = MAPPER.reader().without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private Json() {}

    /** How a store keeps values: the members of an object in a fixed order, so that their order makes no difference. */
    static Codec<JsonNode> codec() {
        return JsonCodec.of(MAPPER, JsonNode.class);
    }

    /** Reads one JSON value and nothing after it. */
    static JsonNode parse(String text) {
        try {
            JsonNode value = MAPPER.readTree(text);
            if (value.isMissingNode()) {
                throw new InputException("not valid JSON: there is nothing");
            }
            return value;
        } catch (JsonProcessingException failure) {
            throw new InputException("not valid JSON: " + reason(failure), failure);
        }
    }

    /** Reads the value that {@code parser} stands at. */
    static JsonNode read(JsonParser parser) throws IOException {
        return VALUES.readTree(parser);
    }

    /** Says in some words what is wrong with a text, without what only a debugger wants to know. */
    static String reason(JsonProcessingException failure) {
        if (failure.getCause() instanceof MarkedYAMLException yaml) {
            return String.valueOf(yaml.getProblem());
        }
        String reason = failure.getOriginalMessage().lines().findFirst().orElse("");
        return reason.replaceAll(" ?\\((start marker )?at \\[.*?\\]\\)", "")
                .replaceAll(" for `ObjectNode`.*", "")
                .replaceAll("Trailing token.*", "something follows the value");
    }

    /** Says in one line why a value can't be stored. */
    static String refusal(CodecException failure) {
        return String.valueOf(failure.getMessage());
    }

    static String typeOf(JsonNode node) {
        return typeOf(node.asToken());
    }

    static String typeOf(JsonToken token) {
        return switch (token) {
            case START_OBJECT -> "an object";
            case START_ARRAY -> "a list";
            case VALUE_STRING -> "a string";
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
            default -> token.asString() == null ? "something else" : token.asString();
        };
    }

    static String text(String text) {
        return line(MAPPER.getNodeFactory().textNode(text));
    }

    static String line(JsonNode value) {
        try {
            return escapeUnpaired(MAPPER.writeValueAsString(value));
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a JSON tree can't be written", impossible);
        }
    }

    /** JSON may hold unpaired surrogates, UTF-8 may not. */
    private static String escapeUnpaired(String json) {
        StringBuilder escaped = new StringBuilder();
        int copied = 0;
        for (int i = 0; i < json.length(); i += Character.charCount(json.codePointAt(i))) {
            int point = json.codePointAt(i);
            if (Character.MIN_SURROGATE <= point && point <= Character.MAX_SURROGATE) {
                escaped.append(json, copied, i).append(String.format("\\u%04X", point));
                copied = i + 1;
            }
        }
        return copied == 0 ? json : escaped.append(json, copied, json.length()).toString();
    }

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    static String entry(Entry<JsonNode> entry) {
        return line(exported(entry)
                .put("version", entry.version())
                .put("tag", entry.tag())
                .put("updatedAt", entry.updatedAt().toString()));
    }

    /** As much of an entry as can be imported again. */
    static ObjectNode exported(Entry<JsonNode> entry) {
        ObjectNode line = object().put("kind", entry.kind()).put("key", entry.key());
        return line.set("value", entry.value());
    }

    static String change(Change<JsonNode> change) {
        ObjectNode line = object().put("type", change.type().name().toLowerCase(Locale.ROOT))
                .put("kind", change.kind())
                .put("key", change.key());
        line.set("value", change.value());
        return line(line.put("version", change.version())
                .put("revision", change.revision())
                .put("replayed", change.replayed()));
    }

    /** An event; what it has none of is left out. */
    static String event(Event<?> event) {
        ObjectNode line = object().put("position", event.position())
                .put("id", event.id().toString())
                .put("name", event.name())
                .put("time", event.time().toString());
        AggregateId aggregate = event.aggregate();
        if (aggregate != null) {
            line.put("aggregateName", aggregate.name())
                    .put("aggregateId", aggregate.id().toString());
        }
        if (event.version() > 0) {
            line.put("aggregateVersion", event.version());
        }
        line.set("data", (JsonNode) event.data());
        if (!event.metadata().isEmpty()) {
            event.metadata().forEach(line.putObject("metadata")::put);
        }
        return line(line);
    }

    static String synced(long revision) {
        return line(object().put("type", "synced").put("revision", revision));
    }
}

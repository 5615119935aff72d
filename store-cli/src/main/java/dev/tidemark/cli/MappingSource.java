package dev.tidemark.cli;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** One JSON object or YAML mapping of key to value, however large: read a member at a time. */
final class MappingSource implements EntrySource {
    private final JsonParser parser;
    private final String format;
    private final SeenKeys seen = new SeenKeys();
    private boolean started;

    private MappingSource(JsonParser parser, String format) {
        this.parser = parser;
        this.format = format;
    }

    static MappingSource ofJson(TextInput input) {
        try {
            return new MappingSource(Json.MAPPER.getFactory().createParser(input), "JSON");
        } catch (IOException failure) {
            throw unreadable(failure);
        }
    }

    static MappingSource ofYaml(TextInput input) {
        try {
            return new MappingSource(PlainYaml.parser(input), "YAML");
        } catch (IOException failure) {
            throw unreadable(failure);
        }
    }

    @Override
    public @Nullable ImportedEntry next() {
        try {
            if (!started) {
                started = true;
                if (!start()) {
                    return null;
                }
            }
            return parser.nextToken() == JsonToken.END_OBJECT ? end() : entry();
        } catch (JsonProcessingException failure) {
            throw InputException.atLine(line(failure), "not valid " + format + ": " + Json.reason(failure), failure);
        } catch (IOException failure) {
            throw unreadable(failure);
        }
    }

    /** False when there is nothing at all. */
    private boolean start() throws IOException {
        JsonToken first = parser.nextToken();
        if (first != null && first != JsonToken.START_OBJECT) {
            throw InputException.atLine(
                    line(),
                    "expected one entry a line, a JSON object or a YAML mapping, found " + Json.typeOf(first),
                    null);
        }
        return first != null;
    }

    private ImportedEntry entry() throws IOException {
        long line = line();
        String key = parser.currentName();
        if (!seen.add(key)) {
            throw InputException.atLine(line, "the key \"" + key + "\" appears twice", null);
        }
        parser.nextToken();
        JsonNode value = Json.read(parser);
        return new ImportedEntry(line, null, key, value);
    }

    private @Nullable ImportedEntry end() throws IOException {
        if (parser.nextToken() != null) {
            throw InputException.atLine(
                    line(), "something follows the end of the mapping; --format ndjson reads one entry a line", null);
        }
        return null;
    }

    private long line() {
        return Math.max(1, parser.currentTokenLocation().getLineNr());
    }

    private static long line(JsonProcessingException failure) {
        return failure.getLocation() == null
                ? 1
                : Math.max(1, failure.getLocation().getLineNr());
    }

    private static InputException unreadable(IOException failure) {
        return new InputException("can't read the input: " + failure.getMessage(), failure);
    }
}

package dev.tidemark.codec.json.internal;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import java.io.IOException;
import java.util.Objects;
import java.util.function.UnaryOperator;

/**
 * Encodes and decodes values of one type. What has been encoded is decoded once before it is handed out: so whatever Jackson
 * can write but not read, be it for a read limit, a name YAML garbles or a class without a constructor, is refused now and
 * not when somebody wants it back. That about doubles the time it takes to encode, which is little beside a durable write.
 */
public final class JacksonCodec<V> {
    private final String format;
    private final ObjectReader reader;
    private final ObjectWriter writer;
    private final UnaryOperator<JsonParser> guard;

    public JacksonCodec(String format, ObjectMapper mapper, JavaType type) {
        this(format, mapper.readerFor(type), mapper.writerFor(type), UnaryOperator.identity());
    }

    /** {@code guard} may wrap the parser of each document, to refuse more than the reader does. */
    public JacksonCodec(String format, ObjectReader reader, ObjectWriter writer, UnaryOperator<JsonParser> guard) {
        this.format = format;
        this.reader = reader;
        this.writer = writer;
        this.guard = guard;
    }

    public byte[] encode(V value) {
        Objects.requireNonNull(value, "value");
        try {
            byte[] bytes = writer.writeValueAsBytes(value);
            read(bytes);
            return bytes;
        } catch (IOException | RuntimeException | StackOverflowError e) {
            throw Failure.of("encode " + typeName() + " as " + format, e);
        }
    }

    public V decode(byte[] bytes) {
        Objects.requireNonNull(bytes, "bytes");
        try {
            return read(bytes);
        } catch (IOException | RuntimeException | StackOverflowError e) {
            throw Failure.of("decode " + typeName() + " from " + format, e);
        }
    }

    private V read(byte[] bytes) throws IOException {
        try (JsonParser parser = guard.apply(reader.createParser(bytes))) {
            JsonToken first = parser.nextToken();
            if (first == null) {
                throw new Refused("the document is empty");
            }
            V value = first == JsonToken.VALUE_NULL ? null : reader.readValue(parser);
            if (value == null) {
                throw new Refused("null is not a value");
            }
            if (parser.nextToken() != null) {
                throw new Refused("something follows the end of the document");
            }
            return value;
        }
    }

    private String typeName() {
        return reader.getValueType().toCanonical();
    }
}

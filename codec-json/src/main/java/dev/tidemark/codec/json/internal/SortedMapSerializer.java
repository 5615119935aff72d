package dev.tidemark.codec.json.internal;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.util.TokenBuffer;
import java.io.IOException;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** Writes maps in the order of their keys. */
final class SortedMapSerializer extends SortingSerializer<Map<?, ?>> {
    SortedMapSerializer(JsonSerializer<?> target) {
        super(target);
    }

    @Override
    JsonSerializer<?> before(JsonSerializer<?> other) {
        return new SortedMapSerializer(other);
    }

    @Override
    Map<?, ?> sorted(Map<?, ?> map, JsonGenerator generator, SerializerProvider provider) throws IOException {
        if (map.size() < 2) {
            return map;
        }
        Map<Object, Object> sorted =
                new TreeMap<>(Order.of(map.keySet(), key -> nameOf(key, map, generator, provider)));
        sorted.putAll(map);
        if (sorted.size() != map.size()) {
            throw new Refused("two keys of a map are written alike");
        }
        return sorted;
    }

    /** What the serializer makes of {@code key}; only known once it has written it. */
    private String nameOf(Object key, Map<?, ?> map, JsonGenerator generator, SerializerProvider provider)
            throws IOException {
        try (TokenBuffer buffer = new TokenBuffer(generator.getCodec(), false)) {
            write(Collections.singletonMap(key, map.get(key)), buffer, provider);
            try (JsonParser parser = buffer.asParser()) {
                parser.nextToken();
                String name = parser.nextFieldName();
                return name == null ? "" : name;
            }
        }
    }
}

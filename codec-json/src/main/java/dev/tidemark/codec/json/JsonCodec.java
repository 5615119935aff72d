package dev.tidemark.codec.json;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tidemark.codec.Codec;
import dev.tidemark.codec.json.internal.JacksonCodec;
import dev.tidemark.codec.json.internal.Mappers;

/**
 * Values as JSON: records, beans, generic types, {@code java.time}, {@code Optional}. Thread safe; never blocks.
 *
 * <p><b>Equal values, equal bytes.</b> Properties are written in alphabetical order unless the type says otherwise with
 * {@code @JsonPropertyOrder}. The keys of every map and the elements of every set are written in their natural order (strings
 * by code point), and if they have none, in the order of their JSON text. So the insertion order of a {@code LinkedHashMap}
 * or {@code LinkedHashSet} is not kept: {@code equals} ignores it too. Use a list where the order counts.
 *
 * <p><b>What is written can be read.</b> A value is decoded once before {@code encode} returns its bytes. So Jackson's
 * {@linkplain com.fasterxml.jackson.core.StreamReadConstraints read limits} (by default 1000 levels, 20 million characters
 * in a string, 1000 in a number, 50 000 in a name) hold on both sides, and a type that can't be read isn't written.
 * {@code null} is not a value: neither side accepts it as the whole document.
 *
 * <p><b>Strict where it is safe, tolerant where it helps.</b> Unknown properties are ignored, so that old code reads what new
 * code wrote; they are gone when that value is written again. Properties that are missing become null, 0, false or an empty
 * {@code Optional}, so that new code reads what old code wrote; where that won't do, let the constructor of the type refuse it.
 * A fraction for an integer, a number for an enum, duplicate names, trailing text and anything malformed are refused. Times are ISO
 * strings with all their nanoseconds and their own zone, and in a pattern of {@code @JsonFormat} names are English unless it has a
 * locale; NaN and the infinities are strings too. Class names in a document mean nothing: polymorphic types need {@code @JsonTypeInfo}
 * with names.
 *
 * <p>Failures are {@link dev.tidemark.codec.CodecException}s that name the type and the place, but no content; messages
 * of exceptions underneath are withheld for the same reason.
 *
 * @param <V> the type of the values
 * @since 0.1
 */
public final class JsonCodec<V> implements Codec<V> {
    private static final ObjectMapper MAPPER =
            Mappers.strict(Mappers.defaults(JsonMapper.builder()).build());

    private final JacksonCodec<V> codec;

    private JsonCodec(ObjectMapper mapper, JavaType type) {
        this.codec = new JacksonCodec<>("JSON", mapper, type);
    }

    /** Returns a codec for {@code type}. */
    public static <V> JsonCodec<V> of(Class<V> type) {
        return new JsonCodec<>(MAPPER, MAPPER.constructType(type));
    }

    /** Returns a codec for a generic type: {@code JsonCodec.of(new TypeReference<List<User>>() {})}. */
    public static <V> JsonCodec<V> of(TypeReference<V> type) {
        return new JsonCodec<>(MAPPER, MAPPER.constructType(type));
    }

    /**
     * Returns a codec for {@code type} on a copy of your own mapper, with its modules, naming and features.
     *
     * <p>The copy differs from it in what the promises above need: properties, maps, sets and {@code JsonNode} objects are
     * sorted; duplicate names are refused, on reading and on writing; the depth limit for writing is that for reading. Its
     * read limits, and whether it tolerates unknown properties, stay as they are.
     *
     * @throws IllegalArgumentException if the mapper doesn't read JSON, or has default typing switched on, which lets a
     *     document choose the classes to instantiate
     */
    public static <V> JsonCodec<V> of(ObjectMapper mapper, Class<V> type) {
        ObjectMapper own = Mappers.strict(Mappers.copy(mapper, "JSON"));
        return new JsonCodec<>(own, own.constructType(type));
    }

    /** Like {@link #of(ObjectMapper, Class)}, for a generic type. */
    public static <V> JsonCodec<V> of(ObjectMapper mapper, TypeReference<V> type) {
        ObjectMapper own = Mappers.strict(Mappers.copy(mapper, "JSON"));
        return new JsonCodec<>(own, own.constructType(type));
    }

    @Override
    public byte[] encode(V value) {
        return codec.encode(value);
    }

    @Override
    public V decode(byte[] bytes) {
        return codec.decode(bytes);
    }

    @Override
    public String mediaType() {
        return "application/json";
    }
}

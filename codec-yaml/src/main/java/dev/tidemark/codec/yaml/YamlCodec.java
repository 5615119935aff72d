package dev.tidemark.codec.yaml;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import dev.tidemark.codec.Codec;
import dev.tidemark.codec.json.internal.JacksonCodec;
import dev.tidemark.codec.json.internal.Mappers;

/**
 * Values as YAML: records, beans, generic types, {@code java.time}, {@code Optional}. Thread safe; never blocks.
 *
 * <p><b>Equal values, equal bytes.</b> Properties are written in alphabetical order unless the type says otherwise with
 * {@code @JsonPropertyOrder}; the keys of every map and the elements of every set in their natural order (strings by code
 * point), and if they have none, in the order of their text. So the insertion order of a {@code LinkedHashMap} or
 * {@code LinkedHashSet} is not kept: {@code equals} ignores it too. Comments in a document don't survive either.
 *
 * <p><b>Only data.</b> A tag never chooses a class to instantiate, and an alias is refused, so that no small document grows
 * into a large value. A document has at most 3 Mi code points and 1000 levels, and is a single one; duplicate keys are
 * refused. A value is decoded once before {@code encode} returns its bytes, so the limits hold on both sides. {@code null}
 * is not a value: neither side accepts it as the whole document. Strings come back exactly; those with an unpaired surrogate
 * are refused. Without a type to go by, a date is a string, and so is an infinite number.
 *
 * <p>Unknown properties are ignored, so that old code reads what new code wrote; they are gone when that value is written
 * again. Properties that are missing become null, 0, false or an empty {@code Optional}; where that won't do, let the
 * constructor of the type refuse it. A fraction for an integer and a number for an enum are refused. Times are ISO strings with all
 * their nanoseconds and their own zone.
 *
 * <p>Failures are {@link dev.tidemark.codec.CodecException}s that name the type and the place, but no content; messages
 * of exceptions underneath are withheld for the same reason.
 *
 * @param <V> the type of the values
 * @since 0.1
 */
public final class YamlCodec<V> implements Codec<V> {
    private static final ObjectMapper MAPPER =
            Mappers.strict(Mappers.defaults(YAMLMapper.builder(factory())).build());

    private final JacksonCodec<V> codec;

    private YamlCodec(ObjectMapper mapper, JavaType type) {
        this.codec = new JacksonCodec<>(
                YAMLFactory.FORMAT_NAME_YAML,
                mapper.readerFor(type),
                mapper.writerFor(type).with(ExactYamlFactory.of(mapper)),
                AliasRefusingParser::new);
    }

    /** Returns a codec for {@code type}. */
    public static <V> YamlCodec<V> of(Class<V> type) {
        return new YamlCodec<>(MAPPER, MAPPER.constructType(type));
    }

    /** Returns a codec for a generic type: {@code YamlCodec.of(new TypeReference<List<User>>() {})}. */
    public static <V> YamlCodec<V> of(TypeReference<V> type) {
        return new YamlCodec<>(MAPPER, MAPPER.constructType(type));
    }

    /**
     * Returns a codec for {@code type} on a copy of your own {@link YAMLMapper}, with its modules, naming and features.
     *
     * <p>The copy differs from it in what the promises above need: properties, maps, sets and {@code JsonNode} objects are
     * sorted; duplicate keys are refused, on reading and on writing; strings are written on one line, in double quotes, for
     * the other styles don't keep all of them; object ids are plain properties instead of anchors; the depth limit for
     * writing is that for reading. {@code DumperOptions} are left aside. Its read limits, and whether it tolerates unknown
     * properties, stay as they are.
     *
     * @throws IllegalArgumentException if the mapper doesn't read YAML, or has default typing switched on, which lets a
     *     document choose the classes to instantiate
     */
    public static <V> YamlCodec<V> of(ObjectMapper mapper, Class<V> type) {
        ObjectMapper own = Mappers.strict(Mappers.copy(mapper, YAMLFactory.FORMAT_NAME_YAML));
        return new YamlCodec<>(own, own.constructType(type));
    }

    /** Like {@link #of(ObjectMapper, Class)}, for a generic type. */
    public static <V> YamlCodec<V> of(ObjectMapper mapper, TypeReference<V> type) {
        ObjectMapper own = Mappers.strict(Mappers.copy(mapper, YAMLFactory.FORMAT_NAME_YAML));
        return new YamlCodec<>(own, own.constructType(type));
    }

    private static YAMLFactory factory() {
        return YAMLFactory.builder()
                .enable(YAMLParser.Feature.EMPTY_STRING_AS_NULL) // its default, which a builder forgets
                .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                .disable(YAMLGenerator.Feature.USE_NATIVE_TYPE_ID)
                .build();
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
        return "application/yaml";
    }
}

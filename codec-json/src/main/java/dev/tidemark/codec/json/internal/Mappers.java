package dev.tidemark.codec.json.internal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.cfg.MapperBuilder;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeFeature;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.util.Locale;

/** Mappers fit for a store. */
public final class Mappers {
    private Mappers() {}

    /** Adds what our own mappers have beyond Jackson's defaults: tolerance, and times that come back as they were. */
    public static <B extends MapperBuilder<?, B>> B defaults(B builder) {
        return builder.addModule(new Jdk8Module())
                .addModule(new JavaTimeModule().disable(JavaTimeFeature.NORMALIZE_DESERIALIZED_ZONE_ID))
                .defaultLocale(Locale.ENGLISH) // names of months are the same everywhere
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
                .disable(DeserializationFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE)
                .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
                .enable(SerializationFeature.WRITE_DATES_WITH_ZONE_ID);
    }

    /** Returns a copy of an application's mapper, to be made strict, after a look at whether it will do. */
    public static ObjectMapper copy(ObjectMapper mapper, String format) {
        if (!mapper.getFactory().getFormatName().equals(format)) {
            throw new IllegalArgumentException("This codec needs a mapper for " + format + ", but got one for "
                    + mapper.getFactory().getFormatName());
        }
        if (mapper.getDeserializationConfig().getDefaultTyper(null) != null
                || mapper.getSerializationConfig().getDefaultTyper(null) != null) {
            throw new IllegalArgumentException(
                    "The mapper has default typing switched on, which lets a document choose the"
                            + " classes to instantiate; use @JsonTypeInfo with names on the polymorphic types instead");
        }
        return mapper.copy();
    }

    /** Makes {@code mapper} write equal values as equal bytes, and refuse what can't be read back for sure. */
    public static ObjectMapper strict(ObjectMapper mapper) {
        mapper.setConfig(mapper.getSerializationConfig()
                .with(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY, true)
                .with(JsonNodeFeature.WRITE_PROPERTIES_SORTED)
                .with(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
                .without(SerializationFeature.FAIL_ON_ORDER_MAP_BY_INCOMPARABLE_KEY));
        mapper.setSerializerFactory(mapper.getSerializerFactory().withSerializerModifier(new SortedContainers()));
        JsonFactory factory = mapper.getFactory();
        factory.enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
        factory.enable(JsonGenerator.Feature.STRICT_DUPLICATE_DETECTION);
        factory.setStreamWriteConstraints(StreamWriteConstraints.builder()
                .maxNestingDepth(factory.streamReadConstraints().getMaxNestingDepth())
                .build());
        return mapper;
    }
}

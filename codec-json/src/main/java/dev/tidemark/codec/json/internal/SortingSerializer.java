package dev.tidemark.codec.json.internal;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.BeanProperty;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.jsontype.TypeSerializer;
import com.fasterxml.jackson.databind.ser.ContextualSerializer;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Hands a sorted copy of a container to the serializer that would have written the container. */
abstract class SortingSerializer<T> extends JsonSerializer<T> implements ContextualSerializer {
    private final JsonSerializer<T> target;

    @SuppressWarnings("unchecked")
    SortingSerializer(JsonSerializer<?> target) {
        this.target = (JsonSerializer<T>) target;
    }

    /** Returns {@code container}, or a copy of it, in the order to write it. */
    abstract T sorted(T container, JsonGenerator generator, SerializerProvider provider) throws IOException;

    /** Returns this kind of serializer in front of another one. */
    abstract JsonSerializer<?> before(JsonSerializer<?> other);

    final void write(T container, JsonGenerator generator, SerializerProvider provider) throws IOException {
        target.serialize(container, generator, provider);
    }

    @Override
    public final void serialize(T container, JsonGenerator generator, SerializerProvider provider) throws IOException {
        write(sorted(container, generator, provider), generator, provider);
    }

    @Override
    public final void serializeWithType(
            T container, JsonGenerator generator, SerializerProvider provider, TypeSerializer type) throws IOException {
        target.serializeWithType(sorted(container, generator, provider), generator, provider, type);
    }

    @Override
    public final JsonSerializer<?> createContextual(SerializerProvider provider, @Nullable BeanProperty property)
            throws JsonMappingException {
        return target instanceof ContextualSerializer contextual
                ? before(contextual.createContextual(provider, property))
                : this;
    }

    @Override
    public final boolean isEmpty(SerializerProvider provider, T container) {
        return target.isEmpty(provider, container);
    }

    @Override
    public final JsonSerializer<?> getDelegatee() {
        return target;
    }
}

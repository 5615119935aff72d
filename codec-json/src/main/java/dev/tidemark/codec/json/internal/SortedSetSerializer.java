package dev.tidemark.codec.json.internal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Writes sets in the order of their elements, and other collections as they are. */
final class SortedSetSerializer extends SortingSerializer<Collection<?>> {
    private static final JsonFactory TEXT = new JsonFactory();

    SortedSetSerializer(JsonSerializer<?> target) {
        super(target);
    }

    @Override
    JsonSerializer<?> before(JsonSerializer<?> other) {
        return new SortedSetSerializer(other);
    }

    @Override
    Collection<?> sorted(Collection<?> elements, JsonGenerator generator, SerializerProvider provider)
            throws IOException {
        if (!(elements instanceof Set) || elements.size() < 2) {
            return elements;
        }
        List<Object> sorted = new ArrayList<>(elements);
        sorted.sort(Order.of(elements, element -> textOf(element, generator, provider)));
        return new LinkedHashSet<>(sorted);
    }

    private String textOf(Object element, JsonGenerator generator, SerializerProvider provider) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = TEXT.createGenerator(text)) {
            json.setCodec(generator.getCodec());
            write(Collections.singleton(element), json, provider);
        }
        return text.toString();
    }
}

package dev.tidemark.codec.json.internal;

import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializationConfig;
import com.fasterxml.jackson.databind.ser.BeanSerializerModifier;
import com.fasterxml.jackson.databind.ser.impl.StringCollectionSerializer;
import com.fasterxml.jackson.databind.ser.std.CollectionSerializer;
import com.fasterxml.jackson.databind.ser.std.MapSerializer;
import com.fasterxml.jackson.databind.type.CollectionType;
import com.fasterxml.jackson.databind.type.MapType;

/** Puts sorting in front of Jackson's own serializers of maps and sets; an application's serializers are left alone. */
final class SortedContainers extends BeanSerializerModifier {
    private static final long serialVersionUID = 1L;

    @Override
    public JsonSerializer<?> modifyMapSerializer(
            SerializationConfig config, MapType type, BeanDescription description, JsonSerializer<?> serializer) {
        return serializer instanceof MapSerializer ? new SortedMapSerializer(serializer) : serializer;
    }

    @Override
    public JsonSerializer<?> modifyCollectionSerializer(
            SerializationConfig config,
            CollectionType type,
            BeanDescription description,
            JsonSerializer<?> serializer) {
        // Those of lists and of EnumSets, which are sorted anyway, are other classes.
        boolean mayBeSet =
                serializer instanceof CollectionSerializer || serializer instanceof StringCollectionSerializer;
        return mayBeSet ? new SortedSetSerializer(serializer) : serializer;
    }
}

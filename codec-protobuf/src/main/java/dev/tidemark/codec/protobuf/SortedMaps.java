package dev.tidemark.codec.protobuf;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import com.google.protobuf.MessageLite;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Sorts the maps in dynamic messages. Generated code sorts its own when asked for deterministic serialization; a dynamic
 * message keeps a map as a list of entries, and writes that as it is.
 */
final class SortedMaps {
    private SortedMaps() {}

    static MessageLite in(MessageLite message) {
        return message instanceof DynamicMessage dynamic ? sorted(dynamic) : message;
    }

    private static Message sorted(Message message) {
        if (!(message instanceof DynamicMessage)) {
            return message;
        }
        Message.Builder builder = message.toBuilder();
        for (Map.Entry<FieldDescriptor, Object> field : message.getAllFields().entrySet()) {
            if (field.getKey().getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
                builder.setField(field.getKey(), sorted(field.getKey(), field.getValue()));
            }
        }
        return builder.buildPartial();
    }

    private static Object sorted(FieldDescriptor field, Object value) {
        if (!field.isRepeated()) {
            return sorted((Message) value);
        }
        List<Message> sorted = new ArrayList<>();
        for (Object element : (List<?>) value) {
            sorted.add(sorted((Message) element));
        }
        return field.isMapField() ? byKey(field, sorted) : sorted;
    }

    /** As in every Protobuf map, the last entry of a key counts. */
    private static List<Message> byKey(FieldDescriptor field, List<Message> entries) {
        FieldDescriptor key = field.getMessageType().findFieldByNumber(1);
        FieldDescriptor value = field.getMessageType().findFieldByNumber(2);
        Map<Object, Message> byKey = new TreeMap<>();
        for (Message entry : entries) {
            // Both set, because a missing one means the same as the default.
            Message whole = entry.toBuilder()
                    .setField(key, entry.getField(key))
                    .setField(value, entry.getField(value))
                    .buildPartial();
            byKey.put(entry.getField(key), whole);
        }
        return List.copyOf(byKey.values());
    }
}

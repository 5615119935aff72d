package dev.tidemark.cli;

import dev.tidemark.event.AggregateRef;
import java.util.UUID;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads an aggregate, {@code order/6f9619ff-8b86-d011-b42d-00c04fc964ff}, or all of a name, {@code order}. A name may have slashes. */
final class Aggregates implements ITypeConverter<AggregateRef> {

    @Override
    public AggregateRef convert(String text) {
        int slash = text.lastIndexOf('/');
        return slash < 0
                ? new AggregateRef(text, null)
                : new AggregateRef(text.substring(0, slash), id(text.substring(slash + 1)));
    }

    /** Reads an id as it is printed, and nothing that only resembles one. */
    static UUID id(String text) {
        try {
            UUID id = UUID.fromString(text);
            if (id.toString().equalsIgnoreCase(text)) {
                return id;
            }
        } catch (IllegalArgumentException notOne) {
            throw refusal(text);
        }
        throw refusal(text);
    }

    private static TypeConversionException refusal(String text) {
        return new TypeConversionException("'" + text + "' is no id; write 6f9619ff-8b86-d011-b42d-00c04fc964ff");
    }

    /** Reads the id of an event. */
    static final class Ids implements ITypeConverter<UUID> {
        @Override
        public UUID convert(String text) {
            return id(text);
        }
    }
}

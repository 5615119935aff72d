package dev.tidemark.event.spi;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a write did.
 *
 * @param events what was written, in order; empty for a repeated write
 * @param repeated the ids of the events that an earlier write with the same append id had written, in order; null when this is the
 *     first one
 * @since 0.1
 */
public record EventReceipt(
        List<StoredEvent> events, @Nullable List<UUID> repeated) {

    /** The receipt of a write that happened. */
    public static EventReceipt of(List<StoredEvent> events) {
        return new EventReceipt(List.copyOf(events), null);
    }

    /** The receipt of a write that had happened before. */
    public static EventReceipt repeated(List<UUID> ids) {
        return new EventReceipt(List.of(), List.copyOf(ids));
    }
}

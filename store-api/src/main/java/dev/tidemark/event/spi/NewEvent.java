package dev.tidemark.event.spi;

import dev.tidemark.event.AggregateId;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An event to be written.
 *
 * @param id its id
 * @param name its name
 * @param time when it happened, in nanoseconds since 1970
 * @param aggregate its aggregate, or null
 * @param version its version, 0 for none, or {@link #NEXT}
 * @param data its encoded data; not to be modified
 * @param metadata its metadata
 * @since 0.1
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody, and copied by nobody on the way through
public record NewEvent(
        UUID id,
        String name,
        long time,
        @Nullable AggregateId aggregate,
        int version,
        byte[] data,
        Map<String, String> metadata) {
    /** Stands for the version that follows that of the aggregate; {@link EventWrite#resolve} fills it in. */
    public static final int NEXT = -1;

    /** Returns this event at a version. */
    public NewEvent at(int version) {
        return new NewEvent(id, name, time, aggregate, version, data, metadata);
    }

    /** Returns what is stored of this event at a position. */
    public StoredEvent stored(long position) {
        return new StoredEvent(id, name, time, aggregate, version, data, metadata, position);
    }
}

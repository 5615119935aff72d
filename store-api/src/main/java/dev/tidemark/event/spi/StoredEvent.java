package dev.tidemark.event.spi;

import dev.tidemark.event.AggregateId;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An event as an engine keeps it.
 *
 * @param id its id
 * @param name the name under which it is stored
 * @param time when it happened, in nanoseconds since 1970
 * @param aggregate its aggregate, or null
 * @param version its version, 0 for none; a table may hold NULL for that
 * @param data its encoded data; not to be modified
 * @param metadata its metadata
 * @param position its position; 0 in a transaction of the caller's that was not committed yet
 * @since 0.1
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody, and copied by nobody on the way through
public record StoredEvent(
        UUID id,
        String name,
        long time,
        @Nullable AggregateId aggregate,
        int version,
        byte[] data,
        Map<String, String> metadata,
        long position) {}

package dev.tidemark.event;

import java.util.List;

/**
 * What was written. Immutable.
 *
 * @param events the events as they are stored, in the order in which they were given
 * @param repeated whether they had been written before, with the same append id; events that were deleted since are missing then
 * @since 0.1
 */
public record Appended(List<Event<?>> events, boolean repeated) {

    public Appended {
        events = List.copyOf(events);
    }

    /**
     * The position of the last event; 0 when there is none, and in a transaction of the caller's, where positions are assigned by the
     * commit.
     */
    public long position() {
        return events.isEmpty() ? 0 : events.get(events.size() - 1).position();
    }

    /** The version of the last event; 0 when there is none. */
    public int version() {
        return events.isEmpty() ? 0 : events.get(events.size() - 1).version();
    }
}

package dev.tidemark.event.spi;

import java.util.List;

/**
 * Some events that follow a position.
 *
 * @param events those that match the filter, in the order of positions
 * @param position the position up to which everything was looked at: that of the last event, or above it when no match follows; below the
 *     one that was asked for when positions have not come that far, or not any more, since the newest commits were lost
 * @param complete whether nothing more was committed when they were read
 * @since 0.1
 */
public record EventPage(List<StoredEvent> events, long position, boolean complete) {}

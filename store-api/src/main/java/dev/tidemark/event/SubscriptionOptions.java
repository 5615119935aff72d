package dev.tidemark.event;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where a subscription starts, what it is about, and whether it is remembered. Immutable.
 *
 * @param startAfter the position behind which it starts, or null for the newest one when it is opened
 * @param filter which events to handle; its order plays no role
 * @param name under which the database remembers how far it has come, or null
 * @param lease how long a name stays with a process that does not answer any more; 100 ms to a day
 * @since 0.1
 */
public record SubscriptionOptions(
        @Nullable Long startAfter,
        EventQuery filter,
        @Nullable String name,
        Duration lease) {
    private static final Duration SHORTEST_LEASE = Duration.ofMillis(100);
    private static final Duration LONGEST_LEASE = Duration.ofDays(1);
    private static final Duration LEASE = Duration.ofSeconds(10);

    public SubscriptionOptions {
        if (startAfter != null && startAfter < 0) {
            throw new IllegalArgumentException("a position must not be negative, but is " + startAfter);
        }
        Objects.requireNonNull(filter, "filter");
        if (name != null) {
            EventNames.check("subscription name", name);
        }
        if (lease.compareTo(SHORTEST_LEASE) < 0 || lease.compareTo(LONGEST_LEASE) > 0) {
            throw new IllegalArgumentException(
                    "lease must be between " + SHORTEST_LEASE + " and " + LONGEST_LEASE + ", not " + lease);
        }
    }

    /** From the first event on. */
    public static SubscriptionOptions fromStart() {
        return after(0);
    }

    /**
     * From the first event behind a position on. One that the line has not reached yet is believed: events up to it are passed over in
     * silence, those that are yet to come included. A watch refuses that with {@link dev.tidemark.store.RevisionAheadException}; here it
     * can't be told from a position whose event was deleted. So a position is worth keeping only where it is lost together with the
     * events, such as in their database; {@link #withName} keeps it there.
     */
    public static SubscriptionOptions after(long position) {
        return new SubscriptionOptions(position, EventQuery.all(), null, LEASE);
    }

    /** From the first event on that is committed after the subscription was opened. */
    public static SubscriptionOptions fromNow() {
        return new SubscriptionOptions(null, EventQuery.all(), null, LEASE);
    }

    /** Handles only the events that {@code filter} selects. */
    public SubscriptionOptions withFilter(EventQuery filter) {
        return new SubscriptionOptions(startAfter, filter, name, lease);
    }

    /**
     * Remembers in the database how far the subscription has come, and goes on there the next time; the start counts the first time only.
     * Of all processes with a subscription of that name to the table one at a time handles events; the others stand by.
     */
    public SubscriptionOptions withName(String name) {
        return new SubscriptionOptions(startAfter, filter, name, lease);
    }

    /**
     * Lets another process take over after so long without a sign of life; 10 seconds unless set. A handler should not take longer than
     * a third of it for an event: a slower one may see the next process handle the same event, too, unless it is transactional.
     */
    public SubscriptionOptions withLease(Duration lease) {
        return new SubscriptionOptions(startAfter, filter, name, lease);
    }
}

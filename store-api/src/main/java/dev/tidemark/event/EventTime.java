package dev.tidemark.event;

import java.time.Instant;

/**
 * Times as an event store keeps them: nanoseconds since 1970 in 64 bits, which reach from 1677-09-21T00:12:43.145224192Z to
 * 2262-04-11T23:47:16.854775807Z.
 *
 * @since 0.1
 */
public final class EventTime {
    private static final long NANOS = 1_000_000_000;

    /** The earliest time that an event can have. */
    public static final Instant MIN = toInstant(Long.MIN_VALUE);

    /** The latest time that an event can have. */
    public static final Instant MAX = toInstant(Long.MAX_VALUE);

    private EventTime() {}

    /**
     * Returns the nanoseconds from 1970 to {@code time}.
     *
     * @throws IllegalArgumentException if they don't fit 64 bits
     */
    public static long toNanos(Instant time) {
        if (time.isBefore(MIN) || time.isAfter(MAX)) {
            throw new IllegalArgumentException("time must be between " + MIN + " and " + MAX + ", not " + time);
        }
        // The seconds of the earliest times do not fit 64 bits of nanoseconds, their sum with the fraction does.
        return time.getEpochSecond() < 0
                ? (time.getEpochSecond() + 1) * NANOS + (time.getNano() - NANOS)
                : time.getEpochSecond() * NANOS + time.getNano();
    }

    /** Returns the time so many nanoseconds after 1970. */
    public static Instant toInstant(long nanos) {
        return Instant.ofEpochSecond(Math.floorDiv(nanos, NANOS), Math.floorMod(nanos, NANOS));
    }
}

package dev.tidemark.event;

import java.util.Objects;

/**
 * One key of the order of a query's results.
 *
 * <p>Ids are in unsigned order, names in the order of their code points. An event without an aggregate has no aggregate name and no
 * aggregate id, and without a version it has none of those either: what is absent is smaller than everything else, so it comes first
 * in ascending order and last in descending order.
 *
 * @param key what to sort by
 * @param descending whether large comes before small
 * @since 0.1
 */
public record EventSort(Key key, boolean descending) {

    /** What results can be sorted by. */
    public enum Key {
        /** The time of the event. */
        TIME,
        /** The name of the aggregate. */
        AGGREGATE_NAME,
        /** The id of the aggregate. */
        AGGREGATE_ID,
        /** The version of the aggregate. */
        AGGREGATE_VERSION
    }

    public EventSort {
        Objects.requireNonNull(key, "key");
    }

    /** Small before large. */
    public static EventSort ascending(Key key) {
        return new EventSort(key, false);
    }

    /** Large before small. */
    public static EventSort descending(Key key) {
        return new EventSort(key, true);
    }
}

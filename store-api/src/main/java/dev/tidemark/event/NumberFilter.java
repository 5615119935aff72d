package dev.tidemark.event;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which versions, or times in nanoseconds since 1970, a query selects: those that all of its parts accept. Immutable.
 *
 * @param exact the numbers to select; any when empty
 * @param ranges the ranges one of which has to hold the number; any when empty
 * @param min the smallest number, or null
 * @param max the largest number, or null
 * @since 0.1
 */
public record NumberFilter(
        Set<Long> exact,
        Set<Range> ranges,
        @Nullable Long min,
        @Nullable Long max) {
    /** Selects every number. */
    public static final NumberFilter ALL = new NumberFilter(Set.of(), Set.of(), null, null);

    /**
     * A range; both ends belong to it.
     *
     * @param from the smallest number in it
     * @param to the largest number in it
     * @since 0.1
     */
    public record Range(long from, long to) {
        public Range {
            if (from > to) {
                throw new IllegalArgumentException("a range must not end, at " + to + ", before it starts, at " + from);
            }
        }
    }

    public NumberFilter {
        exact = Collections.unmodifiableSet(new LinkedHashSet<>(exact));
        ranges = Collections.unmodifiableSet(new LinkedHashSet<>(ranges));
    }

    /** Whether it selects {@code number}. */
    public boolean matches(long number) {
        return (exact.isEmpty() || exact.contains(number))
                && (ranges.isEmpty()
                        || ranges.stream().anyMatch(range -> range.from() <= number && number <= range.to()))
                && (min == null || number >= min)
                && (max == null || number <= max);
    }
}

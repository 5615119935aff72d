package dev.tidemark.event;

/**
 * When to take snapshots of aggregates.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface SnapshotSchedule {

    /** Whether a snapshot is to be taken of an aggregate that came from one version to another. */
    boolean isDue(int before, int after);

    /** A snapshot whenever a version that {@code n} divides is reached or passed. */
    static SnapshotSchedule every(int n) {
        if (n < 1) {
            throw new IllegalArgumentException("a snapshot can be taken every 1 or more versions, not every " + n);
        }
        return (before, after) -> before / n < after / n;
    }
}

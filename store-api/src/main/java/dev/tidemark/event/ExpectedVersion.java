package dev.tidemark.event;

import org.jspecify.annotations.Nullable;

/**
 * What the version of an aggregate must be for an append to happen. The version of an aggregate is that of its newest event, and 0
 * when it has none.
 *
 * @param version the version, or null for whatever it is
 * @since 0.1
 */
public record ExpectedVersion(@Nullable Integer version) {
    /** Whatever it is. */
    public static final ExpectedVersion ANY = new ExpectedVersion(null);

    /** The aggregate has no events. */
    public static final ExpectedVersion NONE = new ExpectedVersion(0);

    public ExpectedVersion {
        if (version != null && version < 0) {
            throw new IllegalArgumentException("a version must not be negative, but is " + version);
        }
    }

    /** The aggregate is at this version. */
    public static ExpectedVersion exactly(int version) {
        return new ExpectedVersion(version);
    }

    /** Whether an aggregate at {@code actual} is as expected. */
    public boolean holds(int actual) {
        return version == null || version == actual;
    }
}

package dev.tidemark.store;

/**
 * What a {@code set} did.
 *
 * @since 0.1
 */
public enum SetResult {
    /** The key was absent and has the value now. */
    CREATED,
    /** The key had another value. */
    UPDATED,
    /** The key had the same value: nothing was written and no watch sees anything. */
    UNCHANGED
}

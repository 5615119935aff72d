package dev.tidemark.store.spi;

import org.jspecify.annotations.Nullable;

/**
 * What one {@link Op} did.
 *
 * @param effect what happened
 * @param tag the tag that the key has now; 0 when it is absent
 * @param deleted the value that was deleted, or null when none was
 * @param <R> the stored representation
 * @since 0.1
 */
public record Outcome<R>(Effect effect, long tag, @Nullable R deleted) {

    /** What happened to a key. */
    public enum Effect {
        /** It was absent and has a value now. */
        CREATED,
        /** It has another value now. */
        UPDATED,
        /** It had a value and has none now. */
        DELETED,
        /** It had the same value already. */
        UNCHANGED,
        /** Nothing: there was nothing to delete, or only a condition was checked. */
        NONE
    }
}

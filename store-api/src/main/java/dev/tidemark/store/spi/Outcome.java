package dev.tidemark.store.spi;

import org.jspecify.annotations.Nullable;

/**
 * What one {@link Op} did. Immutable; {@link #of} makes one, and an engine that has such objects anyway may hand out its own.
 *
 * @param <R> the stored representation
 * @since 0.1
 */
public interface Outcome<R> {

    /** What happened to a key. */
    enum Effect {
        /** It was absent and has a value now. */
        CREATED,
        /** It has another value now. */
        UPDATED,
        /** It had a value and has none now. */
        DELETED,
        /** It had the same value already. */
        UNCHANGED,
        /** Nothing: there was nothing to delete, or only a condition was checked. */
        NONE;

        /** Whether there is anything for a watch to see. */
        public boolean isChange() {
            return switch (this) {
                case CREATED, UPDATED, DELETED -> true;
                case UNCHANGED, NONE -> false;
            };
        }
    }

    /** Returns an outcome of these parts. */
    static <R> Outcome<R> of(Effect effect, long tag, @Nullable R deleted) {
        record Parts<R>(Effect effect, long tag, @Nullable R deleted) implements Outcome<R> {}
        return new Parts<>(effect, tag, deleted);
    }

    /** What happened. */
    Effect effect();

    /** The tag that the key has now; 0 when it is absent. */
    long tag();

    /** The value that was deleted, or null when none was. */
    @Nullable
    R deleted();
}

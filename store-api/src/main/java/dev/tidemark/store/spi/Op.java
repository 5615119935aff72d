package dev.tidemark.store.spi;

import dev.tidemark.store.Condition;
import dev.tidemark.store.ConflictException;
import org.jspecify.annotations.Nullable;

/**
 * One line of an atomic write. Names are valid, and no key occurs twice in one write.
 *
 * @param <R> the stored representation
 * @since 0.1
 */
public sealed interface Op<R> {
    /** The kind. */
    String kind();

    /** The key. */
    String key();

    /** What must hold for the key before anything of the write happens. */
    Condition condition();

    /** Returns the failure that says the condition did not hold for a key with this tag; null stands for an absent key. */
    default ConflictException conflict(@Nullable Long actual) {
        Long expected = condition() instanceof Condition.Tag tag ? Long.valueOf(tag.expected()) : null;
        return new ConflictException(kind(), key(), expected, actual);
    }

    /**
     * Stores {@code value}; unless {@code evenIfEqual}, nothing happens when the key has an equal value
     * ({@link java.util.Objects#deepEquals}) already.
     */
    record Put<R>(String kind, String key, R value, Condition condition, boolean evenIfEqual) implements Op<R> {}

    /** Removes the key, if it is there. */
    record Delete<R>(String kind, String key, Condition condition) implements Op<R> {}

    /** Only checks the condition. */
    record Check<R>(String kind, String key, Condition condition) implements Op<R> {}
}

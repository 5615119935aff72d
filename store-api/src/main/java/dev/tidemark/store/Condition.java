package dev.tidemark.store;

import org.jspecify.annotations.Nullable;

/**
 * What a write requires of a key before it happens.
 *
 * @since 0.1
 */
public sealed interface Condition {
    /** Nothing is required. */
    Condition ANY = new Any();

    /** The key must have no value. */
    Condition ABSENT = new Absent();

    /** The key must have a value with this tag. */
    static Condition tag(long tag) {
        return new Tag(tag);
    }

    /** Whether the condition holds for a key with this tag; null stands for an absent key. */
    boolean holds(@Nullable Long tag);

    /** See {@link #ANY}. */
    record Any() implements Condition {
        @Override
        public boolean holds(@Nullable Long tag) {
            return true;
        }
    }

    /** See {@link #ABSENT}. */
    record Absent() implements Condition {
        @Override
        public boolean holds(@Nullable Long tag) {
            return tag == null;
        }
    }

    /**
     * See {@link #tag}.
     *
     * @param expected the tag that the key must have
     */
    record Tag(long expected) implements Condition {
        @Override
        public boolean holds(@Nullable Long tag) {
            return tag != null && tag == expected;
        }
    }
}

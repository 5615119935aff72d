package dev.tidemark.store;

import org.jspecify.annotations.Nullable;

/**
 * Which keys a listing selects; all conditions must hold. Immutable.
 *
 * @param prefix only keys that start with this; empty for all
 * @param from only keys at or after this, or null
 * @param to only keys before this (exclusive), or null
 * @param after only keys after this: the token of the previous {@link Page}, which is its last key, or null
 * @param limit at most so many, from 1
 * @since 0.1
 */
public record ListOptions(
        String prefix,
        @Nullable String from,
        @Nullable String to,
        @Nullable String after,
        int limit) {
    private static final ListOptions DEFAULTS = new ListOptions("", null, null, null, Integer.MAX_VALUE);

    public ListOptions {
        if (limit < 1) {
            throw new IllegalArgumentException("limit must be at least 1, not " + limit);
        }
    }

    /** Everything. */
    public static ListOptions defaults() {
        return DEFAULTS;
    }

    /** Selects keys that start with {@code prefix}. */
    public ListOptions withPrefix(String prefix) {
        return new ListOptions(prefix, from, to, after, limit);
    }

    /** Selects keys at or after {@code from}. */
    public ListOptions withFrom(String from) {
        return new ListOptions(prefix, from, to, after, limit);
    }

    /** Selects keys before {@code to}. */
    public ListOptions withTo(String to) {
        return new ListOptions(prefix, from, to, after, limit);
    }

    /** Selects keys after {@code token}, which is where the previous page ended. */
    public ListOptions withAfter(String token) {
        return new ListOptions(prefix, from, to, token, limit);
    }

    /** Selects at most {@code limit} keys. */
    public ListOptions withLimit(int limit) {
        return new ListOptions(prefix, from, to, after, limit);
    }
}

package dev.tidemark.store.spi;

import dev.tidemark.store.ListOptions;
import org.jspecify.annotations.Nullable;

/**
 * An interval of keys in code point order.
 *
 * @param lower where it starts, or null for the first key
 * @param lowerInclusive whether {@code lower} itself belongs to it
 * @param upper where it ends (exclusive), or null for behind the last key
 * @since 0.1
 */
public record KeyRange(
        @Nullable String lower,
        boolean lowerInclusive,
        @Nullable String upper) {

    /** All keys. */
    public static final KeyRange ALL = new KeyRange(null, true, null);

    /** No key. */
    public static final KeyRange NONE = new KeyRange(null, true, "");

    /**
     * The keys that the prefix, range and page token of {@code options} select together.
     *
     * @throws IllegalArgumentException if one of them contains NUL or an unpaired surrogate
     */
    public static KeyRange of(ListOptions options) {
        KeyRange range = ofPrefix(options.prefix());
        if (options.from() != null) {
            range = range.startingAt(Names.checkBound("from", options.from()), true);
        }
        if (options.after() != null) {
            range = range.startingAt(Names.checkBound("page token", options.after()), false);
        }
        return options.to() == null ? range : range.endingBefore(Names.checkBound("to", options.to()));
    }

    /** The keys that start with {@code prefix}. */
    public static KeyRange ofPrefix(String prefix) {
        Names.checkBound("prefix", prefix);
        return prefix.isEmpty() ? ALL : new KeyRange(prefix, true, Names.endOfPrefix(prefix));
    }

    /** The one key: no key, having no NUL, lies between a key and the key followed by U+0001. */
    public static KeyRange ofKey(String key) {
        return new KeyRange(key, true, key + '\u0001');
    }

    /** The part of this range behind {@code key}. */
    public KeyRange after(String key) {
        return startingAt(key, false);
    }

    /** Whether {@code key} lies in this range. */
    public boolean contains(String key) {
        if (lower != null) {
            int order = Names.ORDER.compare(key, lower);
            if (order < 0 || (order == 0 && !lowerInclusive)) {
                return false;
            }
        }
        return upper == null || Names.ORDER.compare(key, upper) < 0;
    }

    /** Whether no key can lie in this range. */
    public boolean isEmpty() {
        if (lower == null || upper == null) {
            return upper != null && upper.isEmpty();
        }
        return Names.ORDER.compare(lower, upper) >= 0;
    }

    private KeyRange startingAt(String key, boolean inclusive) {
        if (lower != null) {
            int order = Names.ORDER.compare(key, lower);
            if (order < 0 || (order == 0 && inclusive)) {
                return this;
            }
        }
        return new KeyRange(key, inclusive, upper);
    }

    private KeyRange endingBefore(String key) {
        return upper != null && Names.ORDER.compare(upper, key) <= 0 ? this : new KeyRange(lower, lowerInclusive, key);
    }
}

package dev.tidemark.store;

import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The condition of a write did not hold. Nothing was written; read the entry and decide anew.
 *
 * @since 0.1
 */
public final class ConflictException extends StoreException {
    private static final long serialVersionUID = 1L;

    private final String kind;
    private final String key;
    private final @Nullable Long expected;
    private final @Nullable Long actual;

    /**
     * Describes a conflict.
     *
     * @param expected the tag that the write required, or null when it required the key to be absent
     * @param actual the tag that the key has, or null when it is absent
     */
    public ConflictException(String kind, String key, @Nullable Long expected, @Nullable Long actual) {
        super(kind + "/" + key + ": expected " + describe(expected) + ", found " + describe(actual));
        this.kind = kind;
        this.key = key;
        this.expected = expected;
        this.actual = actual;
    }

    private static String describe(@Nullable Long tag) {
        return tag == null ? "no value" : "tag " + tag;
    }

    /** The kind of the key whose condition did not hold. */
    public String kind() {
        return kind;
    }

    /** The key whose condition did not hold. */
    public String key() {
        return key;
    }

    /** The tag that was required; empty when the key had to be absent. */
    public OptionalLong expected() {
        return expected == null ? OptionalLong.empty() : OptionalLong.of(expected);
    }

    /** The tag that the key has; empty when it is absent. */
    public OptionalLong actual() {
        return actual == null ? OptionalLong.empty() : OptionalLong.of(actual);
    }
}

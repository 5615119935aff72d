package dev.tidemark.store;

/**
 * An encoded value is larger than the store's limit. Nothing was written.
 *
 * @since 0.1
 */
public final class ValueTooLargeException extends StoreException {
    private static final long serialVersionUID = 1L;

    private final long bytes;
    private final long maxBytes;

    public ValueTooLargeException(String kind, String key, long bytes, long maxBytes) {
        this(kind + "/" + key, bytes, maxBytes, "StoreOptions.withMaxValueBytes");
    }

    /**
     * Describes any value.
     *
     * @param what names it
     * @param option what sets the limit
     */
    public ValueTooLargeException(String what, long bytes, long maxBytes, String option) {
        super(what + ": the value has " + bytes + " bytes, more than the limit of " + maxBytes + "; see " + option);
        this.bytes = bytes;
        this.maxBytes = maxBytes;
    }

    /** The size of the encoded value in bytes. */
    public long bytes() {
        return bytes;
    }

    /** The limit in bytes. */
    public long maxBytes() {
        return maxBytes;
    }
}

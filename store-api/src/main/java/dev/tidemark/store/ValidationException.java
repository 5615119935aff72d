package dev.tidemark.store;

/**
 * A validator rejected a value; what it threw is the cause. Nothing was written.
 *
 * @since 0.1
 */
public final class ValidationException extends StoreException {
    private static final long serialVersionUID = 1L;

    private final String kind;
    private final String key;

    public ValidationException(String kind, String key, RuntimeException cause) {
        super(kind + "/" + key + ": the value was rejected by a validator of its kind", cause);
        this.kind = kind;
        this.key = key;
    }

    /** The kind whose validator rejected the value. */
    public String kind() {
        return kind;
    }

    /** The key that the value was for. */
    public String key() {
        return key;
    }
}

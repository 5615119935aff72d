package dev.tidemark.store;

/**
 * An operation that needs a value found none.
 *
 * @since 0.1
 */
public final class KeyNotFoundException extends StoreException {
    private static final long serialVersionUID = 1L;

    private final String kind;
    private final String key;

    public KeyNotFoundException(String kind, String key) {
        super("not found: " + kind + "/" + key);
        this.kind = kind;
        this.key = key;
    }

    /** The kind that was asked for. */
    public String kind() {
        return kind;
    }

    /** The key that was asked for. */
    public String key() {
        return key;
    }
}

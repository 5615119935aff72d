package dev.tidemark.store;

/**
 * The backend has been closed.
 *
 * @since 0.1
 */
public final class StoreClosedException extends StoreException {
    private static final long serialVersionUID = 1L;

    public StoreClosedException() {
        super("the store is closed");
    }
}

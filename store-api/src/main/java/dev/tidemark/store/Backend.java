package dev.tidemark.store;

import dev.tidemark.codec.Codec;

/**
 * An open database, and the source of its typed stores.
 *
 * <p>A backend owns everything expensive; the stores it hands out are light views that need no closing and share it. Thread
 * safe. Closing it ends every call and every watch of its stores.
 *
 * @since 0.1
 */
public interface Backend extends AutoCloseable {

    /** Returns a view of the default namespace, with {@link StoreOptions#defaults()}. */
    default <V> Store<V> store(Codec<V> codec) {
        return store(codec, StoreOptions.defaults());
    }

    /**
     * Returns a view that keeps values encoded by {@code codec}. Views are cheap and independent; two views of one namespace see
     * each other's writes.
     *
     * @throws StoreClosedException if this backend is closed
     */
    <V> Store<V> store(Codec<V> codec, StoreOptions<V> options);

    /**
     * Ends every watch with {@link StoreClosedException}, waits for running calls up to the timeout, and releases what the
     * backend owns. Calling it again does nothing.
     */
    @Override
    void close();
}

package dev.tidemark.store;

import dev.tidemark.codec.CodecException;

/**
 * Gets the changes of a watch one at a time, in order, never two at once; see {@link Watches#listen}.
 *
 * @param <V> the type of the values
 * @since 0.1
 */
public interface WatchListener<V> {

    /** A change. What this throws ends the watch and is handed to {@link #onFailed}. */
    void onChange(Change<V> change);

    /** The initial replay has been delivered in full; what follows happened after {@code revision}. Called once. */
    default void onSynced(long revision) {}

    /** A change could not be decoded; the watch goes on behind it. Unless overridden, this ends the watch. */
    default void onUndecodable(CodecException failure) {
        throw failure;
    }

    /** The watch was closed by its owner. The last call. */
    default void onClosed() {}

    /** The watch ended for a reason other than its owner closing it. The last call. */
    void onFailed(Throwable reason);
}

package dev.tidemark.store;

/**
 * Values of one type, by kind and key, in one namespace: readable, writable, watchable.
 *
 * <p>Kinds group keys, as tables group rows. A kind is 1 to 255 bytes of UTF-8, a key 1 to 1024; neither may hold NUL or an
 * unpaired surrogate, everything else is taken exactly as given. Keys are ordered by Unicode code point. Every method that
 * takes a name throws {@link IllegalArgumentException} for a name that breaks these rules and {@link NullPointerException} for
 * null, before anything is sent.
 *
 * <p>Thread safe. Every call blocks until its result is known and is bounded by the backend's timeout
 * ({@link StoreTimeoutException}). A thread interrupted in a call gets {@link StoreInterruptedException} with its interrupt flag
 * set. After the backend is closed every call throws {@link StoreClosedException}. A database that can't be reached is
 * {@link StoreUnavailableException}. Single-key operations are linearizable, and a write that returned is durable as the
 * backend is configured.
 *
 * @param <V> the type of the values
 * @since 0.1
 */
public interface Store<V> extends ReadableStore<V>, WritableStore<V>, WatchableStore<V> {}

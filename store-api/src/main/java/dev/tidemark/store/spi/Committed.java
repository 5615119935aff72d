package dev.tidemark.store.spi;

import dev.tidemark.store.Change;
import java.time.Instant;

/**
 * A change as the history of an engine keeps it. Immutable; {@link #of} makes one, and an engine that has such objects anyway may hand
 * out its own.
 *
 * @param <R> the stored representation
 * @since 0.1
 */
public interface Committed<R> {

    /** Returns a change of these parts. */
    static <R> Committed<R> of(
            Change.Type type, String kind, String key, R value, long version, long revision, Instant at) {
        record Parts<R>(Change.Type type, String kind, String key, R value, long version, long revision, Instant at)
                implements Committed<R> {}
        return new Parts<>(type, kind, key, value, version, revision, at);
    }

    /** What happened. */
    Change.Type type();

    /** The kind. */
    String kind();

    /** The key. */
    String key();

    /** The value since the change; for a deletion the value that was deleted. */
    R value();

    /** The version of that value. */
    long version();

    /** Its place in the one line of changes of the namespace. */
    long revision();

    /** When it happened. */
    Instant at();
}

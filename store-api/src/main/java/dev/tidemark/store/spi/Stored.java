package dev.tidemark.store.spi;

import java.time.Instant;

/**
 * An entry as an engine keeps it. Immutable; {@link #of} makes one, and an engine that has such objects anyway may hand out its own.
 *
 * @param <R> the stored representation: {@code byte[]} for engines that keep bytes
 * @since 0.1
 */
public interface Stored<R> {

    /** Returns an entry of these parts. */
    static <R> Stored<R> of(String kind, String key, R value, long version, long tag, Instant updatedAt) {
        record Parts<R>(String kind, String key, R value, long version, long tag, Instant updatedAt)
                implements Stored<R> {}
        return new Parts<>(kind, key, value, version, tag, updatedAt);
    }

    /** The kind. */
    String kind();

    /** The key. */
    String key();

    /** The stored representation of the value. */
    R value();

    /** Writes since the key was created, from 1. */
    long version();

    /** Unique to this write of the key. */
    long tag();

    /** When it was written. */
    Instant updatedAt();
}

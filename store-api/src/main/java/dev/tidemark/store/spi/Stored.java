package dev.tidemark.store.spi;

import java.time.Instant;

/**
 * An entry as an engine keeps it.
 *
 * @param kind the kind
 * @param key the key
 * @param value the stored representation of the value
 * @param version writes since the key was created, from 1
 * @param tag unique to this write of the key
 * @param updatedAt when it was written
 * @param <R> the stored representation: {@code byte[]} for engines that keep bytes
 * @since 0.1
 */
public record Stored<R>(String kind, String key, R value, long version, long tag, Instant updatedAt) {}

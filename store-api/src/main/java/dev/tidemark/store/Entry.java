package dev.tidemark.store;

import java.time.Instant;

/**
 * A value with its bookkeeping.
 *
 * @param kind the kind
 * @param key the key
 * @param value the value
 * @param version how many writes the key has seen since it was created, from 1
 * @param tag a number that differs after every write of the key and is never used for it again, not even after it was deleted
 *     and created anew; what conditional writes expect
 * @param updatedAt when the value was written, by the clock of the database; informative, not an order
 * @param <V> the type of the value
 * @since 0.1
 */
public record Entry<V>(String kind, String key, V value, long version, long tag, Instant updatedAt) {}

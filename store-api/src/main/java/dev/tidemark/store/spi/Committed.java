package dev.tidemark.store.spi;

import dev.tidemark.store.Change;
import java.time.Instant;

/**
 * A change as the history of an engine keeps it.
 *
 * @param type what happened
 * @param kind the kind
 * @param key the key
 * @param value the value since the change; for a deletion the value that was deleted
 * @param version the version of that value
 * @param revision its place in the one line of changes of the namespace
 * @param at when it happened
 * @param <R> the stored representation
 * @since 0.1
 */
public record Committed<R>(
        Change.Type type, String kind, String key, R value, long version, long revision, Instant at) {}

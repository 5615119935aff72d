package dev.tidemark.store;

import java.time.Instant;

/**
 * A committed change of one key, as a watch delivers it.
 *
 * @param type what happened
 * @param kind the kind
 * @param key the key
 * @param value the value the key has since the change; for {@link Type#DELETED} the value that was deleted
 * @param version the version of that value
 * @param revision the place of the change in the one line of changes of its namespace. For a replayed change, the revision
 *     of the snapshot it was read from: the same for all of them, unless a lost connection made the replay go on with a newer one
 * @param at when it happened, by the clock of the database
 * @param replayed whether this is part of the initial replay rather than something that just happened
 * @param <V> the type of the value
 * @since 0.1
 */
public record Change<V>(
        Type type, String kind, String key, V value, long version, long revision, Instant at, boolean replayed) {

    /** What happened to a key. */
    public enum Type {
        /** It was absent and has a value now. */
        CREATED,
        /** It has another value now. */
        UPDATED,
        /** It had a value and has none now. */
        DELETED
    }
}

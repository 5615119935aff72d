package dev.tidemark.store;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a watch delivers; all conditions must hold. Immutable.
 *
 * @param kinds only these kinds; empty for all
 * @param key only this key, or null
 * @param prefix only keys that start with this; empty for all
 * @param types only these types of change; applies to the replay too, whose changes are {@link Change.Type#CREATED}
 * @param initialReplay whether to start with the present state
 * @param startAfter the revision to continue after, or null to start now
 * @param bufferSize how many changes may wait for the consumer before the watch ends with {@link WatchOverflowException}; replay
 *     and history don't count
 * @since 0.1
 */
public record WatchOptions(
        Set<String> kinds,
        @Nullable String key,
        String prefix,
        Set<Change.Type> types,
        boolean initialReplay,
        @Nullable Long startAfter,
        int bufferSize) {
    private static final Set<Change.Type> ALL_TYPES = EnumSet.allOf(Change.Type.class);
    private static final WatchOptions DEFAULTS = new WatchOptions(Set.of(), null, "", ALL_TYPES, false, null, 4096);

    public WatchOptions {
        kinds = Set.copyOf(kinds);
        if (types.isEmpty()) {
            throw new IllegalArgumentException("a watch needs at least one type of change");
        }
        types = Collections.unmodifiableSet(EnumSet.copyOf(types));
        if (bufferSize < 1) {
            throw new IllegalArgumentException("bufferSize must be at least 1, not " + bufferSize);
        }
        if (startAfter != null && startAfter < 0) {
            throw new IllegalArgumentException("startAfter must not be negative, but is " + startAfter);
        }
        if (initialReplay && startAfter != null) {
            throw new IllegalArgumentException("a watch starts with a replay or after a revision, not both");
        }
    }

    /** All changes of all kinds from now on, with a buffer of 4096. */
    public static WatchOptions defaults() {
        return DEFAULTS;
    }

    /** Delivers only changes of these kinds. */
    public WatchOptions withKinds(String... kinds) {
        return new WatchOptions(Set.of(kinds), key, prefix, types, initialReplay, startAfter, bufferSize);
    }

    /** Delivers only changes of this key. */
    public WatchOptions withKey(String key) {
        return new WatchOptions(kinds, key, prefix, types, initialReplay, startAfter, bufferSize);
    }

    /** Delivers only changes of keys that start with {@code prefix}. */
    public WatchOptions withPrefix(String prefix) {
        return new WatchOptions(kinds, key, prefix, types, initialReplay, startAfter, bufferSize);
    }

    /** Delivers only changes of these types. */
    public WatchOptions withTypes(Change.Type first, Change.Type... more) {
        return new WatchOptions(kinds, key, prefix, EnumSet.of(first, more), initialReplay, startAfter, bufferSize);
    }

    /**
     * Starts with the state at one revision, as replayed {@code CREATED} changes, and goes on with every change after it. Until the
     * replay has been polled to its end the watch holds a snapshot, so poll it, or close it.
     */
    public WatchOptions withInitialReplay() {
        return new WatchOptions(kinds, key, prefix, types, true, startAfter, bufferSize);
    }

    /** Starts with the change that follows {@code revision}, also one of the past, as far as history is retained. */
    public WatchOptions withStartAfter(long revision) {
        return new WatchOptions(kinds, key, prefix, types, initialReplay, revision, bufferSize);
    }

    /** Starts now: without replay, and not after a given revision. */
    public WatchOptions withStartNow() {
        return new WatchOptions(kinds, key, prefix, types, false, null, bufferSize);
    }

    /** Lets so many changes wait for the consumer. */
    public WatchOptions withBufferSize(int bufferSize) {
        return new WatchOptions(kinds, key, prefix, types, initialReplay, startAfter, bufferSize);
    }
}

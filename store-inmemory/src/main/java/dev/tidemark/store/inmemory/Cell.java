package dev.tidemark.store.inmemory;

import java.util.NavigableSet;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A key and its versions, newest first. The newest may not be committed yet; older ones are there for as long as someone may
 * need them. Written by one thread at a time, read by any.
 */
final class Cell {
    final String kind;
    final String key;
    final int hash;
    private volatile Version newest = Version.none(this);
    private @Nullable Version staged;

    /** A key that does not exist yet. */
    Cell(String kind, String key) {
        this.kind = kind;
        this.key = key;
        this.hash = Kind.hash(key);
    }

    /** For the writer: the version that the next one follows. */
    Version latest() {
        Version next = staged;
        return next == null ? newest : next;
    }

    /** For the writer: whether it was never written, and nobody knows of it. */
    boolean isNew() {
        return latest().revision() == 0;
    }

    /** For the writer: keeps a version from everybody else until {@link #push}. */
    void stage(@Nullable Version version) {
        staged = version;
    }

    /** For the writer: adds a version that becomes visible when its revision is committed. */
    void push(Version version) {
        version.older(newest);
        newest = version;
        staged = null;
    }

    /** The version as of a revision at which a snapshot is held. */
    @Nullable
    Version asOf(long revision) {
        Version version = newest;
        while (version.revision() > revision) {
            Version older = version.older();
            if (older == null) {
                return null;
            }
            version = older;
        }
        return version.exists() ? version : null;
    }

    /**
     * The version as of now. The older one is read before the committed revision, because it is dropped only after its successor
     * has been committed.
     */
    @Nullable
    Version committed(ChangeLog log) {
        Version version = newest;
        Version older = version.older();
        while (older != null && version.revision() > log.newest()) {
            version = older;
            older = version.older();
        }
        return version.exists() ? version : null;
    }

    /** For the writer, after the newest version was committed: drops all others, which no snapshot sees. */
    void prune() {
        newest.older(null);
    }

    /**
     * For the writer, after the newest version was committed: drops what no snapshot can see, and names for each version that stays the
     * newest snapshot that can.
     */
    void prune(NavigableSet<Long> snapshots, LongConsumer neededBy) {
        Version version = newest;
        Version older = version.older();
        while (older != null) {
            Long held = snapshots.lower(version.revision());
            if (held != null && held >= older.revision()) {
                neededBy.accept(held);
                version = older;
            } else {
                version.older(older.older());
            }
            older = version.older();
        }
    }

    /** For the writer: whether nothing but the absence of the key is left. */
    boolean isGone() {
        Version version = newest;
        return staged == null && version.older() == null && !version.exists();
    }
}

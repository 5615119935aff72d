package dev.tidemark.store.inmemory;

import dev.tidemark.store.spi.Stored;
import java.util.NavigableSet;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A key and its versions, newest first. The newest may not be committed yet; older ones are there for as long as someone may
 * need them. Written by one thread at a time, read by any.
 */
final class Cell {

    /** What the key held from a revision on; no entry stands for deleted. */
    private static final class Version {
        final long revision;
        final @Nullable Stored<Object> entry;
        volatile @Nullable Version older;

        Version(long revision, @Nullable Stored<Object> entry, @Nullable Version older) {
            this.revision = revision;
            this.entry = entry;
            this.older = older;
        }
    }

    final String kind;
    final String key;
    private volatile Version newest;

    /** A key that does not exist yet. */
    Cell(String kind, String key) {
        this.kind = kind;
        this.key = key;
        this.newest = new Version(0, null, null);
    }

    /** For the writer: the entry whether committed or not. */
    @Nullable
    Stored<Object> newest() {
        return newest.entry;
    }

    /** For the writer: adds a version that becomes visible when {@code revision} is committed. */
    void push(long revision, @Nullable Stored<Object> entry) {
        newest = new Version(revision, entry, newest);
    }

    /** The entry as of a revision at which a snapshot is held. */
    @Nullable
    Stored<Object> asOf(long revision) {
        Version version = newest;
        while (version.revision > revision) {
            Version older = version.older;
            if (older == null) {
                return null;
            }
            version = older;
        }
        return version.entry;
    }

    /**
     * The entry as of now. The older version is read before the committed revision, because it is dropped only after its successor
     * has been committed.
     */
    @Nullable
    Stored<Object> committed(Namespace namespace) {
        Version version = newest;
        Version older = version.older;
        while (version.revision > namespace.committed() && older != null) {
            version = older;
            older = version.older;
        }
        return version.entry;
    }

    /**
     * For the writer, after the newest version was committed: drops what no snapshot can see, and names for each version that stays the
     * newest snapshot that can.
     */
    void prune(NavigableSet<Long> snapshots, LongConsumer neededBy) {
        Version version = newest;
        Version older = version.older;
        while (older != null) {
            Long held = snapshots.lower(version.revision);
            if (held != null && held >= older.revision) {
                neededBy.accept(held);
                version = older;
            } else {
                version.older = older.older;
            }
            older = version.older;
        }
    }

    /** For the writer: whether nothing but the absence of the key is left. */
    boolean isGone() {
        Version version = newest;
        return version.entry == null && version.older == null;
    }
}

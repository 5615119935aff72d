package dev.tidemark.store.spi;

import dev.tidemark.store.Change;
import dev.tidemark.store.StoreInterruptedException;
import dev.tidemark.store.StoreTimeoutException;
import dev.tidemark.store.StoreUnavailableException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a watch delivers before it is live: the entries of a snapshot, then the history behind it, or only history. Holds one page
 * in memory. For one thread at a time.
 *
 * <p>When the snapshot gets lost on the way (its connection broke), a newer one takes over behind the last entry that was read. The
 * history then brings the entries before that place up to the newer snapshot, and leaves out what that one contained already; with
 * that the replay ends, so that at its end the consumer holds the state at one revision in any case.
 */
final class Backlog<R> {
    private static final int MORE_KINDS = 16;

    /** As much as is read from several kinds at once, lest that be a page of large values of each. */
    private static final long LIGHT_BYTES = 1 << 20;

    private final History<R> history;
    private final ChangeFilter filter;
    private final Deque<Committed<R>> page = new ArrayDeque<>();
    private final Deque<String> kinds = new ArrayDeque<>();
    private final Deque<Part> replayed = new ArrayDeque<>();
    private @Nullable EngineSnapshot<R> snapshot;
    private KeyRange rest;
    private boolean entries;
    private long bytes;
    private boolean failed;
    private long revision;
    private long endOfReplay;

    /** What one snapshot replayed: everything from a place on, up to the place of the next part. */
    private record Part(String kind, KeyRange rest, long revision) {
        boolean covers(Committed<?> change) {
            int order = Names.ORDER.compare(change.kind(), kind);
            return order > 0 || (order == 0 && rest.contains(change.key()));
        }
    }

    private Backlog(long revision, History<R> history, ChangeFilter filter) {
        this.revision = revision;
        this.history = history;
        this.filter = filter;
        this.rest = filter.range();
    }

    static <R> Backlog<R> ofReplay(EngineSnapshot<R> snapshot, History<R> history, ChangeFilter filter) {
        Backlog<R> backlog = new Backlog<>(snapshot.revision(), history, filter);
        backlog.kinds.addAll(filter.replayed(snapshot));
        backlog.goOnWith(snapshot, "");
        return backlog;
    }

    static <R> Backlog<R> ofHistory(long startAfter, History<R> history, ChangeFilter filter) {
        return new Backlog<>(startAfter, history, filter);
    }

    /** Whether everything of the replay was taken. */
    boolean isSynced() {
        return !isReplaying() && taken() >= endOfReplay;
    }

    /** Everything up to here was read; what of it matches and was not taken yet is {@link #next}. */
    long revision() {
        return revision;
    }

    boolean hasNext() {
        return !page.isEmpty();
    }

    RawWatch.Delivery<R> next() {
        return new RawWatch.Delivery<>(page.remove(), entries);
    }

    /** The revision up to which everything was taken; 0 during the replay. */
    long delivered() {
        return isSynced() ? taken() : 0;
    }

    /** Reads once, if nothing is left; it may be that nothing matches. */
    void read() {
        if (!page.isEmpty()) {
            return;
        }
        EngineSnapshot<R> replay = snapshot;
        if (replay == null) {
            entries = false;
            readHistory();
        } else {
            bytes = 0;
            readEntries(failed ? mended(replay) : replay);
            readFurther();
        }
    }

    void close() {
        EngineSnapshot<R> replay = snapshot;
        snapshot = null;
        if (replay != null) {
            replay.close();
        }
    }

    private boolean isReplaying() {
        return snapshot != null || (entries && !page.isEmpty());
    }

    private long taken() {
        Committed<R> first = page.peek();
        return first == null ? revision : first.revision() - 1;
    }

    private void goOnWith(EngineSnapshot<R> replay, String kind) {
        snapshot = replay;
        endOfReplay = replay.revision();
        replayed.push(new Part(kind, rest, replay.revision()));
        if (kinds.isEmpty()) {
            close();
        }
    }

    /** The snapshot to go on with after one that failed; as long as its kinds can't be read either, it has failed too. */
    private EngineSnapshot<R> mended(EngineSnapshot<R> replay) {
        EngineSnapshot<R> successor = replay.successor();
        EngineSnapshot<R> current = successor == null ? replay : successor;
        snapshot = current;
        if (current.revision() != endOfReplay) {
            String kind = kinds.element();
            List<String> further = filter.replayed(current).stream()
                    .filter(later -> Names.ORDER.compare(later, kind) > 0)
                    .toList();
            kinds.clear();
            kinds.add(kind);
            kinds.addAll(further);
            goOnWith(current, kind);
        }
        failed = false;
        return current;
    }

    private void readEntries(EngineSnapshot<R> replay) {
        EngineSnapshot.Page<R> read;
        try {
            read = replay.page(kinds.element(), rest, WatchHub.PAGE);
        } catch (StoreUnavailableException | StoreTimeoutException | StoreInterruptedException passing) {
            failed = true;
            throw passing;
        }
        entries = true;
        for (Stored<R> entry : read.entries()) {
            rest = rest.after(entry.key());
            bytes += sizeOf(entry.value());
            page.add(asChange(entry, replay.revision()));
        }
        if (read.complete()) {
            kinds.remove();
            rest = filter.range();
        }
        if (kinds.isEmpty()) {
            close();
        }
    }

    /** Fills the page from the kinds that follow, so that a small state lets go of its snapshot at once. */
    private void readFurther() {
        EngineSnapshot<R> replay = snapshot;
        try {
            for (int more = MORE_KINDS; more > 0 && replay != null && isBetweenKinds(); more--) {
                readEntries(replay);
                replay = snapshot;
            }
        } catch (StoreUnavailableException | StoreTimeoutException passing) {
            // Remembered; what was read comes first.
            failed = true;
        }
    }

    private boolean isBetweenKinds() {
        return page.size() < WatchHub.PAGE / 2 && bytes < LIGHT_BYTES && rest.equals(filter.range());
    }

    /** What is not bytes is an object that the engine holds anyway. */
    private static long sizeOf(Object stored) {
        return stored instanceof byte[] encoded ? encoded.length : 0;
    }

    private Committed<R> asChange(Stored<R> entry, long at) {
        return Committed.of(
                Change.Type.CREATED, entry.kind(), entry.key(), entry.value(), entry.version(), at, entry.updatedAt());
    }

    private void readHistory() {
        List<Committed<R>> changes = history.after(revision, WatchHub.PAGE).changes();
        if (!changes.isEmpty()) {
            changes.stream()
                    .filter(filter::matches)
                    .filter(change -> !wasReplayed(change))
                    .forEach(page::add);
            revision = changes.get(changes.size() - 1).revision();
        }
    }

    private boolean wasReplayed(Committed<R> change) {
        if (change.revision() > endOfReplay) {
            return false;
        }
        for (Part part : replayed) {
            if (part.covers(change)) {
                return change.revision() <= part.revision();
            }
        }
        return false;
    }
}

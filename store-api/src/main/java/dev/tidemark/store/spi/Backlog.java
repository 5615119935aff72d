package dev.tidemark.store.spi;

import dev.tidemark.store.Change;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a watch delivers before it is live: the entries of a snapshot, then the history behind it, or only history. Holds one page
 * in memory. For one thread at a time.
 */
final class Backlog<R> {
    private final History<R> history;
    private final ChangeFilter filter;
    private final Deque<Committed<R>> page = new ArrayDeque<>();
    private final Deque<String> kinds = new ArrayDeque<>();
    private @Nullable EngineSnapshot<R> snapshot;
    private KeyRange rest;
    private long revision;

    private Backlog(@Nullable EngineSnapshot<R> snapshot, long revision, History<R> history, ChangeFilter filter) {
        this.snapshot = snapshot;
        this.revision = revision;
        this.history = history;
        this.filter = filter;
        this.rest = filter.range();
        if (snapshot != null) {
            kinds.addAll(filter.replayed(snapshot));
        }
    }

    static <R> Backlog<R> ofReplay(EngineSnapshot<R> snapshot, History<R> history, ChangeFilter filter) {
        return new Backlog<>(snapshot, snapshot.revision(), history, filter);
    }

    static <R> Backlog<R> ofHistory(long startAfter, History<R> history, ChangeFilter filter) {
        return new Backlog<>(null, startAfter, history, filter);
    }

    boolean isReplaying() {
        return snapshot != null;
    }

    /** Everything up to here was read; what of it matches and was not taken yet is {@link #next}. */
    long revision() {
        return revision;
    }

    boolean hasNext() {
        return !page.isEmpty();
    }

    Committed<R> next() {
        return page.remove();
    }

    /** The revision up to which everything was taken. */
    long delivered() {
        if (isReplaying()) {
            return 0;
        }
        Committed<R> first = page.peek();
        return first == null ? revision : first.revision() - 1;
    }

    /** Reads once, if nothing is left; it may be that nothing matches. */
    void read() {
        EngineSnapshot<R> replay = snapshot;
        if (!page.isEmpty()) {
            return;
        }
        if (replay == null) {
            readHistory();
        } else if (kinds.isEmpty()) {
            close();
        } else {
            readEntries(replay, kinds.element());
        }
    }

    void close() {
        EngineSnapshot<R> replay = snapshot;
        snapshot = null;
        if (replay != null) {
            replay.close();
        }
    }

    private void readEntries(EngineSnapshot<R> replay, String kind) {
        EngineSnapshot.Page<R> read = replay.page(kind, rest, WatchHub.PAGE);
        for (Stored<R> entry : read.entries()) {
            rest = rest.after(entry.key());
            page.add(new Committed<>(
                    Change.Type.CREATED,
                    entry.kind(),
                    entry.key(),
                    entry.value(),
                    entry.version(),
                    revision,
                    entry.updatedAt()));
        }
        if (read.complete()) {
            kinds.remove();
            rest = filter.range();
        }
    }

    private void readHistory() {
        List<Committed<R>> changes = history.after(revision, WatchHub.PAGE).changes();
        if (!changes.isEmpty()) {
            changes.stream().filter(filter::matches).forEach(page::add);
            revision = changes.get(changes.size() - 1).revision();
        }
    }
}

package dev.tidemark.store;

import java.time.Duration;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

final class WatchIterator<V> implements Iterator<Change<V>> {
    private static final Duration TURN = Duration.ofHours(1);

    private final Watch<V> watch;
    private @Nullable Change<V> next;

    WatchIterator(Watch<V> watch) {
        this.watch = watch;
    }

    @Override
    public boolean hasNext() {
        try {
            while (next == null) {
                Optional<Change<V>> polled = watch.poll(TURN);
                next = polled.orElse(null);
            }
            return true;
        } catch (WatchClosedException ended) {
            return false;
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            throw new StoreInterruptedException("interrupted while waiting for a change", interrupt);
        }
    }

    @Override
    public Change<V> next() {
        if (!hasNext()) {
            throw new NoSuchElementException("the watch is closed");
        }
        Change<V> change = next;
        next = null;
        if (change == null) {
            throw new IllegalStateException("hasNext found no change");
        }
        return change;
    }
}

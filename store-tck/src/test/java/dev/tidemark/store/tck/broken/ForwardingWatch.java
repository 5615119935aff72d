package dev.tidemark.store.tck.broken;

import dev.tidemark.store.Change;
import dev.tidemark.store.Watch;
import java.time.Duration;
import java.util.Optional;

/** A watch that leaves everything to another, made to be overridden. */
class ForwardingWatch<V> implements Watch<V> {
    final Watch<V> watch;

    ForwardingWatch(Watch<V> watch) {
        this.watch = watch;
    }

    @Override
    public Optional<Change<V>> poll(Duration timeout) throws InterruptedException {
        return watch.poll(timeout);
    }

    @Override
    public boolean isSynced() {
        return watch.isSynced();
    }

    @Override
    public long revision() {
        return watch.revision();
    }

    @Override
    public void close() {
        watch.close();
    }
}

package dev.tidemark.store.inmemory;

import dev.tidemark.store.Change;
import dev.tidemark.store.Watch;
import java.time.Duration;
import java.util.Optional;

/** A watch whose owner closes it when the replay has been delivered. */
record EndsAfterReplay<V>(Watch<V> watch) implements Watch<V> {
    @Override
    public Optional<Change<V>> poll(Duration timeout) throws InterruptedException {
        if (watch.isSynced()) {
            watch.close();
        }
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

package dev.tidemark.store.spi;

import dev.tidemark.store.Change;
import dev.tidemark.store.Watch;
import java.time.Duration;
import java.util.Optional;

/** A watch that decodes in its consumer's thread, so that an undecodable value harms nobody else. */
final class TypedWatch<V, R> implements Watch<V> {
    private final RawWatch<R> raw;
    private final ValueMapper<V, R> mapper;

    TypedWatch(RawWatch<R> raw, ValueMapper<V, R> mapper) {
        this.raw = raw;
        this.mapper = mapper;
    }

    @Override
    public Optional<Change<V>> poll(Duration timeout) throws InterruptedException {
        return Optional.ofNullable(raw.poll(timeout)).map(mapper::toChange);
    }

    @Override
    public boolean isSynced() {
        return raw.isSynced();
    }

    @Override
    public long revision() {
        return raw.revision();
    }

    @Override
    public void close() {
        raw.close();
    }
}

package dev.tidemark.store.spi;

import java.util.Collection;
import java.util.List;

/** A moment of one kind that is good for a replay, which asks for nothing but pages. */
interface ReplayedOnly<R> extends EngineSnapshot<R> {
    @Override
    default List<String> kinds() {
        return List.of("kind");
    }

    @Override
    default long count(String kind, KeyRange range) {
        throw new UnsupportedOperationException();
    }

    @Override
    default List<String> keys(String kind, KeyRange range, int limit) {
        throw new UnsupportedOperationException();
    }

    @Override
    default List<Stored<R>> getAll(String kind, Collection<String> keys) {
        throw new UnsupportedOperationException();
    }
}

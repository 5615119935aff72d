package dev.tidemark.store.spi;

import dev.tidemark.store.Entry;
import dev.tidemark.store.ListOptions;
import dev.tidemark.store.Page;
import dev.tidemark.store.Snapshot;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Reads of one moment, decoded. */
final class TypedSnapshot<V, R> implements Snapshot<V> {
    private final EngineSnapshot<R> view;
    private final ValueMapper<V, R> mapper;
    private boolean closed;

    TypedSnapshot(EngineSnapshot<R> view, ValueMapper<V, R> mapper) {
        this.view = view;
        this.mapper = mapper;
    }

    @Override
    public long revision() {
        return view.revision();
    }

    @Override
    public List<String> kinds() {
        return view().kinds();
    }

    @Override
    public Stream<Entry<V>> stream(String kind, ListOptions options) {
        Iterator<Entry<V>> entries = new EntryIterator(Names.checkKind(kind), KeyRange.of(options));
        int traits = Spliterator.ORDERED | Spliterator.DISTINCT | Spliterator.NONNULL;
        Stream<Entry<V>> stream = StreamSupport.stream(Spliterators.spliteratorUnknownSize(entries, traits), false);
        return stream.limit(options.limit());
    }

    Page<Entry<V>> list(String kind, KeyRange range, int limit, Predicate<? super Entry<V>> filter) {
        Iterator<Entry<V>> entries = new EntryIterator(kind, range);
        List<Entry<V>> items = new ArrayList<>();
        while (entries.hasNext()) {
            Entry<V> entry = entries.next();
            if (!filter.test(entry)) {
                continue;
            }
            if (items.size() == limit) {
                return new Page<>(items, items.get(limit - 1).key(), view.revision());
            }
            items.add(entry);
        }
        return new Page<>(items, null, view.revision());
    }

    Page<String> keys(String kind, KeyRange range, int limit) {
        int more = limit == Integer.MAX_VALUE ? limit : limit + 1;
        List<String> keys = view().keys(kind, range, more);
        return keys.size() <= limit
                ? new Page<>(keys, null, view.revision())
                : new Page<>(keys.subList(0, limit), keys.get(limit - 1), view.revision());
    }

    long count(String kind, KeyRange range) {
        return view().count(kind, range);
    }

    SortedMap<String, V> getAll(String kind, Collection<String> keys) {
        SortedMap<String, V> found = new TreeMap<>(Names.ORDER);
        for (Stored<R> stored : view().getAll(kind, Set.copyOf(keys))) {
            found.put(stored.key(), mapper.toValue(stored));
        }
        return found;
    }

    @Override
    public void close() {
        closed = true;
        view.close();
    }

    private EngineSnapshot<R> view() {
        if (closed) {
            throw new IllegalStateException("the snapshot is closed");
        }
        return view;
    }

    /** Reads a page when it is asked for the entry behind the last one. */
    private final class EntryIterator implements Iterator<Entry<V>> {
        private static final int PAGE = 256;

        private final String kind;
        private KeyRange rest;
        private @Nullable Iterator<Stored<R>> page;
        private boolean complete;

        EntryIterator(String kind, KeyRange range) {
            this.kind = kind;
            this.rest = range;
        }

        @Override
        public boolean hasNext() {
            while ((page == null || !page.hasNext()) && !complete) {
                EngineSnapshot.Page<R> read = view().page(kind, rest, PAGE);
                page = read.entries().iterator();
                complete = read.complete();
            }
            return page != null && page.hasNext();
        }

        @Override
        public Entry<V> next() {
            if (!hasNext() || page == null) {
                throw new java.util.NoSuchElementException();
            }
            Stored<R> stored = page.next();
            rest = rest.after(stored.key());
            return mapper.toEntry(stored);
        }
    }
}

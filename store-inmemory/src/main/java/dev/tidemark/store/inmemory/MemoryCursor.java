package dev.tidemark.store.inmemory;

import dev.tidemark.event.spi.EventCursor;
import dev.tidemark.event.spi.StoredEvent;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;

/** The results of a query, all of which were selected when it was opened. */
final class MemoryCursor implements EventCursor {
    private final Runnable checkOpen;
    private Iterator<StoredEvent> results;

    MemoryCursor(Iterator<StoredEvent> results, Runnable checkOpen) {
        this.results = results;
        this.checkOpen = checkOpen;
    }

    @Override
    public List<StoredEvent> next(int limit) {
        checkOpen.run();
        List<StoredEvent> page = new ArrayList<>();
        while (page.size() < limit && results.hasNext()) {
            page.add(results.next());
        }
        return page;
    }

    @Override
    public void close() {
        results = Collections.emptyIterator();
    }
}

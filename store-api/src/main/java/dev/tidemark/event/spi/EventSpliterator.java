package dev.tidemark.event.spi;

import dev.tidemark.event.Event;
import dev.tidemark.store.StoreException;
import java.util.Iterator;
import java.util.List;
import java.util.Spliterator;
import java.util.Spliterators.AbstractSpliterator;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads a cursor page by page. It ends with the first event that can't be decoded; a page that can't be read is no end. */
final class EventSpliterator extends AbstractSpliterator<Event<?>> {
    private static final int PAGE = 512;

    private final EventCursor cursor;
    private final EventMapper mapper;
    private Iterator<StoredEvent> page = List.<StoredEvent>of().iterator();
    private boolean ended;
    private @Nullable Throwable fault;

    EventSpliterator(EventCursor cursor, EventMapper mapper) {
        super(Long.MAX_VALUE, Spliterator.ORDERED | Spliterator.NONNULL | Spliterator.IMMUTABLE);
        this.cursor = cursor;
        this.mapper = mapper;
    }

    @Override
    public boolean tryAdvance(Consumer<? super Event<?>> action) {
        if (ended) {
            return false;
        }
        if (!page.hasNext()) {
            page = nextPage();
        }
        ended = true;
        if (!page.hasNext()) {
            cursor.close();
            return false;
        }
        Event<?> event = mapper.toEvent(page.next());
        ended = false;
        action.accept(event);
        return true;
    }

    /** A cursor need not know where it stands after a fault. */
    private Iterator<StoredEvent> nextPage() {
        if (fault != null) {
            throw new StoreException("these results broke off before; query again", fault);
        }
        try {
            return cursor.next(PAGE).iterator();
        } catch (RuntimeException | Error failure) {
            fault = failure;
            throw failure;
        }
    }
}

package dev.tidemark.event.spi;

import dev.tidemark.event.Event;
import java.util.Iterator;
import java.util.List;
import java.util.Spliterator;
import java.util.Spliterators.AbstractSpliterator;
import java.util.function.Consumer;

/** Reads a cursor page by page. It ends with the first event that can't be decoded. */
final class EventSpliterator extends AbstractSpliterator<Event<?>> {
    private static final int PAGE = 512;

    private final EventCursor cursor;
    private final EventMapper mapper;
    private Iterator<StoredEvent> page = List.<StoredEvent>of().iterator();
    private boolean ended;

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
        ended = true;
        if (!page.hasNext()) {
            page = cursor.next(PAGE).iterator();
        }
        if (!page.hasNext()) {
            cursor.close();
            return false;
        }
        Event<?> event = mapper.toEvent(page.next());
        ended = false;
        action.accept(event);
        return true;
    }
}

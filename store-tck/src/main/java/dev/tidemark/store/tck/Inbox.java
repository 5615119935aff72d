package dev.tidemark.store.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.event.Event;
import dev.tidemark.event.EventHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Keeps the events that a subscription hands over. */
final class Inbox implements EventHandler {
    private final BlockingQueue<Event<?>> arrived = new LinkedBlockingQueue<>();
    private final Duration patience;

    Inbox(Duration patience) {
        this.patience = patience;
    }

    @Override
    public void handle(Event<?> event) {
        arrived.add(event);
    }

    Event<?> next() throws InterruptedException {
        Event<?> event = arrived.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
        assertThat(event).as("an event within %s", patience).isNotNull();
        return event;
    }

    List<Event<?>> next(int count) throws InterruptedException {
        List<Event<?>> events = new ArrayList<>();
        while (events.size() < count) {
            events.add(next());
        }
        return events;
    }

    /** What came and was not taken yet. */
    List<Event<?>> rest() {
        return List.copyOf(arrived);
    }
}

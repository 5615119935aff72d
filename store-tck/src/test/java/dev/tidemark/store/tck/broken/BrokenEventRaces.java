package dev.tidemark.store.tck.broken;

import dev.tidemark.event.Appended;
import dev.tidemark.event.Event;
import dev.tidemark.event.EventBatch;
import dev.tidemark.event.EventConflictException;
import dev.tidemark.event.EventQuery;
import dev.tidemark.event.EventStore;
import dev.tidemark.store.StoreInterruptedException;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/** Event stores that break what is promised to callers who come at the same time. */
final class BrokenEventRaces {
    private BrokenEventRaces() {}

    static Stream<BrokenEvents> all() {
        return Stream.of(
                BrokenEvents.store(
                        "e3", "the expected version is checked before the write", BrokenEventRaces::checkingBefore),
                BrokenEvents.store("e6", "a write waits on when it is interrupted", BrokenEventRaces::stubborn),
                BrokenEvents.store("e11", "a deletion goes event by event", BrokenEventRaces::deletingOneByOne),
                BrokenEvents.store(
                        "e19", "what was appended beside a deletion is seen late", BrokenEventRaces::lagging));
    }

    private static EventStore checkingBefore(EventStore store) {
        Meeting meeting = new Meeting();
        return new ForwardingEventStore(store) {
            @Override
            public Appended write(EventBatch batch) {
                batch.steps().forEach(step -> check(store, step));
                meeting.attend();
                return BrokenEventWrites.expectingAnything(store, batch);
            }
        };
    }

    private static void check(EventStore store, EventBatch.Step step) {
        if (step instanceof EventBatch.Append append) {
            Integer expected = append.expected().version();
            int actual = store.version(append.aggregate());
            if (expected != null && expected != actual) {
                throw new EventConflictException(append.aggregate(), expected, actual);
            }
        }
    }

    private static EventStore stubborn(EventStore store) {
        return new ForwardingEventStore(store) {
            @Override
            public Appended write(EventBatch batch) {
                while (true) {
                    try {
                        return store.write(batch);
                    } catch (StoreInterruptedException again) {
                        Thread.interrupted();
                    }
                }
            }
        };
    }

    private static EventStore deletingOneByOne(EventStore store) {
        Meeting meeting = new Meeting();
        return new ForwardingEventStore(store) {
            @Override
            public int delete(Collection<UUID> ids) {
                int deleted = 0;
                for (UUID id : ids) {
                    deleted += store.delete(List.of(id));
                    if (deleted < 3) {
                        meeting.attend();
                    }
                }
                return deleted;
            }
        };
    }

    /** The first query behind a deletion sees nothing behind what was deleted. */
    private static EventStore lagging(EventStore store) {
        AtomicLong end = new AtomicLong(Long.MAX_VALUE);
        return new ForwardingEventStore(store) {
            @Override
            public int delete(Collection<UUID> ids) {
                long last = ids.stream()
                        .flatMap(id -> store.find(id).stream())
                        .mapToLong(Event::position)
                        .max()
                        .orElse(Long.MAX_VALUE);
                int deleted = store.delete(ids);
                end.set(last);
                return deleted;
            }

            @Override
            public Stream<Event<?>> query(EventQuery query) {
                long seen = end.getAndSet(Long.MAX_VALUE);
                return store.query(query).filter(event -> event.position() <= seen);
            }
        };
    }
}

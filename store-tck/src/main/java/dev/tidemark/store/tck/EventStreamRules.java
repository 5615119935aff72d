package dev.tidemark.store.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.event.Event;
import dev.tidemark.event.EventQuery;
import dev.tidemark.event.EventSort;
import dev.tidemark.event.SubscriptionOptions;
import dev.tidemark.store.StoreClosedException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** E5: queries stream, and can be left at any point. */
abstract class EventStreamRules extends EventRules {
    /** More than any engine reads at once. */
    private static final int MANY = 3_000;

    private static final EventQuery BY_TIME = EventQuery.all().withSorts(EventSort.descending(EventSort.Key.TIME));

    EventStreamRules(EventStoreTck tck) {
        super(tck);
    }

    @Test
    void e5_aStreamOfManyPagesIsComplete() {
        List<Event<?>> stored = events.insert(events(MANY)).events();
        assertThat(all()).isEqualTo(stored);
        List<Event<?>> byTime = events.list(BY_TIME);
        assertThat(byTime).hasSameSizeAs(stored).containsExactlyInAnyOrderElementsOf(stored);
    }

    @Test
    void e5_anEmptyResultIsAnEmptyStream() {
        assertThat(all()).isEmpty();
        try (Stream<Event<?>> none = events.query(EventQuery.all().withNames("nothing"))) {
            assertThat(none.iterator().hasNext()).isFalse();
        }
    }

    @Test
    void e5_whatIsCommittedLaterIsNotInTheStream() {
        List<Event<?>> stored = events.insert(events(MANY)).events();
        for (EventQuery query : List.of(EventQuery.all(), BY_TIME)) {
            try (Stream<Event<?>> stream = events.query(query)) {
                Iterator<Event<?>> reading = stream.iterator();
                List<Event<?>> read = new ArrayList<>();
                read.add(reading.next());
                events.insert(events(10));
                reading.forEachRemaining(read::add);
                assertThat(read).containsExactlyInAnyOrderElementsOf(stored);
            }
            stored = all();
        }
    }

    @Test
    void e5_aDeletionMeanwhileDisturbsNoOtherEvent() {
        List<Event<?>> stored = events.insert(events(MANY)).events();
        try (Stream<Event<?>> stream = events.query(EventQuery.all())) {
            Iterator<Event<?>> reading = stream.iterator();
            List<Event<?>> read = new ArrayList<>();
            read.add(reading.next());
            List<Event<?>> deleted = stored.subList(MANY / 2, MANY / 2 + 100);
            events.delete(ids(deleted));
            reading.forEachRemaining(read::add);
            List<Event<?>> kept = new ArrayList<>(stored);
            kept.removeAll(deleted);
            read.removeAll(deleted);
            assertThat(read).isEqualTo(kept);
        }
    }

    @Test
    void e5_aThousandStreamsMayBeAbandoned() {
        events.insert(events(MANY));
        List<Iterator<Event<?>>> abandoned = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            Iterator<Event<?>> reading = events.query(
                            i % 2 == 0 ? EventQuery.all() : EventQuery.all().withNames(COUNTED))
                    .iterator();
            assertThat(reading.next()).isNotNull();
            abandoned.add(reading);
        }
        assertThat(all()).hasSize(MANY);
        events.insert(event(1));
        int rest = 0;
        for (Iterator<Event<?>> late = abandoned.get(500); late.hasNext(); late.next()) {
            rest++;
        }
        assertThat(rest)
                .as("events behind the first, in a stream that was left alone")
                .isEqualTo(MANY - 1);
    }

    @Test
    void e5_aStreamMayBeClosedEarlyAndTwice() {
        events.insert(events(MANY));
        for (int i = 0; i < 100; i++) {
            Stream<Event<?>> stream = events.query(EventQuery.all());
            assertThat(stream.iterator().next()).isNotNull();
            stream.close();
            stream.close();
        }
        assertThat(events.query(EventQuery.all()).limit(3)).hasSize(3);
    }

    @Test
    void e5_manyStreamsAreReadAtOnce() throws Exception {
        events.insert(events(MANY));
        List<Integer> counts = crew.race(8, thread -> {
            try (Stream<Event<?>> stream = events.query(EventQuery.all())) {
                return (int) stream.peek(event -> assertThat(event.name()).isEqualTo(COUNTED))
                        .count();
            }
        });
        assertThat(counts).containsOnly(MANY);
    }

    @Test
    void e5_aClosedBackendEndsEveryCall() {
        Event<Sample> stored = event(1);
        events.insert(stored);
        events.insert(events(MANY));
        Iterator<Event<?>> open = events.query(EventQuery.all()).iterator();
        assertThat(open.next()).isNotNull();
        backend.close();
        for (ThrowingRunnable call : List.<ThrowingRunnable>of(
                () -> events.insert(event(2)),
                () -> events.find(stored.id()),
                () -> events.list(EventQuery.all()),
                () -> events.delete(stored),
                () -> events.version(aggregate()),
                () -> events.position(),
                () -> events.subscribe(SubscriptionOptions.fromStart(), event -> {}),
                () -> open.forEachRemaining(event -> {}))) {
            assertThatThrownBy(call::run).isInstanceOf(StoreClosedException.class);
        }
        assertThatThrownBy(() -> open(types())).isInstanceOf(StoreClosedException.class);
    }
}

package dev.tidemark.store.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.event.AggregateId;
import dev.tidemark.event.Event;
import dev.tidemark.event.EventQuery;
import dev.tidemark.event.EventSort;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** E10: the order of results is the same everywhere. */
abstract class EventOrderRules extends EventRules {
    private static final Instant NOON = Instant.parse("2024-05-05T12:00:00Z");

    EventOrderRules(EventStoreTck tck) {
        super(tck);
    }

    private static EventQuery by(EventSort... sorts) {
        return EventQuery.all().withSorts(sorts);
    }

    /** Stores the events in a random order, and asserts that both directions of a sort are as given. */
    private void assertOrder(EventSort.Key key, List<? extends Event<?>> ascending) {
        List<Event<?>> shuffled = new ArrayList<>(ascending);
        Collections.shuffle(shuffled, new Random(7));
        events.insert(shuffled);
        assertThat(ids(events.list(by(EventSort.ascending(key))))).isEqualTo(ids(ascending));
        List<Event<?>> descending = new ArrayList<>(ascending);
        Collections.reverse(descending);
        assertThat(ids(events.list(by(EventSort.descending(key))))).isEqualTo(ids(descending));
    }

    @Test
    void e10_withoutASortByPosition() {
        List<Event<?>> stored = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            stored.addAll(events.insert(event(i).withTime(NOON.minusNanos(i)), event(i))
                    .events());
        }
        assertThat(all()).isEqualTo(stored);
    }

    @Test
    void e10_byTime() {
        assertOrder(
                EventSort.Key.TIME,
                List.of(
                        event(1).withTime(Instant.EPOCH.minusSeconds(1)),
                        event(2).withTime(Instant.EPOCH),
                        event(3).withTime(NOON),
                        event(4).withTime(NOON.plusNanos(1))));
    }

    @Test
    void e10_namesOfAggregatesByCodePoint() {
        List<Event<?>> events = new ArrayList<>(List.of(event(0)));
        for (String name : List.of(" ", "A", "Z", "a", "a b", "aa", "z", "ä", "\uE000", "\uFFFD", "\uD83D\uDE00")) {
            events.add(event(1).withAggregate(AggregateId.random(name), 1));
        }
        assertOrder(EventSort.Key.AGGREGATE_NAME, events);
    }

    @Test
    void e10_idsOfAggregatesUnsigned() {
        List<Event<?>> events = new ArrayList<>(List.of(event(0)));
        for (UUID id : List.of(
                uuid(0, 0),
                uuid(0, 1),
                uuid(0, Long.MAX_VALUE),
                uuid(0, Long.MIN_VALUE),
                uuid(0, -1),
                uuid(1, 0),
                uuid(Long.MAX_VALUE, 0),
                uuid(Long.MIN_VALUE, 0),
                uuid(-1, -1))) {
            events.add(event(1).withAggregate(new AggregateId("account", id), 1));
        }
        assertOrder(EventSort.Key.AGGREGATE_ID, events);
    }

    @Test
    void e10_byVersionWithoutOneFirst() {
        AggregateId aggregate = aggregate();
        List<Event<?>> events = new ArrayList<>(List.of(event(0)));
        events.addAll(history(aggregate, 1, 3));
        events.add(event(4).withAggregate(aggregate(), Integer.MAX_VALUE));
        assertOrder(EventSort.Key.AGGREGATE_VERSION, events);
    }

    @Test
    void e10_absentIsSmallestAndNoVersionIsVersionZero() {
        Event<?> loose = event(1).withId(uuid(0, 3));
        Event<?> unversioned = event(2).withId(uuid(0, 2)).withAggregate(aggregate(), 0);
        Event<?> alsoLoose = event(3).withId(uuid(0, 1));
        Event<?> first = event(4).withAggregate(aggregate(), 1);
        events.insert(first, loose, unversioned, alsoLoose);
        assertThat(ids(events.list(by(EventSort.ascending(EventSort.Key.AGGREGATE_VERSION)))))
                .isEqualTo(ids(List.of(alsoLoose, unversioned, loose, first)));
        assertThat(ids(events.list(by(EventSort.descending(EventSort.Key.AGGREGATE_VERSION)))))
                .isEqualTo(ids(List.of(first, alsoLoose, unversioned, loose)));
        assertThat(ids(events.list(by(EventSort.descending(EventSort.Key.AGGREGATE_NAME))))
                        .subList(2, 4))
                .isEqualTo(ids(List.of(alsoLoose, loose)));
    }

    @Test
    void e10_tiesByIdInAscendingOrder() {
        List<UUID> ordered = List.of(uuid(0, 1), uuid(0, -1), uuid(1, 0), uuid(Long.MIN_VALUE, 0), uuid(-1, 0));
        List<Event<?>> shuffled = new ArrayList<>();
        ordered.forEach(id -> shuffled.add(event(1).withId(id).withTime(NOON)));
        Collections.shuffle(shuffled, new Random(3));
        events.insert(shuffled);
        assertThat(ids(events.list(by(EventSort.ascending(EventSort.Key.TIME)))))
                .isEqualTo(ordered);
        assertThat(ids(events.list(by(EventSort.descending(EventSort.Key.TIME)))))
                .isEqualTo(ordered);
    }

    @Test
    void e10_bySeveralKeysTheFirstCountsMost() {
        AggregateId a = new AggregateId("a", uuid(0, 1));
        AggregateId b = new AggregateId("b", uuid(0, 2));
        events.insert(history(b, 1, 3));
        events.insert(history(a, 1, 3));
        EventQuery query = by(
                EventSort.descending(EventSort.Key.AGGREGATE_NAME),
                EventSort.ascending(EventSort.Key.AGGREGATE_VERSION));
        List<Event<?>> sorted = events.list(query);
        assertThat(sorted.stream().map(Event::aggregate)).containsExactly(b, b, b, a, a, a);
        assertThat(versions(sorted)).containsExactly(1, 2, 3, 1, 2, 3);
        EventQuery other = by(
                EventSort.descending(EventSort.Key.AGGREGATE_VERSION),
                EventSort.ascending(EventSort.Key.AGGREGATE_NAME));
        assertThat(versions(events.list(other))).containsExactly(3, 3, 2, 2, 1, 1);
        assertThat(events.list(other).get(0).aggregate()).isEqualTo(a);
    }
}

package dev.tidemark.store.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.event.Event;
import dev.tidemark.event.EventConflictException;
import dev.tidemark.event.EventQuery;
import dev.tidemark.event.EventStore;
import dev.tidemark.event.EventStoreOptions;
import dev.tidemark.store.Backend;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** E4: positions are in the order of commits. */
abstract class PositionRules extends EventRules {
    PositionRules(EventStoreTck tck) {
        super(tck);
    }

    @Test
    void e4_positionsAscend() {
        assertThat(events.position()).isZero();
        List<Event<?>> stored = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            stored.addAll(events.insert(events(3)).events());
            assertThat(events.position())
                    .isEqualTo(stored.get(stored.size() - 1).position());
        }
        assertAscending(stored);
        assertThat(stored.get(0).position()).isPositive();
        assertThat(all()).isEqualTo(stored);
    }

    @Test
    void e4_aPositionIsNotUsedAgain() {
        List<Event<?>> first = events.insert(events(3)).events();
        long last = first.get(2).position();
        events.delete(ids(first));
        assertThat(events.insert(event(4)).position()).isGreaterThan(last);
    }

    @Test
    void e4_theNewestPositionIsNotBelowAnyEvent() {
        List<Event<?>> stored = events.insert(events(3)).events();
        events.delete(stored.get(0));
        long last = stored.get(2).position();
        assertThat(events.position()).isEqualTo(last);
        events.delete(stored.get(1), stored.get(2));
        assertThat(events.position()).isLessThan(events.insert(event(4)).position());
    }

    @Test
    @Needs(Capability.DURABILITY)
    void e4_aPositionIsNotUsedAgainAfterARestart() {
        List<Event<?>> first = events.insert(events(3)).events();
        events.delete(ids(first));
        reopen();
        assertThat(events.insert(event(4)).position())
                .isGreaterThan(first.get(2).position());
    }

    @Test
    void e4_aFailedWriteBreaksNoOrder() {
        long before = events.insert(event(1)).position();
        Event<?> present = all().get(0);
        assertConflict(present.id(), () -> events.insert(present));
        long after = events.insert(event(2)).position();
        assertThat(after).isGreaterThan(before);
        assertThat(events.position()).isEqualTo(after);
    }

    @Test
    void e4_eachTableHasItsOwnLine() {
        EventStore other = open(types(), EventStoreOptions.defaults().withTable("other events"));
        events.insert(events(5));
        assertThat(other.position()).isZero();
        long first = other.insert(event(1)).position();
        assertThat(other.list(EventQuery.all())).hasSize(1);
        assertThat(other.position()).isEqualTo(first);
        assertThat(all()).hasSize(5);
    }

    /** Whoever reads up to a position and goes on behind it misses nothing, however many write at once. */
    @Test
    void e4_nothingAppearsBelowAPositionThatWasRead() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        Future<List<Event<?>>> reading = crew.start(() -> follow(events, over));
        List<List<Event<?>>> written;
        try {
            written = crew.race(6, thread -> write(events, thread));
        } finally {
            over.set(true);
        }
        assertFollowed(crew.await(reading), written);
    }

    @Test
    @Needs(Capability.SHARING)
    void e4_nothingAppearsBelowAPositionThatAnotherBackendRead() throws Exception {
        Backend second = own(tck.openBackend(directory));
        EventStore other = tck.openEvents(second, types(), EventStoreOptions.defaults());
        AtomicBoolean over = new AtomicBoolean();
        Future<List<Event<?>>> reading = crew.start(() -> follow(other, over));
        List<List<Event<?>>> written;
        try {
            written = crew.race(6, thread -> write(thread % 2 == 0 ? events : other, thread));
        } finally {
            over.set(true);
        }
        assertFollowed(crew.await(reading), written);
    }

    private static List<Event<?>> write(EventStore store, int thread) {
        List<Event<?>> stored = new ArrayList<>();
        for (int i = 0; i < 25; i++) {
            stored.addAll(store.insert(events(1 + i % 3)).events());
            if (i % 5 == thread % 5) {
                Event<?> present = stored.get(0);
                try {
                    store.insert(event(-1), present.withMetadata("again", "yes"));
                    throw new AssertionError("an id was used twice");
                } catch (EventConflictException expected) {
                    assertThat(expected.id()).contains(present.id());
                }
            }
        }
        return stored;
    }

    /** What was new at each look, in order. */
    private static List<Event<?>> follow(EventStore store, AtomicBoolean over) {
        List<Event<?>> followed = new ArrayList<>();
        boolean last = false;
        while (!last) {
            last = over.get();
            List<Event<?>> present = store.list(EventQuery.all());
            assertThat(present.size()).isGreaterThanOrEqualTo(followed.size());
            assertThat(ids(present.subList(0, followed.size())))
                    .as("what was read before, at its place")
                    .isEqualTo(ids(followed));
            followed.addAll(present.subList(followed.size(), present.size()));
        }
        return followed;
    }

    private static void assertFollowed(List<Event<?>> followed, List<List<Event<?>>> written) {
        assertAscending(followed);
        List<Event<?>> stored = new ArrayList<>();
        written.forEach(PositionRules::assertAscending);
        written.forEach(stored::addAll);
        assertThat(followed).containsExactlyInAnyOrderElementsOf(stored);
        assertThat(stored).hasSizeGreaterThan(200);
    }

    private static void assertAscending(List<Event<?>> stored) {
        assertThat(stored.stream().map(Event::position))
                .as("positions")
                .isSorted()
                .doesNotHaveDuplicates();
    }
}

package dev.tidemark.store.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.event.AggregateId;
import dev.tidemark.event.Event;
import dev.tidemark.event.ExpectedVersion;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** E11: deleting frees what was taken. */
abstract class EventDeleteRules extends EventRules {
    EventDeleteRules(EventStoreTck tck) {
        super(tck);
    }

    @Test
    void e11_whatIsDeletedIsGone() {
        List<Event<?>> stored = events.insert(events(4)).events();
        assertThat(events.delete(stored.get(1), stored.get(3))).isEqualTo(2);
        assertThat(all()).containsExactly(stored.get(0), stored.get(2));
        assertThat(events.find(stored.get(1).id())).isEmpty();
    }

    @Test
    void e11_unknownIdsArePassedOver() {
        List<Event<?>> stored = events.insert(events(2)).events();
        UUID first = stored.get(0).id();
        assertThat(events.delete(List.of(UUID.randomUUID(), first, UUID.randomUUID(), first)))
                .isEqualTo(1);
        assertThat(events.delete(List.of(first))).isZero();
        assertThat(events.delete(List.of())).isZero();
        assertThat(events.delete()).isZero();
        assertThat(all()).containsExactly(stored.get(1));
    }

    @Test
    void e11_versionsAndIdsBecomeFree() {
        AggregateId aggregate = aggregate();
        List<Event<?>> stored = events.insert(history(aggregate, 1, 3)).events();
        events.delete(stored.get(2), stored.get(1));
        assertThat(events.version(aggregate)).isEqualTo(1);
        Event<?> again = events.append(aggregate, ExpectedVersion.exactly(1), sample(9))
                .events()
                .get(0);
        assertThat(again.version()).isEqualTo(2);
        events.insert(event(8).withId(stored.get(2).id()).withAggregate(aggregate, 3));
        assertThat(numbers(history(aggregate))).containsExactly(1, 9, 8);
    }

    @Test
    void e11_aGapInTheMiddleStaysAGap() {
        AggregateId aggregate = aggregate();
        List<Event<?>> stored = events.insert(history(aggregate, 1, 3)).events();
        events.delete(stored.get(1));
        assertThat(events.version(aggregate)).isEqualTo(3);
        assertThat(events.append(aggregate, ExpectedVersion.exactly(3), sample(4))
                        .version())
                .isEqualTo(4);
    }

    @Test
    void e11_manyAtOnce() {
        List<Event<?>> stored = events.insert(events(3_000)).events();
        assertThat(events.delete(ids(stored.subList(0, 2_500)))).isEqualTo(2_500);
        assertThat(all()).isEqualTo(stored.subList(2_500, 3_000));
    }

    @Test
    void e11_ofRacingDeletesEachEventCountsOnce() throws Exception {
        List<Event<?>> stored = events.insert(events(50)).events();
        List<Integer> deleted = crew.race(4, thread -> {
            List<UUID> ids = new ArrayList<>(ids(stored));
            Collections.rotate(ids, thread * 10);
            return events.delete(ids);
        });
        assertThat(deleted.stream().mapToInt(Integer::intValue).sum()).isEqualTo(50);
        assertThat(all()).isEmpty();
    }

    @Test
    void e11_nobodySeesHalfOfADeletion() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        Future<Boolean> reading = crew.start(() -> {
            while (!over.get()) {
                assertThat(all().size()).isIn(0, 20);
            }
            return true;
        });
        try {
            for (int i = 0; i < 30; i++) {
                assertThat(events.delete(ids(events.insert(events(20)).events())))
                        .isEqualTo(20);
            }
        } finally {
            over.set(true);
        }
        assertThat(crew.await(reading)).isTrue();
    }
}

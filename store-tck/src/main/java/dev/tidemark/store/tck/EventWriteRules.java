package dev.tidemark.store.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.event.AggregateId;
import dev.tidemark.event.Appended;
import dev.tidemark.event.Event;
import dev.tidemark.event.EventBatch;
import dev.tidemark.event.EventQuery;
import dev.tidemark.event.ExpectedVersion;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** E1: writes are atomic. */
abstract class EventWriteRules extends EventRules {
    EventWriteRules(EventStoreTck tck) {
        super(tck);
    }

    @Test
    void e1_anInsertReturnsWhatIsStored() {
        Appended inserted = events.insert(events(3));
        assertThat(inserted.repeated()).isFalse();
        assertThat(numbers(inserted.events())).containsExactly(0, 1, 2);
        assertThat(inserted.position()).isEqualTo(events.position());
        assertThat(all()).isEqualTo(inserted.events());
        for (Event<?> event : inserted.events()) {
            assertThat(events.find(event.id())).contains(event);
        }
    }

    @Test
    void e1_anEmptyWriteDoesNothing() throws Exception {
        events.insert(event(1));
        assertNothingWritten(() -> {
            assertThat(events.insert().events()).isEmpty();
            assertThat(events.insert(List.of()).position()).isZero();
            assertThat(events.append(aggregate(), ExpectedVersion.exactly(7)).events())
                    .isEmpty();
            assertThat(events.write(new EventBatch().appendId("empty")).version())
                    .isZero();
        });
    }

    @Test
    void e1_aBatchWritesToSeveralAggregatesAtOnce() {
        AggregateId first = aggregate();
        AggregateId second = AggregateId.random("customer");
        Event<Sample> loose = event(7);
        Appended written = events.write(new EventBatch()
                .append(first, ExpectedVersion.NONE, sample(1), new Remark("two"))
                .append(second, ExpectedVersion.ANY, sample(3))
                .insert(loose));
        assertThat(versions(written.events())).containsExactly(1, 2, 1, 0);
        assertThat(history(first)).isEqualTo(written.events().subList(0, 2));
        assertThat(history(second)).isEqualTo(written.events().subList(2, 3));
        assertThat(all()).isEqualTo(written.events());
    }

    @Test
    void e1_aConflictAnywhereInABatchWritesNothing() throws Exception {
        AggregateId first = aggregate();
        AggregateId second = aggregate();
        events.append(second, ExpectedVersion.NONE, sample(1));
        assertNothingWritten(() -> {
            assertConflict(
                    second,
                    0,
                    1,
                    () -> events.write(new EventBatch()
                            .append(first, ExpectedVersion.NONE, sample(1))
                            .insert(event(2))
                            .append(second, ExpectedVersion.NONE, sample(3))));
            Event<?> present = all().get(0);
            assertConflict(
                    present.id(),
                    () -> events.write(new EventBatch()
                            .append(first, ExpectedVersion.NONE, sample(1))
                            .insert(present)));
        });
        assertThat(events.version(first)).isZero();
    }

    @Test
    void e1_aRefusedEventKeepsTheOthersOut() throws Exception {
        assertNothingWritten(() -> assertThatThrownBy(() -> events.insert(event(1), Event.of("unheard of", sample(2))))
                .hasMessageContaining("unheard of"));
    }

    @Test
    void e1_nobodySeesHalfOfAWrite() throws Exception {
        int size = 7;
        AtomicBoolean over = new AtomicBoolean();
        Future<Integer> reading = crew.start(() -> {
            int seen = 0;
            while (!over.get() || seen == 0) {
                int found = events.list(EventQuery.all()).size();
                assertThat(found % size).as("events of an unfinished write").isZero();
                seen = Math.max(seen, found);
            }
            return seen;
        });
        try {
            crew.race(4, thread -> {
                for (int i = 0; i < 20; i++) {
                    events.insert(events(size));
                }
                return true;
            });
        } finally {
            over.set(true);
        }
        assertThat(crew.await(reading)).isPositive();
        assertThat(all()).hasSize(4 * 20 * size);
    }

    @Test
    void e1_aThousandEventsAreOneWrite() {
        Appended inserted = events.insert(events(1_000));
        assertThat(all()).isEqualTo(inserted.events());
    }

    @Test
    @Needs(Capability.DURABILITY)
    void e1_whatWasWrittenIsThereAgain() {
        AggregateId aggregate = aggregate();
        events.append(aggregate, ExpectedVersion.NONE, sample(1), new Remark("two"));
        events.insert(event(3).withMetadata(Event.USER, "ann"));
        List<Event<?>> before = all();
        reopen();
        assertThat(all()).isEqualTo(before);
        Appended after = events.append(aggregate, ExpectedVersion.exactly(2), sample(4));
        assertThat(after.position()).isGreaterThan(before.get(2).position());
    }
}

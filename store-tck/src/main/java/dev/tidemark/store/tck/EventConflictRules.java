package dev.tidemark.store.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.event.AggregateId;
import dev.tidemark.event.Event;
import dev.tidemark.event.EventConflictException;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** E2: duplicates are conflicts. */
abstract class EventConflictRules extends EventRules {
    EventConflictRules(EventStoreTck tck) {
        super(tck);
    }

    @Test
    void e2_anIdIsUsedOnce() throws Exception {
        Event<Sample> first = event(1);
        events.insert(first);
        assertNothingWritten(() -> {
            assertConflict(first.id(), () -> events.insert(first));
            assertConflict(first.id(), () -> events.insert(event(2), event(3).withId(first.id()), event(4)));
        });
    }

    @Test
    void e2_anIdIsUsedOnceInAWrite() throws Exception {
        UUID id = UUID.randomUUID();
        assertNothingWritten(() -> assertConflict(id, () -> events.insert(event(1).withId(id), event(2).withId(id))));
    }

    @Test
    void e2_aVersionIsUsedOnce() throws Exception {
        AggregateId aggregate = aggregate();
        events.insert(history(aggregate, 1, 5));
        assertNothingWritten(() -> {
            assertConflict(aggregate, 4, 5, () -> events.insert(event(0).withAggregate(aggregate, 5)));
            assertConflict(
                    aggregate, 1, 5, () -> events.insert(event(0), event(0).withAggregate(aggregate, 2), event(0)));
        });
    }

    @Test
    void e2_aVersionIsUsedOnceInAWrite() throws Exception {
        AggregateId aggregate = aggregate();
        assertNothingWritten(() -> assertConflict(
                aggregate,
                2,
                3,
                () -> events.insert(event(0).withAggregate(aggregate, 3), event(1).withAggregate(aggregate, 3))));
    }

    @Test
    void e2_anInsertMayStartAnywhereAndLeaveGaps() {
        AggregateId aggregate = aggregate();
        events.insert(event(7).withAggregate(aggregate, 7), event(3).withAggregate(aggregate, 3));
        events.insert(event(5).withAggregate(aggregate, 5));
        assertThat(versions(history(aggregate))).containsExactly(3, 5, 7);
        assertThat(events.version(aggregate)).isEqualTo(7);
    }

    @Test
    void e2_theLargestVersionIsAVersion() {
        AggregateId aggregate = aggregate();
        events.insert(event(1).withAggregate(aggregate, Integer.MAX_VALUE));
        assertThat(events.version(aggregate)).isEqualTo(Integer.MAX_VALUE);
        assertConflict(
                aggregate,
                Integer.MAX_VALUE - 1,
                Integer.MAX_VALUE,
                () -> events.insert(event(2).withAggregate(aggregate, Integer.MAX_VALUE)));
    }

    @Test
    void e2_withoutAVersionNothingConflicts() {
        AggregateId aggregate = aggregate();
        events.insert(event(1), event(2));
        events.insert(event(3).withAggregate(aggregate, 0), event(4).withAggregate(aggregate, 0));
        events.insert(event(5).withAggregate(aggregate, 0));
        assertThat(all()).hasSize(5);
        assertThat(events.version(aggregate)).isZero();
    }

    @Test
    void e2_onlyNameAndIdTogetherMakeAnAggregate() {
        AggregateId account = aggregate();
        AggregateId customer = new AggregateId("customer", account.id());
        events.insert(event(1).withAggregate(account, 1), event(2).withAggregate(customer, 1));
        events.insert(event(3).withAggregate(AggregateId.random(account.name()), 1));
        assertThat(all()).hasSize(3);
        assertConflict(customer, 0, 1, () -> events.insert(event(4).withAggregate(customer, 1)));
    }

    @Test
    void e2_ofRacingInsertsOfAVersionOneIsStored() throws Exception {
        for (int round = 0; round < 20; round++) {
            AggregateId aggregate = aggregate();
            List<Boolean> won = crew.race(4, thread -> {
                try {
                    events.insert(
                            event(thread).withAggregate(aggregate, 1),
                            event(thread).withAggregate(aggregate, 2));
                    return true;
                } catch (EventConflictException lost) {
                    assertThat(lost.actual()).hasValue(2);
                    return false;
                }
            });
            assertThat(won).as("who stored it").containsOnlyOnce(true);
            List<Integer> numbers = numbers(history(aggregate));
            assertThat(numbers).containsExactly(won.indexOf(true), won.indexOf(true));
        }
    }
}

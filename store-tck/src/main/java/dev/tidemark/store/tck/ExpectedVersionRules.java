package dev.tidemark.store.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.event.AggregateId;
import dev.tidemark.event.Appended;
import dev.tidemark.event.Event;
import dev.tidemark.event.EventBatch;
import dev.tidemark.event.EventConflictException;
import dev.tidemark.event.ExpectedVersion;
import dev.tidemark.store.StoreException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** E3: an append follows the version that it expects. */
abstract class ExpectedVersionRules extends EventRules {
    ExpectedVersionRules(EventStoreTck tck) {
        super(tck);
    }

    @Test
    void e3_versionsFollowEachOther() {
        AggregateId aggregate = aggregate();
        assertThat(events.version(aggregate)).isZero();
        Appended first = events.append(aggregate, ExpectedVersion.NONE, sample(1), sample(2));
        assertThat(first.version()).isEqualTo(2);
        Appended second = events.append(aggregate, ExpectedVersion.exactly(2), new Remark("three"));
        assertThat(second.version()).isEqualTo(3);
        Appended third = events.append(aggregate, ExpectedVersion.ANY, sample(4));
        assertThat(third.version()).isEqualTo(4);
        assertThat(versions(history(aggregate))).containsExactly(1, 2, 3, 4);
        assertThat(events.version(aggregate)).isEqualTo(4);
    }

    @Test
    void e3_noneMeansThatThereIsNoEvent() throws Exception {
        AggregateId aggregate = aggregate();
        events.append(aggregate, ExpectedVersion.NONE, sample(1));
        assertNothingWritten(
                () -> assertConflict(aggregate, 0, 1, () -> events.append(aggregate, ExpectedVersion.NONE, sample(2))));
    }

    @Test
    void e3_exactlyMeansNeitherLessNorMore() throws Exception {
        AggregateId aggregate = aggregate();
        assertConflict(aggregate, 1, 0, () -> events.append(aggregate, ExpectedVersion.exactly(1), sample(1)));
        events.append(aggregate, ExpectedVersion.NONE, sample(1), sample(2), sample(3));
        assertNothingWritten(() -> {
            assertConflict(aggregate, 2, 3, () -> events.append(aggregate, ExpectedVersion.exactly(2), sample(4)));
            assertConflict(aggregate, 4, 3, () -> events.append(aggregate, ExpectedVersion.exactly(4), sample(4)));
        });
    }

    @Test
    void e3_anAppendFollowsTheNewestVersionAlsoBehindAGap() {
        AggregateId aggregate = aggregate();
        events.insert(event(9).withAggregate(aggregate, 9));
        assertConflict(aggregate, 1, 9, () -> events.append(aggregate, ExpectedVersion.exactly(1), sample(2)));
        assertThat(events.append(aggregate, ExpectedVersion.exactly(9), sample(10))
                        .version())
                .isEqualTo(10);
    }

    @Test
    void e3_nothingFollowsTheHighestVersion() throws Exception {
        AggregateId aggregate = aggregate();
        events.insert(event(1).withAggregate(aggregate, Integer.MAX_VALUE));
        assertNothingWritten(() -> assertThatThrownBy(() -> events.append(aggregate, ExpectedVersion.ANY, sample(2)))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining(aggregate.toString()));
    }

    @Test
    void e3_eventsWithoutAVersionDoNotCount() {
        AggregateId aggregate = aggregate();
        events.insert(event(0).withAggregate(aggregate, 0));
        assertThat(events.append(aggregate, ExpectedVersion.NONE, sample(1)).version())
                .isEqualTo(1);
    }

    @Test
    void e3_anEventKeepsWhatItBringsButItsVersion() {
        AggregateId aggregate = aggregate();
        Event<Sample> given = event(1).withMetadata(Event.USER, "ann");
        Event<?> stored =
                events.append(aggregate, ExpectedVersion.NONE, given).events().get(0);
        Event<?> expected = given.withAggregate(aggregate, 1);
        assertThat(stored.withMetadata(stored.metadata()))
                .usingRecursiveComparison()
                .ignoringFields("position")
                .isEqualTo(expected);
    }

    @Test
    void e3_aBatchAppendsToAnAggregateOnce() {
        AggregateId aggregate = aggregate();
        EventBatch batch = new EventBatch().append(aggregate, ExpectedVersion.ANY, sample(1));
        assertThatThrownBy(() -> batch.append(aggregate, ExpectedVersion.ANY, sample(2)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(aggregate.toString());
        assertThatThrownBy(() -> batch.append(aggregate(), ExpectedVersion.ANY, event(1).withAggregate(aggregate, 0)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void e3_expectedVersionsAreNotNegative() {
        assertThatThrownBy(() -> ExpectedVersion.exactly(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> event(1).withAggregate(aggregate(), -1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void e3_ofRacingAppendsOneWins() throws Exception {
        AggregateId aggregate = aggregate();
        for (int round = 0; round < 20; round++) {
            ExpectedVersion expected = ExpectedVersion.exactly(round);
            List<Boolean> won = crew.race(4, thread -> {
                try {
                    events.append(aggregate, expected, sample(thread));
                    return true;
                } catch (EventConflictException lost) {
                    return false;
                }
            });
            assertThat(won).as("who appended").containsOnlyOnce(true);
        }
        assertThat(events.version(aggregate)).isEqualTo(20);
    }

    @Test
    void e3_noTwoEventsShareAVersionWhateverTheirWritersExpect() throws Exception {
        List<AggregateId> aggregates = List.of(aggregate(), aggregate());
        List<Integer> appended = crew.race(6, thread -> {
            int count = 0;
            for (int i = 0; i < 40; i++) {
                AggregateId aggregate = aggregates.get((thread + i) % 2);
                try {
                    ExpectedVersion expected =
                            i % 3 == 0 ? ExpectedVersion.ANY : ExpectedVersion.exactly(events.version(aggregate));
                    int version = events.append(aggregate, expected, sample(thread), sample(thread))
                            .version();
                    assertThat(expected.version() == null || version == expected.version() + 2)
                            .as("an append that was expected at %s ended at %s", expected, version)
                            .isTrue();
                    count += 2;
                } catch (EventConflictException overtaken) {
                    assertThat(overtaken.aggregate()).contains(aggregate);
                }
            }
            return count;
        });
        int stored = 0;
        for (AggregateId aggregate : aggregates) {
            List<Integer> versions = versions(history(aggregate));
            assertThat(versions)
                    .isEqualTo(IntStream.rangeClosed(1, versions.size()).boxed().toList());
            stored += versions.size();
        }
        assertThat(stored)
                .isEqualTo(appended.stream().mapToInt(Integer::intValue).sum());
        assertThat(stored).isGreaterThanOrEqualTo(6 * 14 * 2);
    }
}

package dev.tidemark.store.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.event.AggregateId;
import dev.tidemark.event.AppendIdReusedException;
import dev.tidemark.event.Appended;
import dev.tidemark.event.Event;
import dev.tidemark.event.EventBatch;
import dev.tidemark.event.EventConflictException;
import dev.tidemark.event.EventStore;
import dev.tidemark.event.EventStoreOptions;
import dev.tidemark.event.ExpectedVersion;
import java.util.List;
import org.junit.jupiter.api.Test;

/** E7: an append id makes a write happen once. */
abstract class AppendIdRules extends EventRules {
    private static final String ID = "command 1 \uD83D\uDE00";

    AppendIdRules(EventStoreTck tck) {
        super(tck);
    }

    private static EventBatch append(AggregateId aggregate, ExpectedVersion expected, Object... data) {
        return new EventBatch().append(aggregate, expected, data).appendId(ID);
    }

    @Test
    void e7_theSameAppendAgainReturnsTheFirstResult() throws Exception {
        AggregateId aggregate = aggregate();
        Appended first = events.write(append(aggregate, ExpectedVersion.NONE, sample(1), new Remark("two")));
        assertThat(first.repeated()).isFalse();
        events.append(aggregate, ExpectedVersion.exactly(2), sample(3));
        assertNothingWritten(() -> {
            Appended again = events.write(append(aggregate, ExpectedVersion.NONE, sample(1), new Remark("two")));
            assertThat(again.repeated()).isTrue();
            assertThat(again.events()).isEqualTo(first.events());
            assertThat(again.version()).isEqualTo(2);
            assertThat(again.position()).isEqualTo(first.position());
        });
    }

    @Test
    void e7_aRepeatMayExpectAnotherVersionAndBringOtherMetadata() throws Exception {
        AggregateId aggregate = aggregate();
        Appended first = events.write(append(aggregate, ExpectedVersion.NONE, sample(1)));
        assertNothingWritten(() -> {
            Appended again = events.write(
                    append(aggregate, ExpectedVersion.exactly(1), sample(1)).metadata(Event.USER, "bob"));
            assertThat(again.events()).isEqualTo(first.events());
        });
    }

    @Test
    void e7_anotherPayloadUnderTheSameIdIsRefused() throws Exception {
        AggregateId aggregate = aggregate();
        events.write(append(aggregate, ExpectedVersion.NONE, sample(1), sample(2)));
        assertNothingWritten(() -> {
            for (EventBatch other : List.of(
                    append(aggregate, ExpectedVersion.ANY, sample(1), sample(3)),
                    append(aggregate, ExpectedVersion.ANY, sample(2), sample(1)),
                    append(aggregate, ExpectedVersion.ANY, sample(1)),
                    append(aggregate, ExpectedVersion.ANY, sample(1), sample(2), sample(3)),
                    append(aggregate(), ExpectedVersion.ANY, sample(1), sample(2)),
                    append(aggregate, ExpectedVersion.ANY, sample(1), new Remark("sample")),
                    new EventBatch().insert(events(2)).appendId(ID))) {
                assertThatThrownBy(() -> events.write(other))
                        .isInstanceOfSatisfying(
                                AppendIdReusedException.class,
                                reused -> assertThat(reused.appendId()).isEqualTo(ID));
            }
        });
    }

    @Test
    void e7_anotherNameIsAnotherPayload() throws Exception {
        AggregateId aggregate = aggregate();
        Note note = new Note(1);
        events.write(append(aggregate, ExpectedVersion.NONE, Event.of(NOTED.get(0), note)));
        assertNothingWritten(() -> assertThatThrownBy(
                        () -> events.write(append(aggregate, ExpectedVersion.ANY, Event.of(NOTED.get(1), note))))
                .isInstanceOf(AppendIdReusedException.class));
    }

    @Test
    void e7_aFailedAppendLeavesItsIdUnused() {
        AggregateId aggregate = aggregate();
        assertConflict(aggregate, 1, 0, () -> events.write(append(aggregate, ExpectedVersion.exactly(1), sample(1))));
        Appended second = events.write(append(aggregate, ExpectedVersion.NONE, sample(2)));
        assertThat(second.repeated()).isFalse();
        assertThat(numbers(second.events())).containsExactly(2);
    }

    @Test
    void e7_anAppendThatWasRolledBackLeavesItsIdUnused() {
        AggregateId aggregate = aggregate();
        assertThatThrownBy(() -> backend.transact(transaction -> {
                    transaction.write(events, append(aggregate, ExpectedVersion.NONE, sample(1)));
                    transaction.write(
                            events, new EventBatch().append(aggregate(), ExpectedVersion.exactly(7), sample(2)));
                    return true;
                }))
                .isInstanceOf(EventConflictException.class);
        Appended second = events.write(append(aggregate, ExpectedVersion.NONE, sample(3)));
        assertThat(second.repeated()).isFalse();
        assertThat(numbers(all())).containsExactly(3);
    }

    @Test
    void e7_insertsCanBeRepeatedToo() throws Exception {
        AggregateId aggregate = aggregate();
        Appended first = events.write(new EventBatch()
                .insert(history(aggregate, 3, 5))
                .insert(event(1))
                .appendId(ID));
        assertNothingWritten(() -> {
            Appended again = events.write(new EventBatch()
                    .insert(history(aggregate, 3, 5))
                    .insert(event(1))
                    .appendId(ID));
            assertThat(again.repeated()).isTrue();
            assertThat(again.events()).isEqualTo(first.events());
        });
    }

    @Test
    void e7_idsOfSeveralTablesHaveNothingInCommon() {
        EventStore other = open(types(), EventStoreOptions.defaults().withTable("other"));
        events.write(append(aggregate(), ExpectedVersion.NONE, sample(1)));
        assertThat(other.write(append(aggregate(), ExpectedVersion.NONE, sample(2)))
                        .repeated())
                .isFalse();
    }

    @Test
    void e7_ofRacingRepeatsOneWrites() throws Exception {
        for (int round = 0; round < 10; round++) {
            AggregateId aggregate = aggregate();
            String id = "round " + round;
            List<Appended> results = crew.race(
                    4,
                    thread -> events.write(new EventBatch()
                            .append(aggregate, ExpectedVersion.NONE, sample(1), sample(2))
                            .appendId(id)));
            assertThat(results.stream().filter(result -> !result.repeated())).hasSize(1);
            assertThat(results.stream().map(Appended::events).distinct()).hasSize(1);
            assertThat(versions(history(aggregate))).containsExactly(1, 2);
        }
    }

    @Test
    void e7_anAppendIdIsATextOfLimitedLength() {
        EventBatch batch = new EventBatch();
        for (String wrong : List.of("", "a\0b", "\uD800", "x".repeat(256))) {
            assertThatThrownBy(() -> batch.appendId(wrong)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(batch.appendId("x".repeat(255)).appendId())
                .hasValueSatisfying(id -> assertThat(id).hasSize(255));
    }

    @Test
    @Needs(Capability.DURABILITY)
    void e7_anAppendIsKnownAfterARestart() throws Exception {
        AggregateId aggregate = aggregate();
        Appended first = events.write(append(aggregate, ExpectedVersion.NONE, sample(1)));
        reopen();
        assertNothingWritten(() -> {
            Appended again = events.write(append(aggregate, ExpectedVersion.NONE, sample(1)));
            assertThat(again.repeated()).isTrue();
            assertThat(again.events()).isEqualTo(first.events());
        });
    }
}

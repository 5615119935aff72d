package dev.tidemark.store.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.codec.Codec;
import dev.tidemark.codec.CodecException;
import dev.tidemark.event.AggregateId;
import dev.tidemark.event.Event;
import dev.tidemark.event.EventBatch;
import dev.tidemark.event.EventQuery;
import dev.tidemark.event.EventStore;
import dev.tidemark.event.EventStoreOptions;
import dev.tidemark.event.EventTime;
import dev.tidemark.event.EventTypes;
import dev.tidemark.event.ExpectedVersion;
import dev.tidemark.event.UnregisteredEventException;
import dev.tidemark.store.ValueTooLargeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** E8: an event is read as it was written, and what could not be is refused. */
abstract class EventRecordRules extends EventRules {
    EventRecordRules(EventStoreTck tck) {
        super(tck);
    }

    private void assertKept(Event<?> given) {
        Event<?> stored = events.insert(given).events().get(0);
        Event<?> found = events.find(given.id()).orElseThrow();
        assertThat(found).isEqualTo(stored);
        assertThat(found).usingRecursiveComparison().ignoringFields("position").isEqualTo(given);
        assertThat(events.list(EventQuery.all().withIds(given.id()))).isEqualTo(List.of(stored));
    }

    @Test
    void e8_anUnknownIdIsEmpty() {
        assertThat(events.find(UUID.randomUUID())).isEmpty();
        assertThatThrownBy(() -> events.find(nothing())).isInstanceOf(NullPointerException.class);
    }

    @Test
    void e8_timesAreKeptToTheNanosecond() {
        Instant now = Instant.parse("2024-02-29T23:59:59.123456789Z");
        for (Instant time : List.of(
                Instant.EPOCH,
                Instant.EPOCH.minusNanos(1),
                now,
                now.plusNanos(1),
                Instant.parse("1901-12-13T20:45:51.999999999Z"),
                EventTime.MIN,
                EventTime.MIN.plusNanos(1),
                EventTime.MAX)) {
            assertKept(event(1).withTime(time));
        }
    }

    @Test
    void e8_aTimeThatDoesNotFitIsRefused() {
        for (Instant time :
                List.of(EventTime.MIN.minusNanos(1), EventTime.MAX.plusNanos(1), Instant.MIN, Instant.MAX)) {
            assertThatThrownBy(() -> event(1).withTime(time))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(EventTime.MIN.toString())
                    .hasMessageContaining(EventTime.MAX.toString());
        }
    }

    @Test
    void e8_idsOfEveryKindAreKept() {
        for (UUID id :
                List.of(uuid(0, 0), uuid(-1, -1), uuid(Long.MIN_VALUE, 0), uuid(0, Long.MIN_VALUE), uuid(1, 1))) {
            assertKept(event(1).withId(id).withAggregate(new AggregateId("account", id), 1));
        }
    }

    @Test
    void e8_namesAreKeptExactly() {
        EventTypes types = types();
        List<String> names = new ArrayList<>(NOTED);
        for (String name : List.of(" ", " x ", "a'b\"c\\d%_", "x".repeat(255), "\uD83D\uDE00".repeat(255), "null")) {
            types = types.with(name, Note.class, notes());
            names.add(name);
        }
        events = open(types);
        for (String name : names) {
            AggregateId aggregate = AggregateId.random(name);
            assertKept(Event.of(name, new Note(1)).withAggregate(aggregate, 1));
            assertThat(events.list(EventQuery.all().withNames(name).withAggregateNames(name)))
                    .hasSize(1);
        }
    }

    @Test
    void e8_badNamesAreRefused() {
        for (String wrong : List.of("", "a\0b", "\uD800", "x\uDC00", "x".repeat(256))) {
            assertThatThrownBy(() -> Event.of(wrong, sample(1))).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> AggregateId.random(wrong)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> EventTypes.none().with(wrong, Sample.class, tck.codec()))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> event(1).withMetadata("key", "a\0b")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> event(1).withMetadata("\uD800", "")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void e8_metadataIsKept() {
        assertKept(event(1).withMetadata(Map.of()));
        assertKept(event(1).withMetadata(Map.of("", "", "a", "b\n\t\"'\\", "\uD83D\uDE00", "ä", "{", "}")));
        Event<Sample> cause = event(2);
        Event<Sample> effect = event(3).causedBy(cause);
        Event<Sample> later = event(4).causedBy(effect);
        assertThat(later.metadata())
                .containsEntry(Event.CAUSATION, effect.id().toString())
                .containsEntry(Event.CORRELATION, cause.id().toString());
        assertKept(later);
    }

    @Test
    void e8_theMetadataOfABatchIsForEveryEventThatHasNoOther() {
        List<Event<?>> stored = events.write(new EventBatch()
                        .append(aggregate(), ExpectedVersion.NONE, sample(1), event(2).withMetadata("user", "bob"))
                        .insert(event(3))
                        .metadata("user", "ann")
                        .metadata("where", "here"))
                .events();
        assertThat(stored.stream().map(event -> event.metadata().get("user"))).containsExactly("ann", "bob", "ann");
        assertThat(stored).allSatisfy(event -> assertThat(event.metadata()).containsEntry("where", "here"));
        assertThat(all()).isEqualTo(stored);
    }

    @Test
    void e8_dataOfAnySortIsKept() {
        for (String text : List.of("", "'; drop table events; --", "\uD83D\uDE00 \u2028", "x".repeat(100_000))) {
            assertKept(Event.of(COUNTED, new Sample(text, Integer.MIN_VALUE)));
        }
    }

    @Test
    void e8_anEventWithAnAggregateNeedsNoVersion() {
        assertKept(event(1).withAggregate(aggregate(), 0));
    }

    @Test
    void e8_anUnregisteredEventIsRefusedByName() throws Exception {
        assertNothingWritten(() -> {
            assertThatThrownBy(() -> events.insert(Event.of("unheard of", sample(1))))
                    .isInstanceOfSatisfying(
                            UnregisteredEventException.class,
                            refusal -> assertThat(refusal.name()).isEqualTo("unheard of"))
                    .hasMessageContaining("unheard of");
            assertThatThrownBy(() -> events.append(aggregate(), ExpectedVersion.NONE, "text"))
                    .isInstanceOf(UnregisteredEventException.class)
                    .hasMessageContaining("java.lang.String");
            assertThatThrownBy(() -> events.append(aggregate(), ExpectedVersion.NONE, List.of(sample(1), sample(2))))
                    .isInstanceOf(UnregisteredEventException.class)
                    .hasMessageContaining("pass its elements");
            assertThatThrownBy(() -> events.append(aggregate(), ExpectedVersion.NONE, new Note(1)))
                    .as("data of a type with several names")
                    .isInstanceOf(UnregisteredEventException.class)
                    .hasMessageContaining("noted");
            assertThatThrownBy(() -> events.insert(Event.of(COUNTED, new Remark("no sample"))))
                    .isInstanceOf(CodecException.class);
        });
    }

    @Test
    void e8_aNameIsRegisteredOnce() {
        assertThatThrownBy(() -> types().with(COUNTED, Sample.class, tck.codec()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(COUNTED);
        assertThatThrownBy(() -> EventTypes.none().with(COUNTED, int.class, EventRules.<Codec<Integer>>nothing()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("boxes");
    }

    @Test
    void e8_dataThatIsTooLargeIsRefused() throws Exception {
        EventStore small = open(types(), EventStoreOptions.defaults().withMaxDataBytes(1_000));
        assertNothingWritten(() -> assertThatThrownBy(() ->
                        small.insert(event(1), Event.of(COUNTED, new Sample("x".repeat(1_001), 1))))
                .isInstanceOf(ValueTooLargeException.class)
                .hasMessageContaining("withMaxDataBytes"));
        assertNothingWritten(() -> assertThatThrownBy(() -> small.insert(event(1).withMetadata("k", "x".repeat(1_001))))
                .isInstanceOf(ValueTooLargeException.class));
        assertThat(small.insert(event(1)).events()).hasSize(1);
    }
}

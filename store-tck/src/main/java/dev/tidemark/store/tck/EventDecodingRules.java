package dev.tidemark.store.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.codec.Codec;
import dev.tidemark.codec.CodecException;
import dev.tidemark.event.AggregateId;
import dev.tidemark.event.Event;
import dev.tidemark.event.EventQuery;
import dev.tidemark.event.EventStore;
import dev.tidemark.event.EventTypes;
import dev.tidemark.event.ExpectedVersion;
import dev.tidemark.event.SubscriptionOptions;
import dev.tidemark.event.UndecodableEventException;
import dev.tidemark.event.UnregisteredEventException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** E12: upcasters turn old events into new ones, and what can't be decoded says so. */
abstract class EventDecodingRules extends EventRules {
    /** An earlier name. */
    private static final String TALLIED = "tallied";

    EventDecodingRules(EventStoreTck tck) {
        super(tck);
    }

    /** Data in an earlier shape. */
    record Tally(String name) {}

    private Codec<Tally> tallies() {
        return new Adapted<>(tck.codec(), tally -> new Sample(tally.name(), 0), sample -> new Tally(sample.name()));
    }

    private EventStore earlier() {
        return open(EventTypes.none().with(TALLIED, Tally.class, tallies()).with("old", Sample.class, tck.codec()));
    }

    /** A codec that can't read negative numbers. */
    private Codec<Sample> picky() {
        return new Adapted<>(tck.codec(), sample -> sample, sample -> {
            if (sample.number() < 0) {
                throw new CodecException("a negative number");
            }
            return sample;
        });
    }

    private static Sample positive(Sample sample) {
        return new Sample(sample.name(), Math.abs(sample.number()));
    }

    @Test
    void e12_aRenamedEventHasItsNewName() {
        Event<?> old = earlier().insert(Event.of("old", sample(1))).events().get(0);
        EventStore now = open(types().withRenamed("old", COUNTED));
        Event<?> found = now.find(old.id()).orElseThrow();
        assertThat(found.name()).isEqualTo(COUNTED);
        assertThat(found.data()).isEqualTo(sample(1));
        assertThat(found.position()).isEqualTo(old.position());
    }

    @Test
    void e12_anUpcasterTurnsOldDataIntoNew() {
        EventStore before = earlier();
        Event<?> old = before.insert(Event.of(TALLIED, new Tally("five")).withMetadata("k", "v"))
                .events()
                .get(0);
        EventStore now = open(types().withUpcaster(TALLIED, tallies(), COUNTED, tally -> new Sample(tally.name(), 5)));
        Event<?> found = now.find(old.id()).orElseThrow();
        assertThat(found.data()).isEqualTo(new Sample("five", 5));
        assertThat(found.name()).isEqualTo(COUNTED);
        assertThat(found.metadata()).isEqualTo(old.metadata());
        assertThat(before.find(old.id())).as("what is stored").contains(old);
    }

    @Test
    void e12_upcastersFollowEachOther() {
        earlier().insert(Event.of(TALLIED, new Tally("x")), Event.of("old", sample(2)));
        EventTypes types = EventTypes.none()
                .with(REMARKED, Remark.class, remarks())
                .withUpcaster(TALLIED, tallies(), "old", tally -> new Sample(tally.name(), 1))
                .withUpcaster("old", tck.codec(), "older", Sample::name)
                .withRenamed("older", "oldest")
                .withUpcaster("oldest", tck.codec(), REMARKED, (Object text) -> new Remark(String.valueOf(text) + "!"));
        assertThat(open(types).list(EventQuery.all()).stream().<Object>map(Event::data))
                .containsExactly(new Remark("x!"), new Remark("sample!"));
    }

    @Test
    void e12_aShapeMayChangeUnderTheSameName() {
        Event<?> old = events.insert(event(-3)).events().get(0);
        EventTypes types = EventTypes.none()
                .with(COUNTED, Sample.class, picky())
                .withUpcaster(COUNTED, tck.codec(), COUNTED, EventDecodingRules::positive);
        EventStore now = open(types);
        assertThat(now.find(old.id()).orElseThrow().data()).isEqualTo(sample(3));
        assertThat(now.insert(event(4)).events()).hasSize(1);
    }

    @Test
    void e12_aQueryForTheNewNameFindsTheOld() {
        EventStore before = earlier();
        before.insert(Event.of("old", sample(1)), Event.of(TALLIED, new Tally("x")));
        EventStore now = open(types().withRenamed("old", "middle")
                .withRenamed("middle", COUNTED)
                .withRenamed(TALLIED, "x"));
        now.insert(event(2));
        assertThat(numbers(now.list(EventQuery.all().withNames(COUNTED)))).containsExactly(1, 2);
        assertThat(numbers(now.list(EventQuery.all().withNames("old")))).containsExactly(1);
        assertThat(before.list(EventQuery.all().withNames(TALLIED))).hasSize(1);
    }

    @Test
    void e12_aSubscriptionToTheNewNameGetsTheOld() throws Exception {
        EventStore before = earlier();
        before.insert(Event.of("old", sample(1)), Event.of(TALLIED, new Tally("x")));
        EventStore now = open(types().withRenamed("old", COUNTED).withRenamed(TALLIED, REMARKED));
        Inbox inbox = new Inbox(tck.patience());
        own(now.subscribe(
                SubscriptionOptions.fromStart().withFilter(EventQuery.all().withNames(COUNTED)), inbox));
        now.insert(event(2));
        before.insert(Event.of("old", sample(3)));
        List<Event<?>> arrived = inbox.next(3);
        assertThat(numbers(arrived)).containsExactly(1, 2, 3);
        assertThat(arrived).extracting(Event::name).containsOnly(COUNTED);
    }

    @Test
    void e12_upcastersThatGoInACircleAreRefused() {
        EventTypes types = types().withRenamed("a", "b").withRenamed("b", "c");
        assertThatThrownBy(() -> types.withRenamed("c", "a")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> types.withRenamed("a", "d")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void e12_aNameIsWrittenOrUpcastAway() {
        assertThatThrownBy(() -> types().withRenamed(COUNTED, "other")).isInstanceOf(IllegalArgumentException.class);
        EventTypes renamed = types().withRenamed("old", COUNTED);
        assertThatThrownBy(() -> renamed.with("old", Sample.class, tck.codec()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void e12_anUndecodableEventEndsTheStreamWithItsPlace() {
        AggregateId aggregate = aggregate();
        List<Event<?>> stored = events.append(aggregate, ExpectedVersion.NONE, sample(1), sample(-2), sample(3))
                .events();
        EventStore picky = open(EventTypes.none().with(COUNTED, Sample.class, picky()));
        Event<?> bad = stored.get(1);
        List<Event<?>> read = new ArrayList<>();
        Iterator<Event<?>> reading = picky.query(EventQuery.all()).iterator();
        assertThatThrownBy(() -> reading.forEachRemaining(read::add))
                .isInstanceOfSatisfying(UndecodableEventException.class, failure -> {
                    assertThat(failure.id()).isEqualTo(bad.id());
                    assertThat(failure.name()).isEqualTo(COUNTED);
                    assertThat(failure.position()).isEqualTo(bad.position());
                    assertThat(failure).hasCauseInstanceOf(CodecException.class);
                    assertThat(failure).hasMessageContaining(bad.id().toString());
                    assertThat(failure).hasMessageContaining(String.valueOf(bad.position()));
                });
        assertThat(read).containsExactly(stored.get(0));
        assertThat(reading.hasNext()).as("more behind the end").isFalse();
        assertThatThrownBy(reading::next).isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void e12_anUndecodableEventSpoilsOnlyItself() {
        List<Event<?>> stored = events.insert(event(1), event(-2), event(3)).events();
        EventStore picky = open(EventTypes.none().with(COUNTED, Sample.class, picky()));
        assertThatThrownBy(() -> picky.find(stored.get(1).id())).isInstanceOf(UndecodableEventException.class);
        assertThat(picky.find(stored.get(2).id())).contains(stored.get(2));
        List<UUID> others = List.of(stored.get(0).id(), stored.get(2).id());
        assertThat(numbers(picky.list(EventQuery.all().withIds(others)))).containsExactly(1, 3);
        assertThat(picky.delete(stored.get(1))).isEqualTo(1);
        assertThat(numbers(picky.list(EventQuery.all()))).containsExactly(1, 3);
    }

    @Test
    void e12_anUnregisteredNameIsUndecodableByName() {
        Event<?> stored =
                events.insert(Event.of(REMARKED, new Remark("hm"))).events().get(0);
        EventStore other = open(EventTypes.none().with(COUNTED, Sample.class, tck.codec()));
        assertThatThrownBy(() -> other.find(stored.id()))
                .isInstanceOf(UndecodableEventException.class)
                .hasCauseInstanceOf(UnregisteredEventException.class)
                .hasMessageContaining(REMARKED);
    }

    @Test
    void e12_anUpcasterThatFailsMakesItsEventUndecodable() {
        Event<?> old = earlier().insert(Event.of("old", sample(1))).events().get(0);
        EventTypes throwing = types().withUpcaster("old", tck.codec(), COUNTED, sample -> {
            throw new IllegalStateException("no way");
        });
        assertThatThrownBy(() -> open(throwing).find(old.id()))
                .isInstanceOf(UndecodableEventException.class)
                .hasMessageContaining(IllegalStateException.class.getName())
                .hasMessageNotContaining("no way")
                .hasRootCauseMessage("no way");
        EventTypes wrong = types().withUpcaster("old", tck.codec(), COUNTED, sample -> "not a sample");
        assertThatThrownBy(() -> open(wrong).find(old.id()))
                .isInstanceOf(UndecodableEventException.class)
                .hasCauseInstanceOf(CodecException.class);
    }
}

package dev.tidemark.store.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.event.AggregateId;
import dev.tidemark.event.AggregateRef;
import dev.tidemark.event.Event;
import dev.tidemark.event.EventQuery;
import dev.tidemark.event.EventSort;
import dev.tidemark.event.EventTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** E9: a query selects what all kinds of its filters accept, and of one kind any. */
abstract class EventFilterRules extends EventRules {
    private static final Instant NOON = Instant.parse("2024-05-05T12:00:00Z");

    EventFilterRules(EventStoreTck tck) {
        super(tck);
    }

    private static Event<Note> note(String name, AggregateId aggregate, int version) {
        return Event.of(name, new Note(version)).withAggregate(aggregate, version);
    }

    private static Event<?> at(long nanos) {
        return event((int) nanos).withTime(NOON.plusNanos(nanos));
    }

    private void assertSelects(EventQuery query, Event<?>... expected) {
        assertThat(ids(events.list(query))).as("%s", query).isEqualTo(ids(List.of(expected)));
    }

    @Test
    void e9_anEmptyQuerySelectsEverything() {
        Event<?>[] stored = events(3).toArray(Event<?>[]::new);
        events.insert(stored);
        assertSelects(EventQuery.all(), stored);
    }

    @Test
    void e9_byIdsAndNames() {
        Event<?> a = note("noted", aggregate(), 1);
        Event<?> b = note("NOTED", aggregate(), 1);
        Event<?> c = event(3);
        events.insert(a, b, c);
        assertSelects(EventQuery.all().withIds(a.id()), a);
        assertSelects(EventQuery.all().withIds(c.id(), UUID.randomUUID(), a.id(), a.id()), a, c);
        assertSelects(EventQuery.all().withIds(UUID.randomUUID()));
        assertSelects(EventQuery.all().withNames("NOTED"), b);
        assertSelects(EventQuery.all().withNames("noted").withNames(COUNTED, "n%"), a, c);
        assertSelects(EventQuery.all().withIds(a.id()).withNames(COUNTED));
    }

    @Test
    void e9_byAggregates() {
        UUID shared = UUID.randomUUID();
        AggregateId account = new AggregateId("account", shared);
        AggregateId customer = new AggregateId("customer", shared);
        AggregateId other = AggregateId.random("account");
        Event<?> a = note("noted", account, 1);
        Event<?> b = note("noted", customer, 1);
        Event<?> c = note("noted", other, 0);
        Event<?> d = event(4);
        events.insert(a, b, c, d);
        assertSelects(EventQuery.all().withAggregateNames("account"), a, c);
        assertSelects(EventQuery.all().withAggregateNames("customer", "account"), a, b, c);
        assertSelects(EventQuery.all().withAggregateIds(shared), a, b);
        assertSelects(EventQuery.all().withAggregateIds(shared).withAggregateNames("account"), a);
        assertSelects(EventQuery.all().withAggregates(AggregateRef.of(account)), a);
        assertSelects(EventQuery.all().withAggregates(AggregateRef.of(other), AggregateRef.of(customer)), b, c);
        assertSelects(EventQuery.all().withAggregates(new AggregateRef("account", null)), a, c);
        EventQuery mixed =
                EventQuery.all().withAggregates(new AggregateRef("account", null), AggregateRef.of(customer));
        assertSelects(mixed, a, b, c);
        assertSelects(mixed.withAggregateIds(other.id()), c);
        assertSelects(EventQuery.all().withAggregateNames("Account"));
    }

    @Test
    void e9_byVersions() {
        AggregateId aggregate = aggregate();
        Event<?>[] stored = history(aggregate, 1, 6).toArray(Event<?>[]::new);
        events.insert(stored);
        assertSelects(EventQuery.all().withVersions(2), stored[1]);
        assertSelects(EventQuery.all().withVersions(5, 2, 9), stored[1], stored[4]);
        assertSelects(EventQuery.all().withVersionRange(2, 4), stored[1], stored[2], stored[3]);
        assertSelects(EventQuery.all().withVersionRange(1, 1).withVersionRange(5, 6), stored[0], stored[4], stored[5]);
        assertSelects(EventQuery.all().withMinVersion(5), stored[4], stored[5]);
        assertSelects(EventQuery.all().withMaxVersion(2), stored[0], stored[1]);
        assertSelects(EventQuery.all().withMinVersion(3).withMaxVersion(3), stored[2]);
        assertSelects(EventQuery.all().withVersions(1, 3, 5).withMinVersion(2).withVersionRange(1, 4), stored[2]);
        assertSelects(EventQuery.all().withMinVersion(4).withMaxVersion(3));
    }

    @Test
    void e9_ofSeveralBoundsTheWidestCount() {
        AggregateId aggregate = aggregate();
        Event<?>[] stored = history(aggregate, 1, 6).toArray(Event<?>[]::new);
        events.insert(stored);
        assertSelects(EventQuery.all().withMinVersion(6).withMinVersion(5), stored[4], stored[5]);
        assertSelects(EventQuery.all().withMinVersion(5).withMinVersion(6), stored[4], stored[5]);
        assertSelects(EventQuery.all().withMaxVersion(1).withMaxVersion(2), stored[0], stored[1]);
        Event<?> early = at(1);
        Event<?> late = at(9);
        events.insert(early, late);
        EventQuery timed = EventQuery.all().withIds(early.id(), late.id());
        assertSelects(timed.withMinTime(NOON.plusNanos(9)).withMinTime(NOON.plusNanos(1)), early, late);
        assertSelects(timed.withMaxTime(NOON.plusNanos(9)).withMaxTime(NOON.plusNanos(1)), early, late);
    }

    @Test
    void e9_withoutAVersionAnEventCountsAsVersionZero() {
        Event<?> loose = event(1);
        Event<?> unversioned = event(2).withAggregate(aggregate(), 0);
        Event<?> first = event(3).withAggregate(aggregate(), 1);
        events.insert(loose, unversioned, first);
        assertSelects(EventQuery.all().withVersions(0), loose, unversioned);
        assertSelects(EventQuery.all().withMaxVersion(0), loose, unversioned);
        assertSelects(EventQuery.all().withMaxVersion(1), loose, unversioned, first);
        assertSelects(EventQuery.all().withVersionRange(0, 5), loose, unversioned, first);
        assertSelects(EventQuery.all().withVersions(1, 0), loose, unversioned, first);
        assertSelects(EventQuery.all().withMinVersion(0), loose, unversioned, first);
        assertSelects(EventQuery.all().withMinVersion(1), first);
    }

    @Test
    void e9_byTimes() {
        Event<?> a = at(-1);
        Event<?> b = at(0);
        Event<?> c = at(1);
        Event<?> d = event(1).withTime(Instant.EPOCH.minusNanos(1));
        events.insert(a, b, c, d);
        assertSelects(EventQuery.all().withTimes(NOON), b);
        assertSelects(EventQuery.all().withTimes(NOON, NOON.plusNanos(1), NOON.plusNanos(2)), b, c);
        assertSelects(EventQuery.all().withTimeRange(NOON.minusNanos(1), NOON), a, b);
        assertSelects(EventQuery.all().withMinTime(NOON), b, c);
        assertSelects(EventQuery.all().withMaxTime(NOON), a, b, d);
        assertSelects(EventQuery.all().withAfter(NOON), c);
        assertSelects(EventQuery.all().withBefore(NOON), a, d);
        assertSelects(EventQuery.all().withAfter(Instant.EPOCH).withBefore(NOON), a);
        assertSelects(EventQuery.all().withMaxTime(Instant.EPOCH.minusNanos(1)), d);
        assertSelects(EventQuery.all().withTimeRange(EventTime.MIN, EventTime.MAX), a, b, c, d);
        Event<?> last = event(1).withTime(EventTime.MAX);
        events.insert(last);
        assertSelects(EventQuery.all().withAfter(EventTime.MAX.minusNanos(1)), last);
    }

    @Test
    void e9_whatCanNotBeAskedForIsRefused() {
        assertThatThrownBy(() -> EventQuery.all().withMinTime(Instant.MIN))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(EventTime.MIN.toString());
        assertThatThrownBy(() -> EventQuery.all().withAfter(EventTime.MAX))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no event can be after " + EventTime.MAX);
        assertThatThrownBy(() -> EventQuery.all().withBefore(EventTime.MIN))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no event can be before " + EventTime.MIN);
        assertThatThrownBy(() -> EventQuery.all().withVersionRange(2, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("2", "1");
        assertThatThrownBy(() -> EventQuery.all().withNames("a\0b")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> EventQuery.all().withIds(EventRules.<UUID>nothing()))
                .isInstanceOf(NullPointerException.class);
    }

    @Test
    void e9_queriesMerge() {
        EventQuery a = EventQuery.all()
                .withNames("x", "y")
                .withVersions(1)
                .withMinVersion(3)
                .withMinTime(NOON)
                .withSorts(EventSort.ascending(EventSort.Key.TIME));
        EventQuery b = EventQuery.all()
                .withNames("y", "z")
                .withVersions(1, 2)
                .withMinVersion(5)
                .withMinTime(NOON.plusNanos(1))
                .withSorts(EventSort.descending(EventSort.Key.TIME), EventSort.ascending(EventSort.Key.AGGREGATE_ID));
        EventQuery merged = a.merge(b);
        assertThat(merged.names()).containsExactly("x", "y", "z");
        assertThat(merged.versions().exact()).containsExactly(1L, 2L);
        assertThat(merged.versions().min()).isEqualTo(3L);
        assertThat(merged.times().min()).as("a single value: the last wins").isEqualTo(EventTime.toNanos(NOON) + 1);
        assertThat(merged.sorts())
                .containsExactly(
                        EventSort.ascending(EventSort.Key.TIME), EventSort.ascending(EventSort.Key.AGGREGATE_ID));
        assertThat(a.merge(EventQuery.all())).isEqualTo(a);
        assertThat(EventQuery.all().merge(a)).isEqualTo(a);
    }

    /** More than any statement has parameters. */
    @Test
    void e9_aQueryMayNameAnyNumberOfValues() {
        List<Event<?>> stored = events.insert(
                        IntStream.range(0, 1_500).mapToObj(EventFilterRules::at).toList())
                .events();
        List<UUID> wanted = new ArrayList<>(ids(stored.subList(0, 1_200)));
        for (int i = 0; i < 70_000; i++) {
            wanted.add(UUID.randomUUID());
        }
        assertThat(events.list(EventQuery.all().withIds(wanted))).isEqualTo(stored.subList(0, 1_200));

        EventQuery query = EventQuery.all();
        for (int i = 0; i < 1_200; i++) {
            query = query.withTimeRange(NOON.plusNanos(2L * i), NOON.plusNanos(2L * i));
        }
        List<Event<?>> even = new ArrayList<>(stored);
        even.removeIf(event -> ((Sample) event.data()).number() % 2 == 1);
        assertThat(events.list(query)).isEqualTo(even);
    }
}

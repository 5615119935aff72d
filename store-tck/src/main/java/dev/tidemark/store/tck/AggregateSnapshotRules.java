package dev.tidemark.store.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.event.AggregateId;
import dev.tidemark.event.AggregateRef;
import dev.tidemark.event.AggregateSnapshot;
import dev.tidemark.event.EventQuery;
import dev.tidemark.event.EventSort;
import dev.tidemark.event.SnapshotSchedule;
import dev.tidemark.event.SnapshotStore;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** E17: snapshots are found by version. */
abstract class AggregateSnapshotRules extends EventRules {
    private static final UUID ID = UUID.randomUUID();

    SnapshotStore<Sample> snapshots;

    // JUnit sets the rest before each test.
    @SuppressWarnings("NullAway.Init")
    AggregateSnapshotRules(EventStoreTck tck) {
        super(tck);
    }

    @BeforeEach
    final void openSnapshots() {
        snapshots = SnapshotStore.over(backend.store(tck.codec()), "account");
    }

    private static List<Integer> snapshotVersions(List<AggregateSnapshot<Sample>> snapshots) {
        return snapshots.stream().map(AggregateSnapshot::version).toList();
    }

    @Test
    void e17_theLatestHasTheHighestVersion() {
        assertThat(snapshots.latest(ID)).isEmpty();
        for (int version : List.of(9, 10, 1, 2_000_000_000, 100)) {
            snapshots.save(ID, version, UUID.randomUUID(), sample(version));
        }
        snapshots.save(UUID.randomUUID(), Integer.MAX_VALUE, UUID.randomUUID(), sample(0));
        assertThat(snapshots.latest(ID)).hasValueSatisfying(latest -> {
            assertThat(latest.aggregate()).isEqualTo(new AggregateId("account", ID));
            assertThat(latest.version()).isEqualTo(2_000_000_000);
            assertThat(latest.state()).isEqualTo(sample(2_000_000_000));
        });
    }

    @Test
    void e17_exactlyAndAtMostAVersion() {
        for (int version : List.of(3, 6, 9)) {
            snapshots.save(ID, version, UUID.randomUUID(), sample(version));
        }
        assertThat(snapshots.exactly(ID, 6)).map(AggregateSnapshot::state).contains(sample(6));
        assertThat(snapshots.exactly(ID, 5)).isEmpty();
        assertThat(snapshots.atMost(ID, 2)).isEmpty();
        assertThat(snapshots.atMost(ID, 3)).map(AggregateSnapshot::version).contains(3);
        assertThat(snapshots.atMost(ID, 8)).map(AggregateSnapshot::version).contains(6);
        assertThat(snapshots.atMost(ID, 100)).map(AggregateSnapshot::version).contains(9);
        assertThat(snapshots.atMost(ID, 0)).isEmpty();
        assertThatThrownBy(() -> snapshots.save(ID, 0, UUID.randomUUID(), sample(0)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void e17_savingAVersionAgainReplacesIt() {
        snapshots.save(ID, 3, UUID.randomUUID(), sample(1));
        snapshots.save(ID, 3, UUID.randomUUID(), sample(2));
        UUID event = UUID.randomUUID();
        snapshots.save(ID, 3, event, sample(3));
        snapshots.save(ID, 3, event, sample(4));
        assertThat(snapshots.latest(ID)).hasValueSatisfying(latest -> {
            assertThat(latest.state()).isEqualTo(sample(4));
            assertThat(latest.event()).isEqualTo(event);
        });
        assertThat(snapshots.query(EventQuery.all())).hasSize(1);
    }

    @Test
    void e17_queriesSelectByAggregateVersionAndTime() {
        UUID other = UUID.randomUUID();
        Instant before = Instant.now().minusSeconds(3_600);
        for (int version = 1; version <= 4; version++) {
            snapshots.save(ID, version, UUID.randomUUID(), sample(version));
            snapshots.save(other, version, UUID.randomUUID(), sample(version));
        }
        EventQuery ofOne = EventQuery.all().withAggregates(AggregateRef.of(new AggregateId("account", ID)));
        assertThat(snapshotVersions(snapshots.query(ofOne))).containsExactly(4, 3, 2, 1);
        EventQuery range = EventQuery.all()
                .withAggregateIds(other)
                .withVersionRange(2, 3)
                .withSorts(EventSort.ascending(EventSort.Key.AGGREGATE_VERSION));
        assertThat(snapshotVersions(snapshots.query(range))).containsExactly(2, 3);
        assertThat(snapshots.query(EventQuery.all())).hasSize(8);
        assertThat(snapshots.query(EventQuery.all().withAfter(before))).hasSize(8);
        assertThat(snapshots.query(EventQuery.all().withBefore(before))).isEmpty();
        assertThatThrownBy(() -> snapshots.query(EventQuery.all().withNames(COUNTED)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void e17_snapshotsAreDeletedOneByOneOrAllAtOnce() {
        UUID other = UUID.randomUUID();
        for (int version = 1; version <= 4; version++) {
            snapshots.save(ID, version, UUID.randomUUID(), sample(version));
        }
        snapshots.save(other, 1, UUID.randomUUID(), sample(1));
        assertThat(snapshots.delete(ID, 4)).isTrue();
        assertThat(snapshots.delete(ID, 4)).isFalse();
        assertThat(snapshots.latest(ID)).map(AggregateSnapshot::version).contains(3);
        assertThat(snapshots.deleteAll(ID)).isEqualTo(3);
        assertThat(snapshots.latest(ID)).isEmpty();
        assertThat(snapshots.latest(other)).isPresent();
    }

    @Test
    void e17_aNameThatIsTooLongForSnapshotsIsRefusedAtOnce() {
        for (String name : List.of("x".repeat(246), "\u00e4".repeat(123))) {
            assertThatThrownBy(() -> SnapshotStore.over(backend.store(tck.codec()), name))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContainingAll("aggregate", "245 bytes", "246");
        }
        SnapshotStore<Sample> longest = SnapshotStore.over(backend.store(tck.codec()), "x".repeat(245));
        longest.save(ID, 1, UUID.randomUUID(), sample(1));
        assertThat(longest.latest(ID)).map(AggregateSnapshot::version).contains(1);
    }

    @Test
    void e17_nullIsRefusedBeforeItBecomesPartOfAKey() {
        UUID event = UUID.randomUUID();
        assertThatThrownBy(() -> snapshots.save(nothing(), 1, event, sample(1)))
                .isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> snapshots.save(ID, 1, nothing(), sample(1))).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> snapshots.save(ID, 1, event, nothing())).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> snapshots.latest(nothing())).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> snapshots.deleteAll(nothing())).isInstanceOf(NullPointerException.class);
        assertThat(snapshots.query(EventQuery.all())).isEmpty();
    }

    @Test
    void e17_aScheduleIsDueWheneverItsStepIsPassed() {
        SnapshotSchedule every = SnapshotSchedule.every(3);
        assertThat(every.isDue(0, 2)).isFalse();
        assertThat(every.isDue(2, 3)).isTrue();
        assertThat(every.isDue(3, 5)).isFalse();
        assertThat(every.isDue(2, 10)).isTrue();
        assertThatThrownBy(() -> SnapshotSchedule.every(0)).isInstanceOf(IllegalArgumentException.class);
    }
}

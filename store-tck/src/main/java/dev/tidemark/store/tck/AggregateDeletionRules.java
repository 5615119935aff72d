package dev.tidemark.store.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.event.Aggregate;
import dev.tidemark.event.AggregateId;
import dev.tidemark.event.AggregateNotFoundException;
import dev.tidemark.event.AggregateRepository;
import dev.tidemark.event.AggregateType;
import dev.tidemark.event.EventQuery;
import dev.tidemark.event.EventTypes;
import dev.tidemark.event.ExpectedVersion;
import dev.tidemark.event.SnapshotSchedule;
import dev.tidemark.event.SnapshotStore;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** E19: an aggregate is deleted wholly, or softly. */
abstract class AggregateDeletionRules extends AggregateRules {
    AggregateDeletionRules(EventStoreTck tck) {
        super(tck);
    }

    @Test
    void e19_aDeletedAggregateHasNeitherEventsNorSnapshots() {
        SnapshotStore<Sample> snapshots = snapshots();
        accounts = accounts.withSnapshots(snapshots, SnapshotSchedule.every(1));
        stored(sample(1), sample(2));
        events.insert(history(aggregate(), 1, 2));
        assertThat(accounts.delete(ID)).isEqualTo(2);
        assertThat(all()).hasSize(2);
        assertThat(snapshots.latest(ID)).isEmpty();
        assertThat(accounts.fetch(ID).version()).isZero();
        assertThat(accounts.delete(ID)).isZero();
    }

    @Test
    void e19_aSoftlyDeletedAggregateIsNotFoundUntilItIsRestored() {
        stored(sample(1), sample(2));
        accounts.softDelete(ID, new Closed(1));
        assertThatThrownBy(() -> accounts.fetch(ID)).isInstanceOf(AggregateNotFoundException.class);
        assertThatThrownBy(() -> stored(sample(1))).isInstanceOf(AggregateNotFoundException.class);
        assertThatThrownBy(() -> accounts.softDelete(ID, new Closed(1))).isInstanceOf(AggregateNotFoundException.class);
        assertThat(accounts.query(EventQuery.all())).isEmpty();
        assertThat(accounts.fetch(ID, 2).state().number()).isEqualTo(3);
        Aggregate<Sample> restored = accounts.restore(ID, new Reopened(2));
        assertThat(restored.version()).isEqualTo(4);
        assertThat(accounts.fetch(ID).state().number()).isEqualTo(3);
        assertThat(accounts.restore(ID, new Reopened(2)).version()).isEqualTo(4);
    }

    @Test
    void e19_aSoftDeletionIsKnownBehindASnapshot() {
        accounts = accounts.withSnapshots(snapshots(), SnapshotSchedule.every(1));
        stored(sample(1), sample(2));
        accounts.softDelete(ID, new Closed(1));
        assertThatThrownBy(() -> accounts.fetch(ID)).isInstanceOf(AggregateNotFoundException.class);
        accounts.restore(ID, new Reopened(1));
        assertThat(accounts.fetch(ID).state().number()).isEqualTo(3);
    }

    @Test
    void e19_softDeletionNeedsItsEventAndAnAggregate() {
        assertThatThrownBy(() -> accounts.softDelete(ID, new Closed(1))).isInstanceOf(AggregateNotFoundException.class);
        stored(sample(1));
        assertThatThrownBy(() -> accounts.softDelete(ID, sample(1))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> account().withSoftDelete(Object.class, Reopened.class))
                .as("a restoration that deletes")
                .isInstanceOf(IllegalArgumentException.class);
        AggregateType<Sample> plain = AggregateType.of("account", id -> sample(0), (state, data) -> state);
        assertThatThrownBy(() -> AggregateRepository.over(events, plain).softDelete(ID, new Closed(1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void e19_whatIsAppendedBesideADeletionGoesToo() {
        SnapshotStore<Sample> snapshots = snapshots();
        accounts = accounts.withSnapshots(snapshots, SnapshotSchedule.every(1));
        stored(sample(1));
        AtomicInteger reads = new AtomicInteger();
        EventTypes appending = EventTypes.none()
                .with(REMARKED, Remark.class, remarks())
                .withUpcaster(COUNTED, tck.codec(), REMARKED, counted -> {
                    if (reads.getAndIncrement() == 0) {
                        stored(sample(2));
                    }
                    return new Remark("counted");
                });
        AggregateRepository<Sample> deleting = AggregateRepository.over(open(appending), account())
                .withSnapshots(snapshots, SnapshotSchedule.every(1));
        assertThat(deleting.delete(ID)).isEqualTo(2);
        assertThat(all()).isEmpty();
        assertThat(snapshots.latest(ID)).isEmpty();
        assertThat(stored(sample(3)).version()).isEqualTo(1);
    }

    @Test
    void e19_noHistoryStartsLateWhoeverAppendsBesideDeletions() throws Exception {
        AggregateId account = new AggregateId("account", ID);
        AtomicBoolean over = new AtomicBoolean();
        List<Integer> counts = crew.race(2, thread -> thread == 0 ? append(account, over) : delete(account, over));
        assertThat(counts.get(1)).as("events that were deleted").isEqualTo(counts.get(0));
        assertThat(all()).isEmpty();
    }

    private int append(AggregateId account, AtomicBoolean over) {
        try {
            for (int i = 0; i < 100; i++) {
                events.append(account, ExpectedVersion.ANY, sample(i));
            }
            return 100;
        } finally {
            over.set(true);
        }
    }

    private int delete(AggregateId account, AtomicBoolean over) {
        int deleted = 0;
        boolean last;
        do {
            last = over.get();
            deleted += accounts.delete(account.id());
            List<Integer> left = versions(history(account));
            assertThat(left)
                    .isEqualTo(IntStream.rangeClosed(1, left.size()).boxed().toList());
        } while (!last);
        return deleted;
    }
}

package dev.tidemark.store.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.event.Aggregate;
import dev.tidemark.event.AggregateId;
import dev.tidemark.event.AggregateNotFoundException;
import dev.tidemark.event.AggregateRepository;
import dev.tidemark.event.Appended;
import dev.tidemark.event.Event;
import dev.tidemark.event.EventConflictException;
import dev.tidemark.event.EventQuery;
import dev.tidemark.event.EventTypes;
import dev.tidemark.event.SnapshotSchedule;
import dev.tidemark.event.SnapshotStore;
import dev.tidemark.store.Store;
import dev.tidemark.store.WriteBatch;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** E19: an aggregate is what its events make of it. */
abstract class AggregateRepositoryRules extends AggregateRules {
    AggregateRepositoryRules(EventStoreTck tck) {
        super(tck);
    }

    @Test
    void e19_anAggregateIsMadeOfItsEvents() {
        Aggregate<Sample> fresh = accounts.fetch(ID);
        assertThat(fresh.version()).isZero();
        assertThat(fresh.state()).isEqualTo(new Sample("new", 0));
        fresh.record(sample(5), new Remark("ann")).record(sample(2));
        assertThat(fresh.state()).as("with its changes").isEqualTo(new Sample("ann", 7));
        assertThat(fresh.changes()).hasSize(3);
        assertThat(fresh.version()).isZero();
        Appended saved = accounts.save(fresh);
        assertThat(saved.version()).isEqualTo(3);
        assertThat(fresh.version()).isEqualTo(3);
        assertThat(fresh.changes()).isEmpty();
        Aggregate<Sample> fetched = accounts.fetch(ID);
        assertThat(fetched.state()).isEqualTo(new Sample("ann", 7));
        assertThat(fetched.version()).isEqualTo(3);
        assertThat(history(fetched.id())).isEqualTo(saved.events());
    }

    @Test
    void e19_whatCanNotBeSavedIsNotRecorded() {
        Aggregate<Sample> account = accounts.fetch(ID);
        Event<Sample> taken = event(1).withAggregate(aggregate(), 1);
        assertThatThrownBy(() -> account.record(sample(1), taken)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> account.record(sample(1), nothing())).isInstanceOf(NullPointerException.class);
        assertThat(account.changes()).isEmpty();
        assertThat(account.state()).isEqualTo(new Sample("new", 0));
    }

    @Test
    void e19_savingWithoutChangesDoesNothing() throws Exception {
        stored(sample(1));
        assertNothingWritten(
                () -> assertThat(accounts.save(accounts.fetch(ID)).events()).isEmpty());
    }

    @Test
    void e19_theSecondOfTwoThatChangeItConflicts() {
        stored(sample(1));
        Aggregate<Sample> one = accounts.fetch(ID).record(sample(2));
        Aggregate<Sample> other = accounts.fetch(ID).record(sample(3));
        accounts.save(one);
        assertConflict(one.id(), 1, 2, () -> accounts.save(other));
        assertThat(accounts.fetch(ID).state().number()).isEqualTo(3);
        accounts.save(one.record(sample(10)));
        assertThat(accounts.fetch(ID).version()).isEqualTo(3);
    }

    @Test
    void e19_anEarlierVersionIsWhatItWasThen() {
        stored(sample(1), sample(2), new Remark("ann"), sample(4));
        assertThat(accounts.fetch(ID, 2).state()).isEqualTo(new Sample("new", 3));
        assertThat(accounts.fetch(ID, 3).version()).isEqualTo(3);
        assertThat(accounts.fetch(ID, 0).state()).isEqualTo(new Sample("new", 0));
        assertThatThrownBy(() -> accounts.fetch(ID, 5))
                .isInstanceOfSatisfying(
                        AggregateNotFoundException.class,
                        missing -> assertThat(missing.aggregate().id()).isEqualTo(ID))
                .hasMessageContaining("no version 5, but 4 before it");
        assertThatThrownBy(() -> accounts.fetch(UUID.randomUUID(), 5)).hasMessageContaining("no events");
    }

    @Test
    void e19_whatUseThrowsComesOutAndNothingIsStored() throws Exception {
        assertNothingWritten(() -> assertThatThrownBy(() -> accounts.use(ID, account -> {
                    account.record(sample(1));
                    throw new IllegalStateException("no");
                }))
                .isInstanceOf(IllegalStateException.class));
    }

    @Test
    void e19_useStartsOverWhenOthersWereFaster() {
        AtomicInteger runs = new AtomicInteger();
        Aggregate<Sample> used = accounts.withRetries(3).use(ID, account -> {
            if (runs.getAndIncrement() < 3) {
                stored(sample(100));
            }
            account.record(sample(1));
        });
        assertThat(runs).hasValue(4);
        assertThat(used.state().number()).isEqualTo(301);
        assertThatThrownBy(() -> accounts.use(ID, account -> {
                    stored(sample(100));
                    account.record(sample(1));
                }))
                .isInstanceOf(EventConflictException.class);
        assertThat(accounts.fetch(ID).state().number()).isEqualTo(401);
    }

    @Test
    void e19_racingUsesLoseNothing() throws Exception {
        AggregateRepository<Sample> patient = accounts.withRetries(10_000);
        crew.race(4, thread -> {
            for (int i = 0; i < 15; i++) {
                patient.use(ID, account -> account.record(sample(1)));
            }
            return true;
        });
        assertThat(accounts.fetch(ID).state().number()).isEqualTo(60);
        assertThat(accounts.fetch(ID).version()).isEqualTo(60);
    }

    @Test
    void e19_snapshotsSpareTheEventsBeforeThem() {
        SnapshotStore<Sample> snapshots = snapshots();
        accounts = accounts.withSnapshots(snapshots, SnapshotSchedule.every(4));
        for (int i = 0; i < 10; i++) {
            stored(sample(1));
        }
        assertThat(snapshots.query(EventQuery.all()).stream().map(each -> each.version()))
                .containsExactly(8, 4);
        evolved.set(0);
        Aggregate<Sample> fetched = accounts.fetch(ID);
        assertThat(fetched.state().number()).isEqualTo(10);
        assertThat(fetched.version()).isEqualTo(10);
        assertThat(evolved).as("events behind the snapshot").hasValue(2);
        assertThat(accounts.fetch(ID, 7).state().number()).isEqualTo(7);
        assertThat(evolved).hasValue(2 + 3);
        assertThat(accounts.fetch(ID, 3).state().number()).isEqualTo(3);
    }

    @Test
    void e19_aSnapshotOfADeletedHistoryIsPassedOver() {
        SnapshotStore<Sample> snapshots = snapshots();
        accounts = accounts.withSnapshots(snapshots, SnapshotSchedule.every(2));
        stored(sample(1), sample(1));
        List<Event<?>> history = history(accounts.fetch(ID).id());
        events.delete(ids(history));
        assertThat(snapshots.latest(ID)).isPresent();
        assertThat(accounts.fetch(ID).version()).isZero();
        stored(sample(7));
        assertThat(accounts.fetch(ID).state()).isEqualTo(new Sample("new", 7));
        AggregateRepository<Sample> others = AggregateRepository.over(events, account());
        others.use(ID, account -> account.record(sample(1)));
        assertThat(accounts.fetch(ID).state())
                .as("at the version of the snapshot of another history")
                .isEqualTo(new Sample("new", 8));
    }

    @Test
    void e19_snapshotsOfAnotherNameAreRefused() {
        SnapshotStore<Sample> others = SnapshotStore.over(backend.store(tck.codec()), "customer");
        assertThatThrownBy(() -> accounts.withSnapshots(others, SnapshotSchedule.every(1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void e19_queriesFindAggregatesByTheirEvents() {
        UUID first = uuid(1, 1);
        UUID second = uuid(-1, 1);
        UUID third = uuid(0, 1);
        for (UUID id : List.of(first, second, third)) {
            accounts.use(id, account -> account.record(sample(1), sample(2)));
        }
        accounts.use(second, account -> account.record(new Remark("bob")));
        events.insert(event(1), event(2).withAggregate(AggregateId.random("customer"), 1));
        assertThat(idsOf(accounts.query(EventQuery.all()))).containsExactly(third, first, second);
        assertThat(idsOf(accounts.query(EventQuery.all().withNames(REMARKED)))).containsExactly(second);
        assertThat(idsOf(accounts.query(EventQuery.all().withAggregateIds(first, third))))
                .containsExactly(third, first);
        try (Stream<Aggregate<Sample>> found = accounts.query(EventQuery.all().withVersions(1))) {
            assertThat(found.map(each -> each.state().number())).containsExactly(3, 3, 3);
        }
    }

    @Test
    void e19_queriesReadNoEventsOfOtherAggregates() {
        stored(sample(1));
        events.insert(Event.of(REMARKED, new Remark("of another")).withAggregate(AggregateId.random("customer"), 1));
        AggregateRepository<Sample> narrow =
                AggregateRepository.over(open(EventTypes.none().with(COUNTED, Sample.class, tck.codec())), account());
        assertThat(idsOf(narrow.query(EventQuery.all()))).containsExactly(ID);
        assertThat(idsOf(narrow.query(EventQuery.all().withAggregateNames("customer"))))
                .isEmpty();
    }

    private static List<UUID> idsOf(Stream<Aggregate<Sample>> aggregates) {
        return aggregates.map(each -> each.id().id()).toList();
    }

    @Test
    void e19_anAggregateIsSavedTogetherWithEntries() {
        Aggregate<Sample> account = accounts.fetch(ID).record(sample(5));
        Store<Sample> store = backend.store(tck.codec());
        backend.transact(transaction -> {
            transaction.write(events, accounts.saving(account));
            transaction.write(store, new WriteBatch<Sample>().set("balance", "a", account.state()));
            return true;
        });
        assertThat(accounts.fetch(ID).state())
                .isEqualTo(store.get("balance", "a").orElseThrow());
    }
}

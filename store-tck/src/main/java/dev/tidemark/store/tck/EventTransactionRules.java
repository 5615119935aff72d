package dev.tidemark.store.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.event.AggregateId;
import dev.tidemark.event.Event;
import dev.tidemark.event.EventBatch;
import dev.tidemark.event.EventConflictException;
import dev.tidemark.event.EventStore;
import dev.tidemark.event.EventStoreOptions;
import dev.tidemark.event.ExpectedVersion;
import dev.tidemark.event.SubscriptionOptions;
import dev.tidemark.store.Backend;
import dev.tidemark.store.Change;
import dev.tidemark.store.ConflictException;
import dev.tidemark.store.Store;
import dev.tidemark.store.StoreClosedException;
import dev.tidemark.store.StoreOptions;
import dev.tidemark.store.Transaction;
import dev.tidemark.store.ValidationException;
import dev.tidemark.store.Watch;
import dev.tidemark.store.WatchOptions;
import dev.tidemark.store.WriteBatch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** E16: entries and events are committed together, or not at all. */
abstract class EventTransactionRules extends EventRules {
    private static final String KIND = "balance";

    Store<Sample> store;

    // JUnit sets the rest before each test.
    @SuppressWarnings("NullAway.Init")
    EventTransactionRules(EventStoreTck tck) {
        super(tck);
    }

    @BeforeEach
    final void openStore() {
        store = backend.store(tck.codec());
    }

    private static WriteBatch<Sample> set(String key, int number) {
        return new WriteBatch<Sample>().set(KIND, key, sample(number));
    }

    private static EventBatch append(AggregateId aggregate, ExpectedVersion expected, int number) {
        return new EventBatch().append(aggregate, expected, sample(number));
    }

    @Test
    void e16_entriesAndEventsAreCommittedTogether() throws Exception {
        AggregateId aggregate = aggregate();
        Store<Sample> elsewhere =
                backend.store(tck.codec(), StoreOptions.<Sample>defaults().withNamespace(7));
        EventStore other = open(types(), EventStoreOptions.defaults().withTable("other"));
        Inbox inbox = new Inbox(tck.patience());
        own(events.subscribe(SubscriptionOptions.fromNow(), inbox));
        try (Watch<Sample> watch = store.watch(WatchOptions.defaults().withKinds(KIND))) {
            String returned = backend.transact(transaction -> {
                transaction.write(store, set("a", 1));
                transaction.write(events, append(aggregate, ExpectedVersion.NONE, 2));
                transaction.write(elsewhere, set("b", 3));
                transaction.write(other, append(aggregate, ExpectedVersion.NONE, 4));
                return "done";
            });
            assertThat(returned).isEqualTo("done");
            Optional<Change<Sample>> change = watch.poll(tck.patience());
            assertThat(change)
                    .hasValueSatisfying(seen -> assertThat(seen.value()).isEqualTo(sample(1)));
        }
        assertThat(store.get(KIND, "a")).contains(sample(1));
        assertThat(elsewhere.get(KIND, "b")).contains(sample(3));
        assertThat(numbers(all())).containsExactly(2);
        assertThat(inbox.next()).isEqualTo(all().get(0));
        assertThat(other.version(aggregate)).isEqualTo(1);
    }

    @Test
    void e16_whatTheWorkThrowsComesOutAndNothingIsWritten() throws Exception {
        assertNothing(
                transaction -> {
                    transaction.write(store, set("a", 1));
                    transaction.write(events, append(aggregate(), ExpectedVersion.NONE, 2));
                    throw new IllegalStateException("changed my mind");
                },
                IllegalStateException.class);
    }

    @Test
    void e16_aConflictOfEventsKeepsTheEntriesOut() throws Exception {
        AggregateId aggregate = aggregate();
        events.append(aggregate, ExpectedVersion.NONE, sample(1));
        assertNothing(
                transaction -> {
                    transaction.write(store, set("a", 1));
                    transaction.write(events, append(aggregate(), ExpectedVersion.NONE, 2));
                    transaction.write(events, append(aggregate, ExpectedVersion.NONE, 3));
                },
                EventConflictException.class);
    }

    @Test
    void e16_aConflictOfEntriesKeepsTheEventsOut() throws Exception {
        store.set(KIND, "taken", sample(0));
        assertNothing(
                transaction -> {
                    transaction.write(events, append(aggregate(), ExpectedVersion.NONE, 2));
                    transaction.write(store, set("a", 1));
                    transaction.write(store, new WriteBatch<Sample>().create(KIND, "taken", sample(3)));
                },
                ConflictException.class);
    }

    @Test
    void e16_aRejectedValueKeepsEverythingOut() throws Exception {
        Store<Sample> strict =
                backend.store(tck.codec(), StoreOptions.<Sample>defaults().withValidator(KIND, value -> {
                    throw new IllegalArgumentException("never good enough");
                }));
        assertNothing(
                transaction -> {
                    transaction.write(events, append(aggregate(), ExpectedVersion.NONE, 2));
                    transaction.write(strict, set("a", 1));
                },
                ValidationException.class);
    }

    private interface Work {
        void on(Transaction transaction);
    }

    private void assertNothing(Work work, Class<? extends Throwable> expected) throws Exception {
        List<String> keys = store.keys(KIND);
        long position = events.position();
        assertNothingWritten(() -> assertThatThrownBy(() -> backend.transact(transaction -> {
                    work.on(transaction);
                    return true;
                }))
                .isInstanceOf(expected));
        assertThat(store.keys(KIND)).isEqualTo(keys);
        assertThat(events.position()).isEqualTo(position);
    }

    @Test
    void e16_writesOfATransactionBuildOnEachOther() {
        AggregateId aggregate = aggregate();
        backend.transact(transaction -> {
            transaction.write(store, new WriteBatch<Sample>().create(KIND, "a", sample(1)));
            transaction.write(store, set("a", 2));
            transaction.write(events, append(aggregate, ExpectedVersion.NONE, 1));
            transaction.write(events, append(aggregate, ExpectedVersion.exactly(1), 2));
            return true;
        });
        assertThat(store.entry(KIND, "a")).hasValueSatisfying(entry -> {
            assertThat(entry.value()).isEqualTo(sample(2));
            assertThat(entry.version()).isEqualTo(2);
        });
        assertThat(numbers(history(aggregate))).containsExactly(1, 2);
    }

    @Test
    void e16_anEmptyTransactionIsNone() throws Exception {
        assertNothingWritten(() -> assertThat(backend.<Integer>transact(transaction -> {
                    transaction.write(store, new WriteBatch<>());
                    transaction.write(events, new EventBatch());
                    return 7;
                }))
                .isEqualTo(7));
    }

    @Test
    void e16_readingShowsWhatWasCommittedBefore() {
        backend.transact(transaction -> {
            transaction.write(store, set("a", 1));
            assertThat(store.get(KIND, "a")).isEmpty();
            transaction.write(events, new EventBatch().insert(event(1)));
            assertThat(all()).isEmpty();
            return true;
        });
        assertThat(store.get(KIND, "a")).isPresent();
    }

    @Test
    void e16_anAppendIdHoldsInATransaction() {
        AggregateId aggregate = aggregate();
        for (int i = 0; i < 3; i++) {
            int round = i;
            backend.transact(transaction -> {
                transaction.write(
                        events, append(aggregate, ExpectedVersion.ANY, 1).appendId("once"));
                transaction.write(store, set("round", round));
                return true;
            });
        }
        assertThat(events.version(aggregate)).isEqualTo(1);
        assertThat(store.get(KIND, "round")).contains(sample(2));
    }

    @Test
    void e16_storesOfAnotherBackendAreRefused() throws Exception {
        Path other = Files.createDirectory(directory.resolve("other"));
        Backend stranger = own(tck.openBackend(other));
        assertNothing(
                transaction -> transaction.write(stranger.store(tck.codec()), set("a", 1)),
                IllegalArgumentException.class);
        EventStore strange = tck.openEvents(stranger, types(), EventStoreOptions.defaults());
        assertNothing(
                transaction -> transaction.write(strange, new EventBatch().insert(event(1))),
                IllegalArgumentException.class);
    }

    @Test
    void e16_aTransactionIsOverWhenItsWorkReturns() {
        Transaction kept = backend.transact(transaction -> transaction);
        assertThatThrownBy(() -> kept.write(store, set("a", 1))).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> kept.write(events, new EventBatch().insert(event(1))))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void e16_aTransactionIsOverWhenItsWorkThrows() {
        Transaction[] kept = new Transaction[1];
        assertThatThrownBy(() -> backend.transact(transaction -> {
                    kept[0] = transaction;
                    throw new IllegalStateException("changed my mind");
                }))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> kept[0].write(store, set("a", 1))).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> kept[0].unwrap(Object.class)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void e16_aClosedBackendHasNoTransactions() {
        backend.close();
        assertThatThrownBy(() -> backend.transact(transaction -> {
                    transaction.write(events, new EventBatch().insert(event(1)));
                    return true;
                }))
                .isInstanceOf(StoreClosedException.class);
    }

    /** Each transaction moves an amount between a counter and the events; their sum never differs. */
    @Test
    void e16_racingTransactionsStayWhole() throws Exception {
        AggregateId aggregate = aggregate();
        List<Integer> committed = crew.race(4, thread -> {
            int count = 0;
            for (int i = 0; i < 25; i++) {
                try {
                    backend.transact(transaction -> {
                        int version = events.version(aggregate);
                        transaction.write(store, set("count", version + 1));
                        transaction.write(events, append(aggregate, ExpectedVersion.exactly(version), version));
                        return true;
                    });
                    count++;
                } catch (EventConflictException overtaken) {
                    assertThat(overtaken.aggregate()).contains(aggregate);
                }
            }
            return count;
        });
        int sum = committed.stream().mapToInt(Integer::intValue).sum();
        assertThat(sum).isGreaterThanOrEqualTo(25);
        assertThat(events.version(aggregate)).isEqualTo(sum);
        assertThat(store.get(KIND, "count")).contains(sample(sum));
        assertThat(store.entry(KIND, "count").orElseThrow().version()).isEqualTo(sum);
        assertThat(history(aggregate)).extracting(Event::version).hasSize(sum);
    }
}

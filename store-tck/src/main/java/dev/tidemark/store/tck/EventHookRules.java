package dev.tidemark.store.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.event.AggregateId;
import dev.tidemark.event.Appended;
import dev.tidemark.event.Event;
import dev.tidemark.event.EventBatch;
import dev.tidemark.event.EventHook;
import dev.tidemark.event.EventQuery;
import dev.tidemark.event.EventStore;
import dev.tidemark.event.EventStoreOptions;
import dev.tidemark.event.ExpectedVersion;
import dev.tidemark.store.Store;
import dev.tidemark.store.StoreTimeoutException;
import dev.tidemark.store.Transaction;
import dev.tidemark.store.WriteBatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** E15: hooks take part in the transaction of a write. */
abstract class EventHookRules extends EventRules {
    private static final String KIND = "hooked";

    /** Long enough for a call that waits for nothing. */
    private static final Duration SHORT = Duration.ofSeconds(1);

    private final List<List<Event<?>>> before = new ArrayList<>();
    private final List<List<Event<?>>> after = new ArrayList<>();
    private boolean failing;

    Store<Sample> store;
    EventStore hooked;

    // JUnit sets the rest before each test.
    @SuppressWarnings("NullAway.Init")
    EventHookRules(EventStoreTck tck) {
        super(tck);
    }

    @BeforeEach
    final void openHooked() {
        store = backend.store(tck.codec());
        hooked = open(types(), EventStoreOptions.defaults().withHook(new Recording()));
    }

    /** Writes down what it is told, outside and inside of the transaction. */
    private final class Recording implements EventHook {
        @Override
        public void before(Transaction transaction, List<Event<?>> inserted) {
            before.add(inserted);
            transaction.write(store, new WriteBatch<Sample>().set(KIND, "before", sample(inserted.size())));
        }

        @Override
        public void after(Transaction transaction, List<Event<?>> inserted) {
            after.add(inserted);
            transaction.write(store, new WriteBatch<Sample>().set(KIND, "after", sample(inserted.size())));
            if (failing) {
                throw new IllegalStateException("the hook says no");
            }
        }
    }

    @Test
    void e15_hooksSeeTheEventsBeforeAndAfter() {
        AggregateId aggregate = aggregate();
        Appended written = hooked.append(aggregate, ExpectedVersion.NONE, sample(1), sample(2));
        assertThat(before).hasSize(1);
        assertThat(numbers(before.get(0))).containsExactly(1, 2);
        assertThat(before.get(0)).allSatisfy(event -> {
            assertThat(event.position()).isZero();
            assertThat(event.aggregate()).isEqualTo(aggregate);
        });
        assertThat(ids(before.get(0))).isEqualTo(ids(written.events()));
        assertThat(versions(after.get(0))).containsExactly(1, 2);
        assertThat(ids(after.get(0))).isEqualTo(ids(written.events()));
        assertThat(store.keys(KIND)).containsExactly("after", "before");
        hooked.insert(event(3));
        assertThat(after).hasSize(2);
    }

    @Test
    void e15_aHookThatFailsLetsNothingBeWritten() throws Exception {
        failing = true;
        long position = events.position();
        assertNothingWritten(() -> assertThatThrownBy(() -> hooked.insert(event(1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the hook says no"));
        assertThat(store.keys(KIND)).isEmpty();
        assertThat(events.position()).isEqualTo(position);
        failing = false;
        assertThat(hooked.insert(event(2)).position()).isGreaterThan(position);
    }

    @Test
    void e15_aConflictTakesBackWhatHooksDid() throws Exception {
        AggregateId aggregate = aggregate();
        hooked.append(aggregate, ExpectedVersion.NONE, sample(1));
        store.delete(KIND, "before");
        store.delete(KIND, "after");
        assertNothingWritten(
                () -> assertConflict(aggregate, 0, 1, () -> hooked.append(aggregate, ExpectedVersion.NONE, sample(2))));
        assertThat(store.keys(KIND)).isEmpty();
        assertThat(after).hasSize(1);
    }

    @Test
    void e15_hooksRunInTheirOrder() {
        List<String> calls = new ArrayList<>();
        EventStoreOptions options = EventStoreOptions.defaults();
        for (String name : List.of("first", "second")) {
            options = options.withHook(new EventHook() {
                @Override
                public void before(Transaction transaction, List<Event<?>> inserted) {
                    calls.add(name + " before");
                }

                @Override
                public void after(Transaction transaction, List<Event<?>> inserted) {
                    calls.add(name + " after");
                }
            });
        }
        open(types(), options).insert(event(1));
        assertThat(calls).containsExactly("first before", "second before", "first after", "second after");
    }

    @Test
    void e15_hooksRunForWritesOfATransactionToo() {
        backend.transact(transaction -> {
            transaction.write(hooked, new EventBatch().insert(event(1)));
            return true;
        });
        assertThat(after).hasSize(1);
        failing = true;
        assertThatThrownBy(() -> backend.transact(transaction -> {
                    transaction.write(store, new WriteBatch<Sample>().set("other", "key", sample(1)));
                    transaction.write(hooked, new EventBatch().insert(event(2)));
                    return true;
                }))
                .hasMessage("the hook says no");
        assertThat(store.get("other", "key")).isEmpty();
        assertThat(numbers(all())).containsExactly(1);
    }

    @Test
    void e15_deletesCallNoHookAndRepeatsLeaveNoTrace() {
        AggregateId aggregate = aggregate();
        EventBatch batch = new EventBatch()
                .append(aggregate, ExpectedVersion.ANY, sample(1))
                .appendId("once");
        Appended first = hooked.write(batch);
        store.delete(KIND, "before");
        Appended again = hooked.write(batch);
        assertThat(again.repeated()).isTrue();
        assertThat(again.events()).isEqualTo(first.events());
        assertThat(after).as("hooks behind the insert").hasSize(1);
        assertThat(store.get(KIND, "before"))
                .as("what the hook before it wrote")
                .isEmpty();
        int calls = before.size();
        hooked.delete(first.events().get(0));
        assertThat(before).hasSize(calls);
    }

    @Test
    @Needs(Capability.STALL)
    void e15_aWritePastTheTransactionOfItsHookEnds() {
        bound(SHORT);
        assertWritesPastTheTransactionAreRefused();
    }

    @Test
    @NeedsLackOf(Capability.STALL)
    void e15_withoutStallsAWritePastTheTransactionOfItsHookIsRefused() {
        assertWritesPastTheTransactionAreRefused();
    }

    /** What waits for the transaction that waits for it must not wait forever, nor become part of what may be rolled back. */
    private void assertWritesPastTheTransactionAreRefused() {
        EventStore plain = open(types());
        AggregateId aggregate = aggregate();
        EventStore careless = open(types(), EventStoreOptions.defaults().withHook(new EventHook() {
            @Override
            public void after(Transaction transaction, List<Event<?>> inserted) {
                plain.append(aggregate, ExpectedVersion.ANY, sample(-1));
            }
        }));
        assertThatThrownBy(() -> careless.append(aggregate(), ExpectedVersion.NONE, sample(1)))
                .isInstanceOfAny(IllegalStateException.class, StoreTimeoutException.class);
        assertThat(atLast(() -> plain.list(EventQuery.all()))).isEmpty();
        insertAtLast(event(2));
        assertThat(numbers(atLast(() -> plain.list(EventQuery.all())))).containsExactly(2);
    }

    @Test
    void e15_hooksAndPlainWritersGetAlong() throws Exception {
        EventStore plain = open(types());
        AggregateId aggregate = aggregate();
        crew.race(4, thread -> {
            for (int i = 0; i < 25; i++) {
                (thread % 2 == 0
                                ? plain
                                : open(types(), EventStoreOptions.defaults().withHook(new EventHook() {})))
                        .append(aggregate, ExpectedVersion.ANY, sample(i));
            }
            return true;
        });
        assertThat(events.version(aggregate)).isEqualTo(100);
    }
}

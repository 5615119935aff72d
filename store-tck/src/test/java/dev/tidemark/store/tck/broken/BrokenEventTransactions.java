package dev.tidemark.store.tck.broken;

import dev.tidemark.codec.Codec;
import dev.tidemark.event.Appended;
import dev.tidemark.event.EventBatch;
import dev.tidemark.event.EventHook;
import dev.tidemark.event.EventStore;
import dev.tidemark.event.EventStoreOptions;
import dev.tidemark.event.EventTypes;
import dev.tidemark.event.Subscription;
import dev.tidemark.event.SubscriptionOptions;
import dev.tidemark.event.TransactionalEventHandler;
import dev.tidemark.store.Condition;
import dev.tidemark.store.ConflictException;
import dev.tidemark.store.Store;
import dev.tidemark.store.StoreOptions;
import dev.tidemark.store.Transaction;
import dev.tidemark.store.WriteBatch;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.stream.Stream;

/** Event stores that break what is promised about hooks and transactions. */
final class BrokenEventTransactions {
    private BrokenEventTransactions() {}

    static Stream<BrokenEvents> all() {
        return Stream.of(
                new BrokenEvents(
                        "e7", "an append that was rolled back keeps its id", BrokenEventTransactions::unforgetting),
                BrokenEvents.store("e14", "a conflict of a handler is final", BrokenEventTransactions::givingUp),
                new BrokenEvents("e15", "hooks run when everything is over", BrokenEventTransactions::hookedLate),
                new BrokenEvents("e15", "hooks are not called", BrokenEventTransactions::unhooked),
                new BrokenEvents(
                        "e15",
                        "what a hook writes past its transaction is put off",
                        BrokenEventTransactions::postponing),
                new BrokenEvents("e16", "a transaction writes as it goes", BrokenEventTransactions::writingAtOnce),
                new BrokenEvents(
                        "e16",
                        "a failed transaction is undone by writing again",
                        BrokenEventTransactions::compensating),
                new BrokenEvents(
                        "e16", "sameness is asked of what was there before", BrokenEventTransactions::comparingBefore));
    }

    private static EventStore givingUp(EventStore store) {
        return new ForwardingEventStore(store) {
            @Override
            public Subscription subscribe(SubscriptionOptions options, TransactionalEventHandler handler) {
                return super.subscribe(
                        options,
                        (event, transaction) -> handler.handle(event, new ForwardingTransaction(transaction) {
                            @Override
                            public <V> void write(Store<V> written, WriteBatch<V> batch) {
                                batch.steps().stream()
                                        .filter(step -> step.condition() == Condition.ABSENT)
                                        .filter(step -> written.get(step.kind(), step.key())
                                                .isPresent())
                                        .forEach(step -> {
                                            throw new IllegalStateException(step.key() + " is taken");
                                        });
                                super.write(written, batch);
                            }
                        }));
            }
        };
    }

    private static EventRig unhooked() {
        return new EventRig() {
            @Override
            public EventStore events(EventTypes types, EventStoreOptions options) {
                return super.events(types, EventStoreOptions.defaults().withTable(options.table()));
            }
        };
    }

    private static EventRig hookedLate() {
        return new EventRig() {
            @Override
            public EventStore events(EventTypes types, EventStoreOptions options) {
                EventStore plain =
                        memory.events(types, EventStoreOptions.defaults().withTable(options.table()));
                return new ForwardingEventStore(plain) {
                    @Override
                    public Appended write(EventBatch batch) {
                        Appended written = plain.write(batch);
                        memory.transact(transaction -> {
                            for (EventHook hook : options.hooks()) {
                                hook.before(transaction, written.events());
                                hook.after(transaction, written.events());
                            }
                            return true;
                        });
                        return written;
                    }
                };
            }
        };
    }

    private static EventRig postponing() {
        return new EventRig() {
            private final Deque<EventBatch> postponed = new ConcurrentLinkedDeque<>();
            private final ReentrantLock hooked = new ReentrantLock();

            @Override
            EventStore decorate(EventStore store, EventStoreOptions options) {
                return new ForwardingEventStore(store) {
                    @Override
                    public Appended write(EventBatch batch) {
                        if (hooked.isHeldByCurrentThread()) {
                            postponed.add(batch);
                            return new Appended(List.of(), false);
                        }
                        return options.hooks().isEmpty() ? store.write(batch) : writeHooked(batch);
                    }

                    private Appended writeHooked(EventBatch batch) {
                        Appended written;
                        hooked.lock();
                        try {
                            written = store.write(batch);
                        } finally {
                            hooked.unlock();
                        }
                        postponed.forEach(store::write);
                        return written;
                    }
                };
            }
        };
    }

    /** Runs the work of a transaction with something else in the way of its writes to stores. */
    private abstract static class Interposed extends EventRig {
        abstract <V> void write(Transaction transaction, Store<V> store, WriteBatch<V> batch);

        @Override
        public <T> T transact(Function<? super Transaction, T> work) {
            return super.transact(transaction -> work.apply(new ForwardingTransaction(transaction) {
                @Override
                public <V> void write(Store<V> store, WriteBatch<V> batch) {
                    Interposed.this.write(transaction, store, batch);
                }
            }));
        }
    }

    private static EventRig compensating() {
        return new Interposed() {
            private final List<Runnable> written = new ArrayList<>();

            @Override
            <V> void write(Transaction transaction, Store<V> store, WriteBatch<V> batch) {
                transaction.write(store, batch);
                for (WriteBatch.Step<V> step : batch.steps()) {
                    written.add(() -> store.get(step.kind(), step.key()).ifPresent(value -> {
                        store.delete(step.kind(), step.key());
                        store.set(step.kind(), step.key(), value);
                    }));
                }
            }

            @Override
            public <T> T transact(Function<? super Transaction, T> work) {
                written.clear();
                try {
                    return super.transact(work);
                } catch (RuntimeException failure) {
                    written.forEach(Runnable::run);
                    throw failure;
                }
            }
        };
    }

    private static EventRig unforgetting() {
        return new EventRig() {
            private final Set<String> seen = ConcurrentHashMap.newKeySet();

            @Override
            EventStore decorate(EventStore store, EventStoreOptions options) {
                return new ForwardingEventStore(store) {
                    @Override
                    public Appended write(EventBatch batch) {
                        boolean known = batch.appendId().filter(seen::contains).isPresent();
                        return known ? new Appended(List.of(), true) : store.write(batch);
                    }
                };
            }

            @Override
            public <T> T transact(Function<? super Transaction, T> work) {
                return super.transact(transaction -> work.apply(new ForwardingTransaction(transaction) {
                    @Override
                    public void write(EventStore events, EventBatch batch) {
                        batch.appendId().ifPresent(seen::add);
                        super.write(events, batch);
                    }
                }));
            }
        };
    }

    /** What is compared with the state before finds, when it is written, that this has changed. */
    private static EventRig comparingBefore() {
        return new Interposed() {
            private final Set<Store<?>> comparing = ConcurrentHashMap.newKeySet();
            private final Set<String> written = ConcurrentHashMap.newKeySet();

            @Override
            public <V> Store<V> store(Codec<V> codec, StoreOptions<V> options) {
                Store<V> store = super.store(codec, options);
                options.sameValue().ifPresent(same -> comparing.add(store));
                return store;
            }

            @Override
            <V> void write(Transaction transaction, Store<V> store, WriteBatch<V> batch) {
                for (WriteBatch.Step<V> step : batch.steps()) {
                    if (!written.add(step.key()) && comparing.contains(store)) {
                        throw new ConflictException(step.kind(), step.key(), null, 1L);
                    }
                }
                transaction.write(store, batch);
            }
        };
    }

    private static EventRig writingAtOnce() {
        return new EventRig() {
            @Override
            public <T> T transact(Function<? super Transaction, T> work) {
                return super.transact(transaction -> work.apply(new ForwardingTransaction(transaction) {
                    @Override
                    public <V> void write(Store<V> store, WriteBatch<V> batch) {
                        store.write(batch);
                    }

                    @Override
                    public void write(EventStore events, EventBatch batch) {
                        events.write(batch);
                    }
                }));
            }
        };
    }
}

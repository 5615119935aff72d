package dev.tidemark.store.tck.broken;

import dev.tidemark.codec.Codec;
import dev.tidemark.event.EventStore;
import dev.tidemark.event.EventStoreOptions;
import dev.tidemark.event.EventTypes;
import dev.tidemark.store.Backend;
import dev.tidemark.store.Store;
import dev.tidemark.store.StoreOptions;
import dev.tidemark.store.Transaction;
import dev.tidemark.store.inmemory.InMemoryBackend;
import java.util.function.Function;

/** A backend whose event stores keep every rule, made to be overridden so that one is broken. */
class EventRig implements Backend {
    final InMemoryBackend memory = InMemoryBackend.open();

    @Override
    public <V> Store<V> store(Codec<V> codec, StoreOptions<V> options) {
        return memory.store(codec, options);
    }

    @Override
    public EventStore events(EventTypes types, EventStoreOptions options) {
        return decorate(memory.events(types, options), options);
    }

    EventStore decorate(EventStore store, EventStoreOptions options) {
        return new ForwardingEventStore(store);
    }

    @Override
    public <T> T transact(Function<? super Transaction, T> work) {
        return memory.transact(transaction -> work.apply(new ForwardingTransaction(transaction)));
    }

    @Override
    public void close() {
        memory.close();
    }
}

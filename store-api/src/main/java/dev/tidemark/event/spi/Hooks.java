package dev.tidemark.event.spi;

import dev.tidemark.event.Event;
import dev.tidemark.event.EventHook;
import dev.tidemark.store.StoreException;
import java.util.List;

/** Writes events with the hooks of a store around them, in one transaction. */
final class Hooks {
    private final EventEngine engine;
    private final List<EventHook> hooks;

    /** Rolls back what the hooks did for a write that turned out to be repeated. */
    private static final class Repeated extends StoreException {
        private static final long serialVersionUID = 1L;

        private final transient EventReceipt receipt;

        Repeated(EventReceipt receipt) {
            super("the write is repeated");
            this.receipt = receipt;
        }
    }

    Hooks(EventEngine engine, List<EventHook> hooks) {
        this.engine = engine;
        this.hooks = hooks;
    }

    boolean isEmpty() {
        return hooks.isEmpty();
    }

    /** Writes in a transaction of its own. */
    EventReceipt write(EventMapper.Draft draft) {
        TransactionEngine owner = engine.transactions();
        try {
            return owner.transact(transaction -> {
                EventReceipt receipt = write(owner, transaction, draft);
                if (receipt.repeated() != null) {
                    throw new Repeated(receipt);
                }
                return receipt;
            });
        } catch (Repeated repeated) {
            return repeated.receipt;
        }
    }

    /** Writes in a transaction that is there. */
    EventReceipt write(TransactionEngine owner, EngineTransaction transaction, EventMapper.Draft draft) {
        TypedTransaction before = new TypedTransaction(owner, transaction);
        call(before, draft.events(), EventHook::before);
        EventReceipt receipt = transaction.write(engine, draft.write());
        if (receipt.repeated() == null) {
            before.flush();
            TypedTransaction after = new TypedTransaction(owner, transaction);
            call(after, EventMapper.stored(draft, receipt), EventHook::after);
            after.flush();
        }
        return receipt;
    }

    private interface Call {
        void on(EventHook hook, TypedTransaction transaction, List<Event<?>> events);
    }

    private void call(TypedTransaction transaction, List<Event<?>> events, Call call) {
        List<Event<?>> shown = List.copyOf(events);
        try {
            hooks.forEach(hook -> call.on(hook, transaction, shown));
        } finally {
            transaction.end();
        }
    }
}

package dev.tidemark.event.spi;

import dev.tidemark.event.Event;
import dev.tidemark.event.EventConflictException;
import dev.tidemark.event.TransactionalEventHandler;
import dev.tidemark.store.ConflictException;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.StoreUnavailableException;

/** Hands events over in transactions that move the checkpoint. */
final class TransactionalDelivery implements Delivery {
    private static final int TRIES = 10;

    private final EventEngine engine;
    private final EventMapper mapper;
    private final TransactionalEventHandler handler;
    private int conflicts;

    /** Another process moved the checkpoint, and what was done here is rolled back. */
    private static final class Overtaken extends StoreException {
        private static final long serialVersionUID = 1L;

        Overtaken() {
            super("another process has moved the checkpoint");
        }
    }

    /** Carries what a handler threw through the transaction. */
    private static final class HandlerFailure extends StoreException {
        private static final long serialVersionUID = 1L;

        private final Exception thrown;

        HandlerFailure(Exception thrown) {
            super("the handler failed", thrown);
            this.thrown = thrown;
        }
    }

    TransactionalDelivery(EventEngine engine, EventMapper mapper, TransactionalEventHandler handler) {
        this.engine = engine;
        this.mapper = mapper;
        this.handler = handler;
    }

    @Override
    public boolean deliver(StoredEvent stored, Hold hold) throws Exception {
        Event<?> event = mapper.toEvent(stored);
        Checkpoint step = hold.step(stored.position());
        try {
            TransactionEngine transactions = engine.transactions();
            transactions.transact(transaction -> run(transactions, transaction, event, step));
        } catch (Overtaken overtaken) {
            hold.lose();
            return false;
        } catch (HandlerFailure failure) {
            throw failure.thrown;
        } catch (ConflictException | EventConflictException conflict) {
            throw retriable(conflict);
        }
        conflicts = 0;
        hold.stepped(step);
        return true;
    }

    private boolean run(
            TransactionEngine transactions, EngineTransaction transaction, Event<?> event, Checkpoint step) {
        TypedTransaction typed = new TypedTransaction(transactions, transaction);
        try {
            handler.handle(event, typed);
        } catch (Exception thrown) {
            throw transaction.isLost()
                    ? new StoreUnavailableException("the transaction was lost while its handler ran", thrown)
                    : new HandlerFailure(thrown);
        } finally {
            typed.end();
            // What the handler leaves behind was meant for it, not for the commit.
            Thread.interrupted();
        }
        typed.flush();
        if (!transaction.move(engine, step)) {
            throw new Overtaken();
        }
        return true;
    }

    private StoreException retriable(StoreException conflict) {
        conflicts++;
        return conflicts < TRIES
                ? new StoreUnavailableException("a conflict, " + conflict.getMessage(), conflict)
                : conflict;
    }
}

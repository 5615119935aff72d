package dev.tidemark.event;

import dev.tidemark.store.Transaction;

/**
 * Gets the events of a named subscription one at a time, in the order of positions, each with a transaction that also moves the
 * subscription on: what the handler writes in it is committed together with the fact that the event was handled, so it happens exactly
 * once, whatever breaks on the way.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface TransactionalEventHandler {

    /**
     * An event. What this throws rolls its transaction back and ends the subscription, unless it is a fault that passes, as for
     * {@link EventHandler#handle}, or a conflict of what was written, which may be gone at the next try: then the event is handed over
     * again, a conflict ten times at most.
     */
    void handle(Event<?> event, Transaction transaction) throws Exception;
}

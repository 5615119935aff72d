package dev.tidemark.event;

/**
 * Gets the events of a subscription one at a time, in the order of positions.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface EventHandler {

    /**
     * An event. What this throws ends the subscription, unless it is {@link dev.tidemark.store.StoreUnavailableException},
     * {@link dev.tidemark.store.StoreTimeoutException} or {@link dev.tidemark.store.OutcomeUnknownException}: those pass, and the event
     * is handed over again.
     */
    void handle(Event<?> event) throws Exception;
}

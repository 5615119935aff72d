package dev.tidemark.event.spi;

/** Hands an event of a subscription over. */
@FunctionalInterface
interface Delivery {

    /** Returns whether it was handled; false when the hold turned out to be another's. */
    boolean deliver(StoredEvent event, Hold hold) throws Exception;
}

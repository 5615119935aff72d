package dev.tidemark.store.tck.broken;

import dev.tidemark.event.EventStore;
import dev.tidemark.event.EventStoreOptions;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * An event store that breaks a rule.
 *
 * @param rule the rule, as test names cite it
 * @param what what is wrong with the event store
 * @param rig makes a backend of it
 */
record BrokenEvents(String rule, String what, Supplier<EventRig> rig) {

    static BrokenEvents store(String rule, String what, UnaryOperator<EventStore> broken) {
        return new BrokenEvents(rule, what, () -> new EventRig() {
            @Override
            EventStore decorate(EventStore store, EventStoreOptions options) {
                return broken.apply(store);
            }
        });
    }

    @Override
    public String toString() {
        return rule + ": " + what;
    }
}

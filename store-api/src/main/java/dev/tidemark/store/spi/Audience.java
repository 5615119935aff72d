package dev.tidemark.store.spi;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The live watches of a hub by what they watch, so that a change is put to those that may want it, and the others cost nothing. For
 * one thread at a time.
 */
final class Audience<R> {

    /** A kind and a key; null stands for any. */
    record Topic(@Nullable String kind, @Nullable String key) {}

    private static final Topic EVERYTHING = new Topic(null, null);

    private final Map<Topic, Set<RawWatch<R>>> watches = new HashMap<>();
    private int ofOneKey;

    void add(RawWatch<R> watch) {
        for (Topic topic : watch.topics()) {
            if (watches.computeIfAbsent(topic, absent -> new LinkedHashSet<>()).add(watch)) {
                ofOneKey += topic.key() == null ? 0 : 1;
            }
        }
    }

    void remove(RawWatch<R> watch) {
        for (Topic topic : watch.topics()) {
            watches.computeIfPresent(topic, (same, found) -> {
                if (found.remove(watch)) {
                    ofOneKey -= topic.key() == null ? 0 : 1;
                }
                return found.isEmpty() ? null : found;
            });
        }
    }

    /** Runs an action on each watch that may want a change, once. */
    void forEach(Committed<R> change, Consumer<RawWatch<R>> action) {
        forEach(EVERYTHING, action);
        forEach(new Topic(change.kind(), null), action);
        if (ofOneKey > 0) {
            forEach(new Topic(null, change.key()), action);
            forEach(new Topic(change.kind(), change.key()), action);
        }
    }

    private void forEach(Topic topic, Consumer<RawWatch<R>> action) {
        Set<RawWatch<R>> same = watches.get(topic);
        if (same != null) {
            same.forEach(action);
        }
    }
}

package dev.tidemark.store.spi;

import dev.tidemark.store.Change;
import dev.tidemark.store.WatchOptions;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The selecting half of {@link WatchOptions}, with its names checked. */
final class ChangeFilter {
    private final Set<String> kinds;
    private final @Nullable String key;
    private final KeyRange range;
    private final Set<Change.Type> types;

    ChangeFilter(WatchOptions options) {
        options.kinds().forEach(Names::checkKind);
        KeyRange ofPrefix = KeyRange.ofPrefix(options.prefix());
        this.kinds = options.kinds();
        this.key = options.key();
        this.types = options.types();
        if (key == null) {
            this.range = ofPrefix;
        } else {
            this.range = ofPrefix.contains(Names.checkKey(key)) ? KeyRange.ofKey(key) : KeyRange.NONE;
        }
    }

    boolean matches(Committed<?> change) {
        return types.contains(change.type())
                && (kinds.isEmpty() || kinds.contains(change.kind()))
                && range.contains(change.key());
    }

    /** What every change that matches is about one of. */
    List<Audience.Topic> topics() {
        return kinds.isEmpty()
                ? List.of(new Audience.Topic(null, key))
                : kinds.stream().map(kind -> new Audience.Topic(kind, key)).toList();
    }

    /** The kinds whose entries a replay has to read, in order. */
    List<String> replayed(EngineSnapshot<?> snapshot) {
        if (!types.contains(Change.Type.CREATED) || range.isEmpty()) {
            return List.of();
        }
        return kinds.isEmpty()
                ? snapshot.kinds()
                : kinds.stream().sorted(Names.ORDER).toList();
    }

    KeyRange range() {
        return range;
    }
}

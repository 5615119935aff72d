package dev.tidemark.store.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.store.Change;
import dev.tidemark.store.Entry;
import dev.tidemark.store.ListOptions;
import dev.tidemark.store.SetResult;
import dev.tidemark.store.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a store is, without anything that makes it hard: a map, and the list of its changes. */
final class Model {
    /** What is known of a change beforehand. */
    record Expected(Change.Type type, String kind, String key, Sample value, long version) {
        static Expected of(Change<Sample> change) {
            return new Expected(change.type(), change.kind(), change.key(), change.value(), change.version());
        }
    }

    private record Held(Sample value, long version) {}

    private final Map<String, Map<String, Held>> kinds = new TreeMap<>(OrderRules.BY_CODE_POINT);
    private final List<Expected> changes = new ArrayList<>();

    @Nullable
    Sample get(String kind, String key) {
        Held held = ofKind(kind).get(key);
        return held == null ? null : held.value;
    }

    List<Expected> changes() {
        return changes;
    }

    SetResult set(String kind, String key, Sample value) {
        Held before = ofKind(kind).get(key);
        if (before != null && before.value.equals(value)) {
            return SetResult.UNCHANGED;
        }
        long version = before == null ? 1 : before.version + 1;
        ofKind(kind).put(key, new Held(value, version));
        Change.Type type = before == null ? Change.Type.CREATED : Change.Type.UPDATED;
        changes.add(new Expected(type, kind, key, value, version));
        return before == null ? SetResult.CREATED : SetResult.UPDATED;
    }

    Optional<Sample> delete(String kind, String key) {
        Held before = ofKind(kind).remove(key);
        if (before == null) {
            return Optional.empty();
        }
        changes.add(new Expected(Change.Type.DELETED, kind, key, before.value, before.version));
        return Optional.of(before.value);
    }

    List<String> keys(String kind, ListOptions options) {
        return ofKind(kind).keySet().stream()
                .filter(key -> key.startsWith(options.prefix()))
                .filter(key -> options.after() == null
                        || OrderRules.BY_CODE_POINT.compare(key, Objects.requireNonNull(options.after())) > 0)
                .limit(options.limit())
                .toList();
    }

    void assertEquals(Store<Sample> store) {
        kinds.values().removeIf(Map::isEmpty);
        assertThat(store.kinds()).isEqualTo(List.copyOf(kinds.keySet()));
        for (String kind : List.copyOf(kinds.keySet())) {
            Map<String, Held> stored = new TreeMap<>(OrderRules.BY_CODE_POINT);
            for (Entry<Sample> entry : store.list(kind).items()) {
                stored.put(entry.key(), new Held(entry.value(), entry.version()));
            }
            assertThat(stored).isEqualTo(ofKind(kind));
            assertThat(store.count(kind)).isEqualTo(stored.size());
        }
    }

    private Map<String, Held> ofKind(String kind) {
        return kinds.computeIfAbsent(kind, absent -> new TreeMap<>(OrderRules.BY_CODE_POINT));
    }
}

package dev.tidemark.store.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.store.ListOptions;
import dev.tidemark.store.Snapshot;
import dev.tidemark.store.WatchOptions;
import dev.tidemark.store.WriteBatch;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** For rules about names: every call that takes one, by what it is called. */
abstract class EveryCall extends Rules {
    EveryCall(StoreTck tck) {
        super(tck);
    }

    final Map<String, Consumer<String>> callsWithKind() {
        ListOptions all = ListOptions.defaults();
        Map<String, Consumer<String>> calls = new LinkedHashMap<>();
        calls.put("list", kind -> store.list(kind));
        calls.put("list with a filter", kind -> store.list(kind, all, entry -> true));
        calls.put("values", kind -> store.values(kind));
        calls.put("keys", kind -> store.keys(kind));
        calls.put("count", kind -> store.count(kind));
        calls.put("getAll of nothing", kind -> store.getAll(kind, List.of()));
        calls.put("setAll of nothing", kind -> store.setAll(kind, Map.of()));
        calls.put("snapshot stream", this::streamAll);
        calls.put("watch", kind -> own(store.watch(kind, WatchOptions.defaults())));
        return calls;
    }

    private void streamAll(String kind) {
        try (Snapshot<Sample> snapshot = store.snapshot();
                var entries = snapshot.stream(kind)) {
            entries.forEach(entry -> assertThat(entry).isNotNull());
        }
    }

    final Map<String, BiConsumer<String, String>> callsWithKey() {
        Map<String, BiConsumer<String, String>> calls = new LinkedHashMap<>();
        calls.put("get", (kind, key) -> store.get(kind, key));
        calls.put("entry", (kind, key) -> store.entry(kind, key));
        calls.put("getAll", (kind, key) -> store.getAll(kind, Arrays.asList("other", key)));
        calls.put("set", (kind, key) -> store.set(kind, key, sample(1)));
        calls.put("create", (kind, key) -> store.create(kind, key, sample(1)));
        calls.put("replace", (kind, key) -> store.replace(kind, key, sample(1), 1));
        calls.put("update", (kind, key) -> store.update(kind, key, value -> sample(1)));
        calls.put("upsert", (kind, key) -> store.upsert(kind, key, value -> sample(1)));
        calls.put("setAll", (kind, key) -> store.setAll(kind, Collections.singletonMap(key, sample(1))));
        calls.put("delete", (kind, key) -> store.delete(kind, key));
        calls.put("delete by tag", (kind, key) -> store.delete(kind, key, 1));
        calls.put(
                "watch a key",
                (kind, key) -> own(store.watch(kind, WatchOptions.defaults().withKey(key))));
        batch(calls, "set", (kind, key) -> new WriteBatch<Sample>().set(kind, key, sample(1)));
        batch(calls, "create", (kind, key) -> new WriteBatch<Sample>().create(kind, key, sample(1)));
        batch(calls, "replace", (kind, key) -> new WriteBatch<Sample>().replace(kind, key, sample(1), 1));
        batch(calls, "delete", (kind, key) -> new WriteBatch<Sample>().delete(kind, key));
        batch(calls, "delete by tag", (kind, key) -> new WriteBatch<Sample>().delete(kind, key, 1));
        batch(calls, "require", (kind, key) -> new WriteBatch<Sample>().require(kind, key, 1));
        batch(calls, "require absent", (kind, key) -> new WriteBatch<Sample>().requireAbsent(kind, key));
        return calls;
    }

    private interface BatchOf {
        WriteBatch<Sample> of(String kind, String key);
    }

    private void batch(Map<String, BiConsumer<String, String>> calls, String step, BatchOf batch) {
        calls.put("batch " + step, (kind, key) -> store.write(batch.of(kind, key)));
    }
}

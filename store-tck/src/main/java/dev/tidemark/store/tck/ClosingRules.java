package dev.tidemark.store.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.store.ListOptions;
import dev.tidemark.store.Snapshot;
import dev.tidemark.store.StoreClosedException;
import dev.tidemark.store.StoreOptions;
import dev.tidemark.store.WatchOptions;
import dev.tidemark.store.WriteBatch;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** K11: what a closed backend does. */
abstract class ClosingRules extends Rules {
    ClosingRules(StoreTck tck) {
        super(tck);
    }

    @Test
    void k11_everyCallAfterCloseSaysSo() {
        store.set(KIND, "key", sample(1));
        backend.close();
        calls().forEach((method, call) -> assertThatThrownBy(call, method).isInstanceOf(StoreClosedException.class));
    }

    @Test
    void k11_closeIsIdempotent() throws Exception {
        store.set(KIND, "key", sample(1));
        crew.race(4, thread -> {
            backend.close();
            return thread;
        });
        backend.close();
        assertThatThrownBy(() -> store.get(KIND, "key")).isInstanceOf(StoreClosedException.class);
    }

    @Test
    void k11_anOpenSnapshotEndsWithItsBackend() {
        store.setAll(KIND, samples(2_000));
        Snapshot<Sample> snapshot = own(store.snapshot());
        var entries = snapshot.stream(KIND).iterator();
        entries.next();
        backend.close();
        assertThatThrownBy(() ->
                        entries.forEachRemaining(entry -> assertThat(entry).isNotNull()))
                .isInstanceOf(StoreClosedException.class);
        assertThatThrownBy(snapshot::kinds).isInstanceOf(StoreClosedException.class);
    }

    @Test
    void k11_callsBesideACloseEndWithTheirResultOrItsName() throws Exception {
        List<Integer> finished = crew.race(5, thread -> {
            int calls = 0;
            try {
                while (true) {
                    if (thread == 0 && calls == 20) {
                        backend.close();
                    }
                    store.set(KIND, "key" + thread, sample(calls));
                    assertThat(store.get(KIND, "key" + thread)).contains(sample(calls));
                    assertThat(store.keys(KIND)).contains("key" + thread);
                    calls++;
                }
            } catch (StoreClosedException closed) {
                return calls;
            }
        });
        assertThat(finished.get(0)).isEqualTo(20);
    }

    private Map<String, ThrowingCallable> calls() {
        Map<String, ThrowingCallable> calls = new LinkedHashMap<>();
        calls.put("get", () -> store.get(KIND, "key"));
        calls.put("entry", () -> store.entry(KIND, "key"));
        calls.put("getAll", () -> store.getAll(KIND, List.of("key")));
        calls.put("list", () -> store.list(KIND));
        calls.put("values", () -> store.values(KIND));
        calls.put("keys", () -> store.keys(KIND));
        calls.put("count", () -> store.count(KIND, ListOptions.defaults()));
        calls.put("kinds", () -> store.kinds());
        calls.put("snapshot", () -> store.snapshot());
        calls.put("set", () -> store.set(KIND, "key", sample(2)));
        calls.put("update", () -> store.update(KIND, "key", value -> sample(2)));
        calls.put("upsert", () -> store.upsert(KIND, "key", value -> sample(2)));
        calls.put("setAll", () -> store.setAll(KIND, Map.of("key", sample(2))));
        calls.put("setAll of nothing", () -> store.setAll(KIND, Map.of()));
        calls.put("delete", () -> store.delete(KIND, "key"));
        calls.put("create", () -> store.create(KIND, "new", sample(2)));
        calls.put("replace", () -> store.replace(KIND, "key", sample(2), 1));
        calls.put("delete by tag", () -> store.delete(KIND, "key", 1));
        calls.put("write", () -> store.write(new WriteBatch<Sample>().set(KIND, "key", sample(2))));
        calls.put("write of nothing", () -> store.write(new WriteBatch<>()));
        calls.put("watch", () -> store.watch(WatchOptions.defaults()));
        calls.put(
                "watch with a replay", () -> store.watch(WatchOptions.defaults().withInitialReplay()));
        calls.put(
                "watch from a revision",
                () -> store.watch(WatchOptions.defaults().withStartAfter(0)));
        calls.put("store", () -> backend.store(tck.codec(), StoreOptions.defaults()));
        return calls;
    }
}

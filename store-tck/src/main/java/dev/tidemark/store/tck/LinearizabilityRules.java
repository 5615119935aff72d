package dev.tidemark.store.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.store.Change;
import dev.tidemark.store.Entry;
import dev.tidemark.store.Store;
import dev.tidemark.store.StoreOptions;
import dev.tidemark.store.WatchOptions;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** K9: operations on one key are linearizable, and a write that returned is visible to every later read. */
abstract class LinearizabilityRules extends Rules {
    private static final List<String> KEYS = List.of("a", "b");
    private static final int THREADS = 6;
    private static final int OPERATIONS = 150;

    LinearizabilityRules(StoreTck tck) {
        super(tck);
    }

    @Test
    void k9_singleKeyOperationsAreLinearizable() throws Exception {
        race(List.of(store));
    }

    @Test
    void k9_viewsOfOneBackendShareTheirData() throws Exception {
        race(List.of(store, store(StoreOptions.defaults()), store(StoreOptions.defaults())));
    }

    @Test
    @Needs(Capability.SHARING)
    void k9_backendsOnOneDirectoryAreLinearizableTogether() throws Exception {
        race(List.of(store, tck.openStore(own(tck.openBackend(directory)), StoreOptions.defaults())));
    }

    @Test
    @Needs(Capability.SHARING)
    void k9_aWriteIsVisibleToLaterReadsOfOtherBackends() {
        Store<Sample> other = tck.openStore(own(tck.openBackend(directory)), StoreOptions.defaults());
        for (int i = 0; i < 100; i++) {
            store.set(KIND, "key", sample(i));
            assertThat(other.get(KIND, "key")).contains(sample(i));
            other.set(KIND, "key", sample(-i - 1));
            assertThat(store.get(KIND, "key")).contains(sample(-i - 1));
        }
        assertThat(other.entry(KIND, "key")).contains(entry("key"));
    }

    @Test
    void k9_everyKindOfReadSeesAWriteThatReturned() throws Exception {
        crew.race(4, thread -> {
            String kind = "kind" + thread;
            for (int i = 0; i < 100; i++) {
                Sample value = sample(i);
                store.set(kind, "key", value);
                assertThat(store.get(kind, "key")).contains(value);
                assertThat(store.entry(kind, "key")).map(Entry::value).contains(value);
                assertThat(store.getAll(kind, List.of("key"))).containsEntry("key", value);
                assertThat(store.values(kind)).containsExactly(value);
                store.delete(kind, "key");
                assertThat(store.get(kind, "key")).isEmpty();
                assertThat(store.keys(kind)).isEmpty();
                assertThat(store.count(kind)).isZero();
            }
            return thread;
        });
    }

    private void race(List<Store<Sample>> stores) throws Exception {
        long start = revision();
        List<KeyHistory> histories = KEYS.stream().map(KeyHistory::new).toList();
        AtomicInteger unique = new AtomicInteger();
        crew.race(THREADS, thread -> {
            Random random = new Random(thread);
            Store<Sample> mine = stores.get(thread % stores.size());
            for (int i = 0; i < OPERATIONS; i++) {
                KeyHistory history = histories.get(random.nextInt(histories.size()));
                operate(mine, history, random.nextInt(10), unique);
            }
            return thread;
        });
        for (KeyHistory history : histories) {
            List<Change<Sample>> changes = rest(watch(WatchOptions.defaults().withStartAfter(start)), "marks").stream()
                    .filter(change -> change.kind().equals(KIND) && change.key().equals(history.key()))
                    .toList();
            assertThat(changes).as("changes of %s", history.key()).hasSizeGreaterThan(50);
            assertThat(history.size()).as("operations on %s", history.key()).isGreaterThan(200);
            history.assertLinearizable(changes);
        }
    }

    private static void operate(Store<Sample> store, KeyHistory history, int dice, AtomicInteger unique) {
        String key = history.key();
        Sample fresh = sample(unique.incrementAndGet());
        long invoked = KeyHistory.now();
        switch (dice) {
            case 0, 1, 2 -> {
                store.set(KIND, key, fresh);
                history.wrote(invoked, fresh);
            }
            case 3 -> {
                store.upsert(KIND, key, before -> fresh);
                history.wrote(invoked, fresh);
            }
            case 4 -> history.deleted(invoked, store.delete(KIND, key).orElse(null));
            case 5, 6 ->
                history.read(invoked, store.entry(KIND, key).map(Entry::value).orElse(null));
            default -> history.read(invoked, store.get(KIND, key).orElse(null));
        }
    }
}

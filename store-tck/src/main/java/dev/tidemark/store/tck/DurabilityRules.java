package dev.tidemark.store.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.store.Backend;
import dev.tidemark.store.Entry;
import dev.tidemark.store.RevisionAheadException;
import dev.tidemark.store.Store;
import dev.tidemark.store.StoreClosedException;
import dev.tidemark.store.StoreOptions;
import dev.tidemark.store.WatchOptions;
import dev.tidemark.store.WriteBatch;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** K9: a write that returned is there after the backend was closed and opened again. */
abstract class DurabilityRules extends Rules {
    DurabilityRules(StoreTck tck) {
        super(tck);
    }

    @Test
    @Needs(Capability.DURABILITY)
    void k9_everythingIsThereAfterARestart() {
        long tag = store.create(KIND, "replaced", sample(1));
        store.set(KIND, "deleted", sample(1));
        store.replace(KIND, "replaced", sample(2), tag);
        store.delete(KIND, "deleted");
        store.set("emptied", "deleted", sample(1));
        store.delete("emptied", "deleted");
        store.upsert("other", "upserted", before -> sample(3));
        store.setAll(KIND, Map.of("merged", sample(4), "replaced", sample(5)));
        store.write(new WriteBatch<Sample>().set("third", "batched", sample(6)));
        List<String> kinds = store.kinds();
        List<Entry<Sample>> entries = everything();
        reopen();
        assertThat(store.kinds()).isEqualTo(kinds).hasSize(3);
        assertThat(everything()).isEqualTo(entries).hasSize(4);
    }

    @Test
    @Needs(Capability.DURABILITY)
    void k9_everyWriteThatReturnedSurvivesACloseInItsMidst() throws Exception {
        for (int round = 0; round < 5; round++) {
            Map<String, Integer> acknowledged = new HashMap<>();
            Semaphore writes = new Semaphore(0);
            List<Future<Map<String, Integer>>> writers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                String key = "key" + round + "-" + i;
                Store<Sample> open = store;
                writers.add(crew.start(() -> writeUntilClosed(open, key, writes)));
            }
            assertThat(writes.tryAcquire(100, tck.patience().toNanos(), TimeUnit.NANOSECONDS))
                    .isTrue();
            reopen();
            for (Future<Map<String, Integer>> writer : writers) {
                acknowledged.putAll(crew.await(writer));
            }
            assertThat(acknowledged).hasSize(4);
            acknowledged.forEach((key, number) -> assertThat(
                            store.get(KIND, key).map(Sample::number).orElse(0))
                    .as("acknowledged %s", key)
                    .isGreaterThanOrEqualTo(number));
        }
    }

    private static Map<String, Integer> writeUntilClosed(Store<Sample> store, String key, Semaphore writes) {
        int number = 0;
        try {
            while (true) {
                store.set(KIND, key, sample(number + 1));
                number++;
                writes.release();
            }
        } catch (StoreClosedException closed) {
            return Map.of(key, number);
        }
    }

    @Test
    void k9_anotherDirectoryIsAnotherDatabase() throws Exception {
        store.set(KIND, "key", sample(1));
        Backend elsewhere = own(tck.openBackend(Files.createDirectory(directory.resolve("elsewhere"))));
        assertThat(tck.openStore(elsewhere, StoreOptions.defaults()).kinds()).isEmpty();
    }

    @Test
    @NeedsLackOf(Capability.DURABILITY)
    void k9_withoutDurabilityARestartIsEmptyAndRefusesToResume() {
        store.set(KIND, "key", sample(1));
        long revision = revision();
        reopen();
        assertThat(store.kinds()).isEmpty();
        assertThat(revision()).isZero();
        assertThatThrownBy(() -> watch(WatchOptions.defaults().withStartAfter(revision)))
                .isInstanceOf(RevisionAheadException.class);
    }

    private List<Entry<Sample>> everything() {
        return store.kinds().stream()
                .flatMap(kind -> store.list(kind).items().stream())
                .toList();
    }
}

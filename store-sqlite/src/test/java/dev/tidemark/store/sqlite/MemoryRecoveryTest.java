package dev.tidemark.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.store.Snapshot;
import dev.tidemark.store.Store;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.Watch;
import dev.tidemark.store.WatchOptions;
import dev.tidemark.store.WriteBatch;
import dev.tidemark.store.sqlite.FragileConnections.Fault;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** As {@link RecoveryTest}, where the one connection is the database, and can't be replaced by another. */
class MemoryRecoveryTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final FragileConnections connections = new FragileConnections();
    private int round;

    @ParameterizedTest
    @EnumSource
    void theConnectionIsUsedOnAndNobodySeesWhatWasNotCommitted(Fault fault) throws Exception {
        try (SqliteBackend backend = SqliteBackend.open(SqliteOptions.inMemory().withTimeout(PATIENCE), connections)) {
            Store<String> store = backend.store(Texts.CODEC);
            Watch<String> watch = store.watch(WatchOptions.defaults().withBufferSize(1_000_000));
            for (Runnable work : works(backend, store)) {
                int calls = run(work, fault, Set.of());
                assertThat(calls).isGreaterThan(1);
                for (int failing = 0; failing < calls; failing++) {
                    for (int next = 0; next < 3; next++) {
                        calls = Math.max(calls, run(work, fault, Set.of(failing, failing + next + 1)));
                        store.set("after", "" + round, "1");
                    }
                }
            }
            long head = store.list("after").revision();
            assertThat(Watcher.upTo(head, watch)).hasSize((int) head);
            assertThat(store.count("after") + store.count("k")).isEqualTo(head);
        }
    }

    private List<Runnable> works(SqliteBackend backend, Store<String> store) {
        return List.of(
                () -> store.write(
                        new WriteBatch<String>().create("k", round + "a", "1").create("k", round + "b", "1")),
                () -> backend.transact(transaction -> {
                    transaction.write(store, new WriteBatch<String>().set("k", "" + round, "1"));
                    return round;
                }),
                () -> {
                    try (Snapshot<String> snapshot = store.snapshot()) {
                        assertThat(snapshot.kinds()).contains("k");
                    }
                });
    }

    private int run(Runnable work, Fault fault, Set<Integer> failing) {
        round++;
        connections.fail(failing, fault);
        try {
            work.run();
        } catch (StoreException | StackOverflowError expected) {
            assertThat(expected.getMessage()).isNotEmpty();
        } catch (IllegalStateException expected) {
            assertThat(expected).hasMessage("on purpose");
        }
        return connections.calls();
    }
}

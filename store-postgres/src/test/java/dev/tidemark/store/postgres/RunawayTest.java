package dev.tidemark.store.postgres;

import static dev.tidemark.store.postgres.TextCodec.TEXT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.store.Store;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A thread may run out of stack anywhere in a call: the connection that it had is everybody's. */
@Tag("alone")
class RunawayTest {
    private static final int STACK_BYTES = 256 << 10;
    private static final int ROUNDS = 24;

    /** Far enough down that few calls fit. */
    private static final int START = 1_000;

    @Test
    void callsOfARunawayRecursionLeaveTheConnectionsToOthers() throws Exception {
        try (PostgresServer.Database database = PostgresServer.shared().newDatabase();
                PostgresBackend backend =
                        PostgresBackend.open(database.options().withPoolSize(2).withTimeout(Duration.ofSeconds(20)))) {
            Store<String> store = backend.store(TEXT);
            store.set("k", "a", "1");
            store.set("k", "b", "2");
            int exhausted = 0;
            for (int round = 0; round < ROUNDS; round++) {
                exhausted += exhaust(store, START + round) ? 1 : 0;
                assertThat(store.get("k", "b")).contains("2");
                store.set("k", "c", "" + round);
                assertThat(store.get("k", "c")).contains("" + round);
            }
            assertThat(exhausted).isEqualTo(ROUNDS);
        }
    }

    private static boolean exhaust(Store<String> store, int start) throws InterruptedException {
        boolean[] exhausted = new boolean[1];
        Thread thread = new Thread(
                null,
                () -> {
                    try {
                        descend(store, start);
                    } catch (StackOverflowError expected) {
                        exhausted[0] = true;
                    }
                },
                "runaway",
                STACK_BYTES);
        thread.start();
        thread.join();
        return exhausted[0];
    }

    private static long descend(Store<String> store, int start) {
        if (start > 0) {
            return descend(store, start - 1) + 1;
        }
        assertThat(store.get("k", "a")).contains("1");
        return descend(store, 0) + 1;
    }
}

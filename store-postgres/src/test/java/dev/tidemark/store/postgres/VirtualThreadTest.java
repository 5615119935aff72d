package dev.tidemark.store.postgres;

import static dev.tidemark.store.postgres.TextCodec.TEXT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemark.store.Store;
import dev.tidemark.store.StoreInterruptedException;
import java.sql.Connection;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

/** Calls of virtual threads run on others, whoever interrupts them. */
@EnabledForJreRange(min = JRE.JAVA_21, disabledReason = "has no virtual threads")
class VirtualThreadTest {

    @Test
    void anInterruptEndsTheWaitForAConnection() throws Exception {
        PostgresServer.Database database = PostgresServer.shared().newDatabase();
        try (database;
                PostgresBackend backend = PostgresBackend.open(
                        database.options().withPoolSize(1).withTimeout(PostgresServer.PATIENCE.multipliedBy(5)))) {
            CompletableFuture<RuntimeException> ended = new CompletableFuture<>();
            try (Connection taken = backend.dataSource().getConnection()) {
                assertThat(taken.isValid(1)).isTrue();
                Thread waiting = startVirtual(() -> ended.complete(failureOfAGet(backend.store(TEXT))));
                await().until(VirtualThreadTest::isInPool);
                waiting.interrupt();
                await().until(ended::isDone);
            }
            assertThat(ended.get()).isInstanceOf(StoreInterruptedException.class);
        }
    }

    private static Thread startVirtual(Runnable task) throws ReflectiveOperationException {
        return (Thread)
                Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, task);
    }

    private static RuntimeException failureOfAGet(Store<String> store) {
        try {
            return new IllegalStateException("there was " + store.get("k", "a"));
        } catch (RuntimeException failure) {
            return failure;
        }
    }

    private static boolean isInPool() {
        return Thread.getAllStackTraces().values().stream()
                .anyMatch(stack -> Arrays.stream(stack)
                        .anyMatch(frame -> frame.getClassName().endsWith("ConcurrentBag")
                                && frame.getMethodName().equals("borrow")));
    }
}

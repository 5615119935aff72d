package dev.tidemark.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tidemark.store.Condition;
import dev.tidemark.store.SetResult;
import dev.tidemark.store.Store;
import dev.tidemark.store.StoreInterruptedException;
import dev.tidemark.store.StoreTimeoutException;
import dev.tidemark.store.spi.Commit;
import dev.tidemark.store.spi.Deadline;
import dev.tidemark.store.spi.Op;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Somebody else holds the write lock of the file. */
class LockTest {
    @TempDir
    Path directory;

    private SqliteOptions options;
    private SqliteBackend backend;
    private Database other;

    @BeforeEach
    void lock() throws Exception {
        options = SqliteOptions.at(directory.resolve("app.db")).withTimeout(Duration.ofSeconds(60));
        backend = SqliteBackend.open(options);
        backend.store(Texts.CODEC).set("k", "a", "1");
        other = new Database(directory.resolve("app.db"));
        other.execute("BEGIN IMMEDIATE");
    }

    @AfterEach
    void close() throws Exception {
        other.close();
        backend.close();
    }

    @Test
    void k11_aWriterGivesUpInTimeAndNothingIsWritten() throws Exception {
        try (SqliteBackend impatient = SqliteBackend.open(options.withTimeout(Duration.ofMillis(300)))) {
            Store<String> store = impatient.store(Texts.CODEC);

            assertThatThrownBy(() -> store.set("k", "a", "2")).isInstanceOf(StoreTimeoutException.class);
            assertThat(store.get("k", "a")).contains("1");
            other.execute("ROLLBACK");
            assertThat(store.get("k", "a")).contains("1");
            assertThat(store.set("k", "a", "2")).isEqualTo(SetResult.UPDATED);
        }
    }

    @Test
    void k11_anInterruptEndsTheWaitAndTheNextInLineGoesOn() throws Exception {
        Store<String> store = backend.store(Texts.CODEC);
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread leader = new Thread(() -> {
            try {
                store.set("k", "a", "2");
            } catch (RuntimeException failure) {
                thrown.set(Thread.currentThread().isInterrupted() ? failure : new AssertionError("flag lost", failure));
            }
        });
        leader.start();
        await().until(() ->
                leader.getState() == Thread.State.RUNNABLE || leader.getState() == Thread.State.TIMED_WAITING);
        CompletableFuture<SetResult> follower = CompletableFuture.supplyAsync(() -> store.set("k", "b", "1"));

        leader.interrupt();
        leader.join(Duration.ofSeconds(30).toMillis());

        assertThat(thrown.get()).isInstanceOf(StoreInterruptedException.class);
        assertThat(follower).isNotDone();
        other.execute("ROLLBACK");
        assertThat(follower.join()).isEqualTo(SetResult.CREATED);
        assertThat(store.get("k", "a")).contains("1");
    }

    @Test
    void k11_anInterruptedThreadCanReadOrIsToldButKeepsItsFlag() throws Exception {
        Store<String> store = backend.store(Texts.CODEC);
        other.execute("ROLLBACK");

        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> store.set("k", "a", "2")).isInstanceOf(StoreInterruptedException.class);
        assertThat(store.get("k", "a")).contains("1");
        assertThat(Thread.interrupted()).isTrue();
        assertThat(store.set("k", "a", "2")).isEqualTo(SetResult.UPDATED);
    }

    @Test
    void aWriteThatComputesForTooLongIsRolledBack() throws Exception {
        other.execute("ROLLBACK");
        try (SqliteBackend impatient = SqliteBackend.open(options.withTimeout(Duration.ofMillis(300)))) {
            Writer writer = new Writer(impatient.engine().sessions().writer(), new Sql("zestor"), transaction -> {});
            Writer.Work<Commit<byte[]>> deleteAndCompute = transaction -> {
                transaction.apply(0, List.of(new Op.Delete<>("k", "a", Condition.ANY)));
                return new Commit<>(Endless.run(transaction.session()), List.of());
            };

            assertThatThrownBy(() -> writer.submit(1, deleteAndCompute, Deadline.after(Duration.ofMillis(300))))
                    .isInstanceOf(StoreTimeoutException.class);
            assertThat(impatient.store(Texts.CODEC).get("k", "a")).contains("1");
            assertThat(impatient.store(Texts.CODEC).set("k", "a", "2")).isEqualTo(SetResult.UPDATED);
        }
    }
}

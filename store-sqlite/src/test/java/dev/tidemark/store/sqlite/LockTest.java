package dev.tidemark.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tidemark.event.Event;
import dev.tidemark.event.EventStore;
import dev.tidemark.event.Subscription;
import dev.tidemark.event.SubscriptionOptions;
import dev.tidemark.store.Condition;
import dev.tidemark.store.SetResult;
import dev.tidemark.store.Store;
import dev.tidemark.store.StoreClosedException;
import dev.tidemark.store.StoreInterruptedException;
import dev.tidemark.store.StoreTimeoutException;
import dev.tidemark.store.spi.Commit;
import dev.tidemark.store.spi.Deadline;
import dev.tidemark.store.spi.Op;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Somebody else holds the write lock of the file. */
class LockTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /** The common pool may have a single thread, which the first to be blocked would keep from the second. */
    private static final Executor THREADS = task -> new Thread(task).start();

    @TempDir
    Path directory;

    private SqliteOptions options;
    private SqliteBackend backend;
    private Database other;

    @BeforeEach
    void lock() throws Exception {
        options = SqliteOptions.at(directory.resolve("app.db")).withTimeout(PATIENCE.multipliedBy(2));
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
        try (SqliteBackend impatient = SqliteBackend.open(options.withTimeout(Duration.ofSeconds(1)))) {
            Store<String> store = impatient.store(Texts.CODEC);

            assertThatThrownBy(() -> store.set("k", "a", "2")).isInstanceOf(StoreTimeoutException.class);
            assertThat(store.get("k", "a")).contains("1");
            other.execute("ROLLBACK");
            assertThat(store.get("k", "a")).contains("1");
            assertUpdates(store);
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
        patiently().until(() -> Writers.in("lead") == 1);
        CompletableFuture<SetResult> follower = CompletableFuture.supplyAsync(() -> store.set("k", "b", "1"), THREADS);
        patiently().until(() -> Writers.in("submit") == 2);

        leader.interrupt();
        leader.join(PATIENCE.toMillis());

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
        try (SqliteBackend impatient = SqliteBackend.open(options.withTimeout(Duration.ofSeconds(1)))) {
            Writer writer = new Writer(impatient.engine().sessions(), new Sql("zestor"), transaction -> {});
            Writer.Work<Commit<byte[]>> deleteAndCompute = transaction -> {
                transaction.apply(0, List.of(new Op.Delete<>("k", "a", Condition.ANY)));
                return new Commit<>(Endless.run(transaction.session()), List.of());
            };

            assertThatThrownBy(() -> writer.submit(1, deleteAndCompute, Deadline.after(Duration.ofSeconds(1))))
                    .isInstanceOf(StoreTimeoutException.class);
            assertThat(impatient.store(Texts.CODEC).get("k", "a")).contains("1");
            assertUpdates(impatient.store(Texts.CODEC));
        }
    }

    /** Closing waits for the writers first; a subscription, which needs nothing but to read, must not take that for being open. */
    @Test
    void e13_aBackendThatIsStillClosingEndsASubscription() throws Exception {
        other.execute("ROLLBACK");
        EventStore events = backend.events(Talk.TYPES);
        CountDownLatch handled = new CountDownLatch(1);
        Subscription subscription = events.subscribe(SubscriptionOptions.fromStart(), event -> handled.countDown());
        events.insert(Event.of("said", "hello"));
        assertThat(handled.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        other.execute("BEGIN IMMEDIATE");
        Store<String> store = backend.store(Texts.CODEC);
        CompletableFuture<SetResult> write = CompletableFuture.supplyAsync(() -> store.set("k", "b", "1"), THREADS);
        patiently().until(() -> Writers.in("lead") == 1);

        CompletableFuture<Void> closing = CompletableFuture.runAsync(backend::close, THREADS);
        assertThat(subscription.awaitEnd(PATIENCE)).isTrue();
        assertThat(closing).isNotDone();
        other.execute("ROLLBACK");
        closing.join();

        assertThat(subscription.failure())
                .hasValueSatisfying(failure -> assertThat(failure).isInstanceOf(StoreClosedException.class));
        assertThat(write.join()).isEqualTo(SetResult.CREATED);
    }

    /** The timeout that is short for what waits may be short on a slow machine for what doesn't. */
    private static void assertUpdates(Store<String> impatient) {
        patiently()
                .ignoreException(StoreTimeoutException.class)
                .until(() -> impatient.set("k", "a", "2"), SetResult.UPDATED::equals);
    }

    private static ConditionFactory patiently() {
        return await().atMost(PATIENCE);
    }
}

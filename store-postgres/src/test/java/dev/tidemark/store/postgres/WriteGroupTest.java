package dev.tidemark.store.postgres;

import static dev.tidemark.store.postgres.TextCodec.TEXT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.store.Store;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.StoreInterruptedException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Writes of entries that are committed as a group, and what one of them does to the others. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class WriteGroupTest {
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private PostgresServer.Database database;
    private PostgresBackend backend;
    private Store<String> store;

    @BeforeEach
    void create() throws Exception {
        database = PostgresServer.shared().newDatabase();
        backend = PostgresBackend.open(database.options());
        store = backend.store(TEXT);
        store.setAll("k", Map.of("busy", "old", "held", "old", "a refused one", "old", "free", "old"));
        database.execute("""
                CREATE FUNCTION refuse() RETURNS TRIGGER LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'not this one'; END $$;
                CREATE TRIGGER refuse BEFORE INSERT ON zestor_kv FOR EACH ROW WHEN (NEW.key = 'a refused one')
                  EXECUTE FUNCTION refuse();
                """);
    }

    @AfterEach
    void drop() {
        threads.shutdownNow();
        backend.close();
        database.close();
    }

    /** A write of a thread of its own. */
    private record Write(AtomicReference<Thread> thread, Future<?> outcome) {}

    private Write begin(String key) {
        AtomicReference<Thread> thread = new AtomicReference<>();
        return new Write(thread, threads.submit(() -> {
            thread.set(Thread.currentThread());
            return store.set("k", key, "new");
        }));
    }

    private Write beginBehind(String key) {
        Write write = begin(key);
        Awaitility.await()
                .until(() ->
                        write.thread().get() != null && write.thread().get().getState() == Thread.State.TIMED_WAITING);
        return write;
    }

    private Connection holding(String key) throws SQLException {
        Connection stranger = database.connect();
        stranger.setAutoCommit(false);
        try (Statement statement = stranger.createStatement()) {
            statement.execute("SELECT FROM zestor_kv WHERE key = '" + key + "' FOR UPDATE");
        }
        return stranger;
    }

    @Test
    void theInterruptOfOneEndsNoOther() throws Exception {
        try (Connection holdsBusy = holding("busy");
                Connection holdsHeld = holding("held")) {
            Write before = begin("busy");
            Awaitility.await().until(database::isSomebodyWaiting);
            Write leader = beginBehind("held");
            Write refused = beginBehind("a refused one");
            Write free = beginBehind("free");
            holdsBusy.rollback();
            before.outcome().get();
            // What is refused comes first in the group, so the leader waits when it tries its own write alone.
            Awaitility.await().until(database::isSomebodyWaiting);
            leader.thread().get().interrupt();

            assertThatThrownBy(leader.outcome()::get).hasCauseInstanceOf(StoreInterruptedException.class);
            assertThatThrownBy(refused.outcome()::get).hasCauseExactlyInstanceOf(StoreException.class);
            free.outcome().get();
            holdsHeld.rollback();
        }
        assertThat(store.get("k", "free")).contains("new");
        assertThat(store.get("k", "held")).contains("old");
    }
}

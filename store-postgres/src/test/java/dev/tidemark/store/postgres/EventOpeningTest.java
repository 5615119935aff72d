package dev.tidemark.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.event.EventStore;
import dev.tidemark.event.EventStoreOptions;
import dev.tidemark.store.StoreInterruptedException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The first calls of a table, while others are in their way. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class EventOpeningTest extends OnEvents {
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicReference<Thread> thread = new AtomicReference<>();

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    private EventStore store(String table) {
        return backend.events(Deed.TYPES, EventStoreOptions.defaults().withTable(table));
    }

    /** Holds what a statement locks. */
    private Connection stranger(String sql) throws SQLException {
        Connection stranger = database.connect();
        stranger.setAutoCommit(false);
        try (Statement statement = stranger.createStatement()) {
            statement.execute(sql);
        }
        return stranger;
    }

    private Future<Long> begin(EventStore store) {
        return threads.submit(() -> {
            thread.set(Thread.currentThread());
            return store.position();
        });
    }

    private boolean isBlocked() {
        Thread began = thread.get();
        return began != null
                && (began.getState() == Thread.State.WAITING || began.getState() == Thread.State.TIMED_WAITING);
    }

    @Test
    void whoeverWaitsForAnotherCallCanBeInterrupted() throws Exception {
        EventStore store = store("events");
        try (Connection stranger =
                stranger("SELECT pg_advisory_xact_lock(hashtext('tidemark schema'), hashtext('public'))")) {
            Future<Long> first = threads.submit(store::position);
            Awaitility.await().until(database::isSomebodyWaiting);
            Future<Long> second = begin(store);
            Awaitility.await().until(this::isBlocked);
            thread.get().interrupt();
            Awaitility.await().until(() -> second.isDone() || first.isDone());
            assertThat(first.isDone()).isFalse();
            assertThatThrownBy(second::get).hasCauseInstanceOf(StoreInterruptedException.class);
            stranger.rollback();
            assertThat(first.get()).isZero();
        }
    }

    @Test
    void anInterruptWhileATableIsWidenedIsNoProblemOfTheTable() throws Exception {
        database.execute("CREATE TABLE old (id UUID PRIMARY KEY, name VARCHAR(255) NOT NULL, time BIGINT NOT NULL,"
                + " aggregate_id UUID, aggregate_name VARCHAR(255), aggregate_version INTEGER, data JSONB)");
        try (Connection stranger = stranger("SELECT FROM old")) {
            Future<Long> opening = begin(store("old"));
            Awaitility.await().until(database::isSomebodyWaiting);
            thread.get().interrupt();
            assertThatThrownBy(opening::get).hasCauseInstanceOf(StoreInterruptedException.class);
            stranger.rollback();
        }
        assertThat(store("old").position()).isZero();
    }

    @Test
    void aCopiedTableGoesOnBehindItsPositions() throws Exception {
        EventStore store = store("events");
        for (int i = 0; i < 10; i++) {
            store.insert(Deed.event(i));
        }
        database.execute("CREATE TABLE copy (LIKE events INCLUDING ALL);"
                + " INSERT INTO copy SELECT * FROM events; DELETE FROM copy WHERE position < 5");
        EventStore copy = store("copy");
        assertThat(copy.insert(Deed.event(10)).position()).isEqualTo(11);
    }
}

package dev.tidemark.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.event.AggregateId;
import dev.tidemark.event.Appended;
import dev.tidemark.event.ExpectedVersion;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.StoreInterruptedException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
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

/** Writes that are committed as a group, and what one of them does to the others. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class EventGroupTest extends OnEvents {
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AggregateId contested = Deed.aggregate();

    @BeforeEach
    void connect() {
        store.position();
    }

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    private Appended append(AggregateId aggregate, String by) {
        return store.append(aggregate, ExpectedVersion.NONE, new Deed(by, 1));
    }

    /** A write of a thread of its own. */
    private record Write(AtomicReference<Thread> thread, Future<Appended> outcome) {}

    private Write begin(AggregateId aggregate, String by) {
        AtomicReference<Thread> thread = new AtomicReference<>();
        return new Write(thread, threads.submit(() -> {
            thread.set(Thread.currentThread());
            return append(aggregate, by);
        }));
    }

    /** Begins writes behind one that waits for the lock of the table, so that they become a group; the first one leads it. */
    private List<Write> beginTogether(List<AggregateId> aggregates, List<String> by) throws Exception {
        List<Write> writes = new ArrayList<>();
        try (Connection stranger = database.connect()) {
            stranger.setAutoCommit(false);
            execute(stranger, "SELECT pg_advisory_xact_lock(('events'::regclass::oid::bigint - 2147483648)::int, 0)");
            Write before = begin(Deed.aggregate(), "before");
            Awaitility.await().until(() -> database.isWaiting("SELECT%lock%"));
            for (int i = 0; i < by.size(); i++) {
                Write write = begin(aggregates.get(i), by.get(i));
                Awaitility.await().until(() -> isQueued(write.thread().get()));
                writes.add(write);
            }
            stranger.rollback();
            assertThat(before.outcome().get().version()).isEqualTo(1);
        }
        return writes;
    }

    private static boolean isQueued(Thread thread) {
        return thread != null && thread.getState() == Thread.State.TIMED_WAITING;
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Holds the first version of the contested aggregate. */
    private Connection stranger() throws SQLException {
        Connection stranger = database.connect();
        stranger.setAutoCommit(false);
        execute(
                stranger,
                "INSERT INTO events (id, name, time, aggregate_id, aggregate_name, aggregate_version, data) VALUES"
                        + " (gen_random_uuid(), 'done', 1, '" + contested.id() + "', '" + contested.name()
                        + "', 1, '{}')");
        return stranger;
    }

    @Test
    void whatTheServerRefusesOneOfIsWrittenByTheOthers() throws Exception {
        List<AggregateId> aggregates = List.of(Deed.aggregate(), Deed.aggregate(), Deed.aggregate());
        List<Write> writes = beginTogether(aggregates, List.of("good", "not for JSONB: \0", "good"));
        assertThatThrownBy(writes.get(1).outcome()::get).hasCauseExactlyInstanceOf(StoreException.class);
        assertThat(writes.get(0).outcome().get().version()).isEqualTo(1);
        assertThat(writes.get(2).outcome().get().version()).isEqualTo(1);
        assertThat(store.version(aggregates.get(1))).isZero();
    }

    @Test
    void theInterruptOfOneEndsNoOther() throws Exception {
        try (Connection stranger = stranger()) {
            List<Write> writes = beginTogether(List.of(contested, Deed.aggregate()), List.of("first", "second"));
            Awaitility.await().until(() -> database.isWaiting("INSERT%ON CONFLICT%"));
            writes.get(0).thread().get().interrupt();
            assertThatThrownBy(writes.get(0).outcome()::get).hasCauseInstanceOf(StoreInterruptedException.class);
            assertThat(writes.get(1).outcome().get().version()).isEqualTo(1);
            stranger.rollback();
        }
        assertThat(store.version(contested)).isZero();
    }
}

package dev.tidemark.store.postgres;

import static dev.tidemark.store.postgres.OperatorsPage.block;
import static dev.tidemark.store.postgres.OperatorsPage.rows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tidemark.event.AggregateId;
import dev.tidemark.event.EventBatch;
import dev.tidemark.event.EventQuery;
import dev.tidemark.event.EventStore;
import dev.tidemark.event.ExpectedVersion;
import dev.tidemark.event.Subscription;
import dev.tidemark.event.SubscriptionOptions;
import dev.tidemark.store.StoreUnavailableException;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the page for operators says of event tables. */
class EventOperatorsTest {
    private PostgresServer.Database database;
    private PostgresEvents events;
    private EventStore store;

    @BeforeEach
    void open() throws Exception {
        database = PostgresServer.shared().newDatabase();
        events = open(database.uri());
        store = events.store(Deed.TYPES);
        store.insert(Deed.event(1));
    }

    @AfterEach
    void close() throws Exception {
        events.close();
        database.close();
    }

    private PostgresEvents open(String uri) {
        return PostgresEvents.of(PostgresEventOptions.defaults().withUrl(uri).withDatabase(database.name()));
    }

    private List<String> query(String sql) throws Exception {
        try (Connection connection = database.connect()) {
            return rows(connection, sql);
        }
    }

    @Test
    void theTablesAreThoseOfThePage() throws Exception {
        assertThat(query("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace ORDER BY 1"))
                .containsExactly(
                        "events|",
                        "events_appends|",
                        "events_appends_pkey|",
                        "events_pkey|",
                        "events_position|",
                        "events_position_key|",
                        "events_subscriptions|",
                        "events_subscriptions_pkey|",
                        "goes_aggregate|",
                        "goes_name|",
                        "goes_time|");
    }

    @Test
    void aRoleWithTheseFewPrivilegesDoesItsWork() throws Exception {
        try (PostgresEvents restricted = open(OperatorsPage.createRole(database, "app_events"))) {
            EventStore own = restricted.store(Deed.TYPES);
            List<Integer> seen = Collections.synchronizedList(new ArrayList<>());
            try (Subscription subscription = subscribe(own, seen)) {
                AggregateId aggregate = Deed.aggregate();
                own.write(new EventBatch()
                        .append(aggregate, ExpectedVersion.NONE, new Deed("us", 2))
                        .appendId("a"));
                restricted.transact(transaction -> {
                    transaction.write(own, new EventBatch().insert(Deed.event(3)));
                    return true;
                });
                own.insert(
                        Collections.nCopies(2_100, 4).stream().map(Deed::event).toList()); // a transaction by steps
                await().until(() -> seen.size() == 2_103);
                assertThat(subscription.failure()).isEmpty();
            }
            assertThat(own.delete(own.list(EventQuery.all()).get(0))).isEqualTo(1);
        } finally {
            OperatorsPage.dropRole(database, "app_events");
        }
    }

    private static Subscription subscribe(EventStore store, List<Integer> seen) {
        return store.subscribe(
                SubscriptionOptions.fromStart().withName("sales"), event -> seen.add(((Deed) event.data()).number()));
    }

    @Test
    void aFollowerFollows() throws Exception {
        try (PostgresEvents restricted = open(OperatorsPage.createRole(database, "app_follower"))) {
            EventStore following = restricted.store(Deed.TYPES);
            List<Integer> seen = Collections.synchronizedList(new ArrayList<>());
            try (Subscription subscription = subscribe(following, seen)) {
                store.insert(Deed.event(2));
                await().until(() -> seen.equals(List.of(1, 2)));
                assertThat(subscription.failure()).isEmpty();
            }
            assertThatThrownBy(() -> following.insert(Deed.event(3)))
                    .isInstanceOf(StoreUnavailableException.class)
                    .hasMessageContaining("privilege");
        } finally {
            OperatorsPage.dropRole(database, "app_follower");
        }
    }

    @Test
    void aPrivilegeThatIsMissingIsToldOnceAndWaitedFor() throws Exception {
        String role = database.name() + "_app_follower";
        Logger log = Logger.getLogger("dev.tidemark.event.spi.Follower");
        List<String> told = new CopyOnWriteArrayList<>();
        Handler handler = new Told(told, "the subscription 'waiting' to 'events'");
        log.setLevel(Level.FINE);
        log.addHandler(handler);
        try (PostgresEvents restricted = open(OperatorsPage.createRole(database, "app_follower"))) {
            database.execute("REVOKE ALL ON events_subscriptions FROM " + role);
            List<String> seen = new CopyOnWriteArrayList<>();
            try (Subscription waiting = restricted
                    .store(Deed.TYPES)
                    .subscribe(SubscriptionOptions.fromStart().withName("waiting"), event -> seen.add(event.name()))) {
                await().until(() -> told.size() >= 3);
                database.execute("GRANT SELECT, INSERT, UPDATE ON events_subscriptions TO " + role);
                await().until(() -> seen.size() == 1 && told.contains("INFO"));
                assertThat(waiting.failure()).isEmpty();
            }
            assertThat(told).startsWith("WARNING", "FINE").endsWith("INFO").containsOnlyOnce("WARNING", "INFO");
        } finally {
            log.removeHandler(handler);
            log.setLevel(null);
            OperatorsPage.dropRole(database, "app_follower");
        }
    }

    /** The levels of what is logged about something. */
    private static final class Told extends Handler {
        private final List<String> levels;
        private final String about;

        Told(List<String> levels, String about) {
            this.levels = levels;
            this.about = about;
        }

        @Override
        public void publish(LogRecord logged) {
            if (new SimpleFormatter().formatMessage(logged).startsWith(about)) {
                levels.add(logged.getLevel().getName());
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }

    @Test
    void aStrangerNeedsRightsOnTheTableAlone() throws Exception {
        String role = database.name() + "_stranger";
        database.execute("CREATE ROLE " + role + "; GRANT INSERT ON events TO " + role);
        try (Connection stranger = database.connect();
                Statement statement = stranger.createStatement()) {
            statement.execute("SET ROLE " + role);
            statement.execute("INSERT INTO events (id, name, time) VALUES (gen_random_uuid(), 'done', 1)");
            assertThat(store.position()).isEqualTo(2);
        } finally {
            database.execute("REVOKE ALL ON events FROM " + role + "; DROP ROLE " + role);
        }
    }

    @Test
    void theLagOfASubscriptionShowsAndItCanBeSentBack() throws Exception {
        List<Integer> seen = Collections.synchronizedList(new ArrayList<>());
        try (Subscription subscription = subscribe(store, seen)) {
            await().until(() -> query(block("AS lag")).toString().startsWith("[sales|0|"));
            assertThat(query(block("AS lag")).get(0)).contains("|f|").endsWith("|null|");
            database.execute(block("SET position = 0"));
            assertThat(subscription.position()).isEqualTo(1);
            assertThat(query(block("AS lag")).get(0)).startsWith("sales|0|");
        }
        store.insert(Deed.event(2), Deed.event(3));
        assertThat(query(block("AS lag")).get(0))
                .startsWith("sales|2|null|null|t|")
                .doesNotEndWith("|null|");
        database.execute(block("SET position = 0"));
        try (Subscription again = subscribe(store, seen)) {
            await().until(() -> seen.equals(List.of(1, 1, 2, 3)));
            assertThat(again.failure()).isEmpty();
        }
    }

    @Test
    void appendIdsGoWithTheirEvents() throws Exception {
        for (String id : List.of("young", "old", "gone")) {
            EventBatch batch = new EventBatch()
                    .append(new AggregateId(id, new UUID(0, 1)), ExpectedVersion.NONE, new Deed("us", 2));
            store.write(batch.appendId(id));
        }
        database.execute(
                "UPDATE events SET time = 1 WHERE aggregate_name = 'old'; DELETE FROM events WHERE aggregate_name = 'gone'");
        database.execute(block("DELETE FROM events_appends"));
        assertThat(query("SELECT append_id FROM events_appends")).containsExactly("young|");
    }

    @Test
    void eventsWithoutAPositionGetOne() throws Exception {
        List<Integer> seen = Collections.synchronizedList(new ArrayList<>());
        database.execute("ALTER TABLE events DISABLE TRIGGER tidemark_stamp; INSERT INTO events (id, name, time, data)"
                + " VALUES (gen_random_uuid(), 'done', 7, '{\"by\": \"us\", \"number\": 7}'),"
                + " (gen_random_uuid(), 'done', 6, '{\"by\": \"us\", \"number\": 6}');"
                + " ALTER TABLE events ENABLE TRIGGER tidemark_stamp");
        assertThat(query(block("position IS NULL"))).containsExactly("2|");
        try (Subscription subscription = subscribe(store, seen)) {
            await().until(() -> seen.equals(List.of(1)));
            database.execute(block("pg_advisory_xact_lock(('events'"));
            await().until(() -> seen.equals(List.of(1, 6, 7)));
            assertThat(subscription.failure()).isEmpty();
        }
        assertThat(query(block("position IS NULL"))).containsExactly("0|");
    }

    @Test
    void waitsForTheTurnToCommitShow() throws Exception {
        String waits = block("pg_blocking_pids").replace("zestor_outbox", "events");
        try (Connection holder = database.connect()) {
            holder.setAutoCommit(false);
            try (Statement statement = holder.createStatement()) {
                statement.execute("INSERT INTO events (id, name, time) VALUES (gen_random_uuid(), 'done', 1);"
                        + " SET CONSTRAINTS ALL IMMEDIATE");
            }
            CompletableFuture<?> waiting = CompletableFuture.runAsync(() -> store.insert(Deed.event(2)));
            await().until(() -> !query(waits).isEmpty());
            holder.rollback();
            waiting.join();
        }
    }
}

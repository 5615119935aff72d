package dev.tidemark.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.event.AggregateId;
import dev.tidemark.event.Event;
import dev.tidemark.event.EventBatch;
import dev.tidemark.event.EventConflictException;
import dev.tidemark.event.EventQuery;
import dev.tidemark.event.EventStore;
import dev.tidemark.event.ExpectedVersion;
import dev.tidemark.event.Subscription;
import dev.tidemark.event.SubscriptionOptions;
import dev.tidemark.store.Store;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Events of several writers, one of which does not know of positions. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class ForeignEventsTest extends OnEvents {
    @Override
    PostgresOptions options() {
        return super.options().withPoolSize(4);
    }

    @BeforeEach
    void connect() {
        store.position();
    }

    /** Inserts as goes does. */
    private static void insert(Connection connection, AggregateId aggregate, int version, int number)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "INSERT INTO events (id, name, time, aggregate_id, aggregate_name, aggregate_version, data)"
                        + " VALUES (?, 'done', 1, ?, ?, ?, ?::jsonb)")) {
            statement.setObject(1, UUID.randomUUID());
            statement.setObject(2, aggregate.id());
            statement.setString(3, aggregate.name());
            statement.setInt(4, version);
            statement.setString(5, "{\"by\": \"goes\", \"number\": " + number + "}");
            statement.executeUpdate();
        }
    }

    private Connection begin() throws SQLException {
        Connection connection = database.connect();
        connection.setAutoCommit(false);
        return connection;
    }

    private static int number(Event<?> event) {
        return ((Deed) event.data()).number();
    }

    @Test
    void whatCommitsLaterIsLaterInTheLine() throws Exception {
        List<Integer> seen = Collections.synchronizedList(new ArrayList<>());
        try (Connection stranger = begin();
                Subscription subscription =
                        store.subscribe(SubscriptionOptions.fromStart(), event -> seen.add(number(event)))) {
            insert(stranger, Deed.aggregate(), 1, 1);
            store.append(Deed.aggregate(), ExpectedVersion.ANY, new Deed("us", 2));
            Awaitility.await().until(() -> seen.equals(List.of(2)));
            assertThat(store.list(EventQuery.all())).hasSize(1);
            stranger.commit();
            store.append(Deed.aggregate(), ExpectedVersion.ANY, new Deed("us", 3));
            Awaitility.await().until(() -> seen.equals(List.of(2, 1, 3)));
            assertThat(subscription.failure()).isEmpty();
        }
    }

    @Test
    void aVersionThatAStrangerHoldsDelaysNobodyElse() throws Exception {
        AggregateId contested = Deed.aggregate();
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try (Connection stranger = begin()) {
            insert(stranger, contested, 1, 1);
            Future<?> waiting = thread.submit(() -> store.append(contested, ExpectedVersion.NONE, new Deed("us", 2)));
            Awaitility.await().until(database::isSomebodyWaiting);
            // Another backend, since those who commit as a group share their fate.
            try (PostgresBackend other = PostgresBackend.open(database.options())) {
                EventStore free = other.events(Deed.TYPES);
                for (int i = 0; i < 20; i++) {
                    free.append(Deed.aggregate(), ExpectedVersion.NONE, new Deed("other", i));
                }
            }
            assertThat(waiting.isDone()).isFalse();
            stranger.commit();
            assertThatThrownBy(waiting::get).hasCauseInstanceOf(EventConflictException.class);
        } finally {
            thread.shutdownNow();
        }
        assertThat(store.version(contested)).isEqualTo(1);
    }

    @Test
    void aVersionThatAStrangerGivesUpIsTaken() throws Exception {
        AggregateId contested = Deed.aggregate();
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try (Connection stranger = begin()) {
            insert(stranger, contested, 1, 1);
            Future<Event<?>> waiting =
                    thread.submit(() -> store.append(contested, ExpectedVersion.NONE, new Deed("us", 2))
                            .events()
                            .get(0));
            Awaitility.await().until(database::isSomebodyWaiting);
            stranger.rollback();
            assertThat(waiting.get().version()).isEqualTo(1);
            assertThat(store.list(EventQuery.all())).containsExactly(waiting.get());
        } finally {
            thread.shutdownNow();
        }
    }

    /** Many of both kinds at once; a subscriber sees the table, whole and in its order. */
    @Test
    void aSubscriberMissesNothingOfEither() throws Exception {
        List<Event<?>> seen = Collections.synchronizedList(new ArrayList<>());
        ExecutorService threads = Executors.newFixedThreadPool(8);
        List<Future<Integer>> writers = new ArrayList<>();
        try (Subscription subscription = store.subscribe(SubscriptionOptions.fromStart(), event -> seen.add(event))) {
            for (int i = 0; i < 8; i++) {
                int writer = i;
                writers.add(threads.submit(() -> writer % 2 == 0 ? writeOwn(writer) : writeForeign(writer)));
            }
            int written = 0;
            for (Future<Integer> one : writers) {
                written += one.get();
            }
            int expected = written;
            Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> seen.size() >= expected);
            assertThat(subscription.failure()).isEmpty();
        } finally {
            threads.shutdownNow();
        }
        List<Event<?>> table = store.list(EventQuery.all());
        assertThat(seen).hasSizeGreaterThan(400).isEqualTo(table);
        assertThat(table).extracting(Event::position).isSorted().doesNotHaveDuplicates();
    }

    private int writeOwn(int writer) {
        AggregateId own = Deed.aggregate();
        for (int i = 0; i < 100; i++) {
            store.append(own, ExpectedVersion.exactly(i), new Deed("us" + writer, i));
        }
        return 100;
    }

    private int writeForeign(int writer) throws SQLException {
        Random random = new Random(writer);
        int written = 0;
        try (Connection connection = begin()) {
            for (int i = 0; i < 40; i++) {
                AggregateId aggregate = Deed.aggregate();
                int count = 1 + random.nextInt(3);
                for (int version = 1; version <= count; version++) {
                    insert(connection, aggregate, version, i);
                }
                if (random.nextInt(4) == 0) {
                    connection.rollback();
                } else {
                    connection.commit();
                    written += count;
                }
            }
        }
        return written;
    }

    @Test
    void aThousandAbandonedStreamsHoldNothing() {
        List<Event<Deed>> many = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            many.add(Deed.event(i));
        }
        store.insert(many);
        List<Iterator<Event<?>>> abandoned = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            Stream<Event<?>> stream = store.query(EventQuery.all());
            Iterator<Event<?>> events = stream.iterator();
            events.next();
            abandoned.add(events);
        }
        assertThat(store.list(EventQuery.all())).hasSize(3_000);
        assertThat(abandoned.get(500)).toIterable().hasSize(2_999);
    }

    @Test
    void eventsEntriesAndSqlAreCommittedWithTheCallersTransaction() throws Exception {
        AggregateId aggregate = Deed.aggregate();
        Store<String> entries = backend.store(TextCodec.TEXT);
        for (boolean commits : List.of(false, true)) {
            try (Connection connection = begin()) {
                EventStore joined = backend.withConnection(connection).events(Deed.TYPES);
                joined.append(aggregate, ExpectedVersion.NONE, new Deed("us", 1), new Deed("us", 2));
                joined.append(aggregate, ExpectedVersion.exactly(2), new Deed("us", 3));
                backend.withConnection(connection).store(TextCodec.TEXT).set("k", "key", "value");
                assertThat(joined.version(aggregate)).isEqualTo(3);
                assertThat(joined.list(EventQuery.all())).hasSize(3);
                assertThatThrownBy(() -> joined.subscribe(SubscriptionOptions.fromStart(), event -> {}))
                        .isInstanceOf(UnsupportedOperationException.class);
                assertThatThrownBy(() -> joined.append(aggregate, ExpectedVersion.NONE, new Deed("us", 4)))
                        .isInstanceOf(EventConflictException.class);
                assertThat(store.list(EventQuery.all())).isEmpty();
                if (commits) {
                    connection.commit();
                } else {
                    connection.rollback();
                }
            }
            assertThat(entries.get("k", "key").isPresent()).isEqualTo(commits);
        }
        assertThat(store.list(EventQuery.all()))
                .extracting(ForeignEventsTest::number)
                .containsExactly(1, 2, 3);
    }

    @Test
    void aTransactionHasItsConnection() throws Exception {
        database.execute("CREATE TABLE mine (number INTEGER)");
        backend.transact(transaction -> {
            transaction.write(store, new EventBatch().insert(Deed.event(1)));
            Connection connection = transaction.unwrap(Connection.class).orElseThrow();
            try (Statement statement = connection.createStatement()) {
                return statement.executeUpdate("INSERT INTO mine VALUES (1)");
            } catch (SQLException failure) {
                throw new AssertionError(failure);
            }
        });
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            assertThat(statement.executeQuery("SELECT number FROM mine").next()).isTrue();
        }
        assertThat(store.position()).isEqualTo(1);
    }
}

package dev.tidemark.store.postgres.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.event.Event;
import dev.tidemark.event.EventHandler;
import dev.tidemark.event.Subscription;
import dev.tidemark.event.SubscriptionOptions;
import dev.tidemark.event.TransactionalEventHandler;
import dev.tidemark.store.Store;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.WriteBatch;
import dev.tidemark.store.postgres.PostgresBackend;
import dev.tidemark.store.postgres.chaos.EventWriter.Attempt;
import dev.tidemark.store.postgres.chaos.EventWriter.Way;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * Those who write events to a database of their own, and those who subscribe to them: four backends of one process, each connected
 * through the same wire.
 */
final class EventCast implements AutoCloseable {
    /** The kind of the entries that the transactional subscription writes: the data of each event by its position. */
    static final String HANDLED = "handled";

    /** The subscription without a name. */
    static final String UNNAMED = "unnamed";

    /** The one with a name whose handler is no part of a transaction. */
    static final String NAMED = "named";

    private static final String EXACT = "exact";
    private static final int WRITING = 2;
    private static final int WRITERS_EACH = 3;
    private static final Duration RECOVERY = Duration.ofMinutes(2);
    private static final Duration LEASE = Duration.ofSeconds(1);

    private static final String TERMINATE =
            "SELECT count(pg_terminate_backend(pid)) FROM (SELECT pid FROM pg_stat_activity"
                    + " WHERE datname = current_database() AND pid <> pg_backend_pid() ORDER BY random() LIMIT 5) s";

    /** What befalls them. */
    enum Fault {
        /** The server terminates some of the connections. */
        TERMINATED,
        /** The server is killed, and started again. */
        KILLED,
        /** The server is stopped until every writer has felt it, and continued. */
        FROZEN,
        /** Connections are cut. */
        CUT,
        /** Connections are closed in one direction. */
        HALF_CLOSED,
        /** Everything is late. */
        DELAYED,
        /** Nothing gets through until every writer has felt it; then it does. */
        SILENCED,
        /** Nothing gets through; then the connections are cut. */
        SILENCED_AND_CUT
    }

    private final Server server;
    private final Database database;
    private final Wire wire;
    private final List<PostgresBackend> backends = new ArrayList<>();
    private final List<EventWriter> writers = new ArrayList<>();
    private final List<Subscription> subscriptions = new ArrayList<>();
    private final Map<String, List<Long>> heard = new LinkedHashMap<>();

    private EventCast(Server server, Database database) throws IOException {
        this.server = server;
        this.database = database;
        this.wire = new Wire(server.port());
    }

    static EventCast start(Server server, Random random) throws IOException, SQLException {
        EventCast cast = new EventCast(server, Database.create(server));
        for (int i = 0; i < WRITING; i++) {
            PostgresBackend backend = cast.open("writer" + i);
            for (int j = 0; j < WRITERS_EACH; j++) {
                cast.writers.add(new EventWriter(backend, cast.url(), "writer" + i + j, new Random(random.nextLong())));
            }
        }
        cast.subscribe(cast.open("watcher0"));
        cast.subscribe(cast.open("watcher1"));
        cast.writers.forEach(Thread::start);
        cast.awaitProgress();
        return cast;
    }

    private PostgresBackend open(String name) {
        String uri = "postgresql://postgres@localhost:" + wire.port() + "/" + database.name()
                + "?socketTimeout=3&ApplicationName=" + name;
        PostgresBackend backend = Options.open(uri, Scene.STAYING);
        backends.add(backend);
        backend.events(EventWriter.TYPES).position(); // makes the table, which foreigners need
        return backend;
    }

    private String url() {
        return "jdbc:postgresql://localhost:" + wire.port() + "/" + database.name()
                + "?user=postgres&connectTimeout=1&loginTimeout=2&socketTimeout=3&ApplicationName=writer-foreign";
    }

    /** The backends share the names, one of them at a time. */
    private void subscribe(PostgresBackend backend) {
        Store<String> store = backend.store(Text.CODEC);
        SubscriptionOptions start = SubscriptionOptions.fromStart().withLease(LEASE);
        List<Long> exact = heard.computeIfAbsent(EXACT, name -> Collections.synchronizedList(new ArrayList<>()));
        TransactionalEventHandler handler = (event, transaction) -> {
            String position = String.valueOf(event.position());
            transaction.write(store, new WriteBatch<String>().create(HANDLED, position, data(event)));
            exact.add(event.position());
        };
        subscriptions.add(backend.events(EventWriter.TYPES).subscribe(start.withName(EXACT), handler));
        List<Long> named = heard.computeIfAbsent(NAMED, name -> Collections.synchronizedList(new ArrayList<>()));
        EventHandler recorder = event -> named.add(event.position());
        subscriptions.add(backend.events(EventWriter.TYPES).subscribe(start.withName(NAMED), recorder));
        List<Long> unnamed = Collections.synchronizedList(new ArrayList<>());
        heard.put(UNNAMED + heard.size(), unnamed);
        EventHandler witness = event -> unnamed.add(event.position());
        subscriptions.add(backend.events(EventWriter.TYPES).subscribe(start, witness));
    }

    static String data(Event<?> event) {
        return event.data().toString();
    }

    /** Returns when everybody has got over it. */
    void suffer(Fault fault, Random random) throws IOException, SQLException {
        switch (fault) {
            case TERMINATED -> {
                try (Connection connection = database.connect()) {
                    assertThat(Database.number(connection, TERMINATE)).isPositive();
                }
            }
            case KILLED -> {
                server.kill();
                server.restart();
            }
            case FROZEN -> {
                server.freeze();
                try {
                    awaitFailures();
                } finally {
                    server.thaw();
                }
            }
            case CUT -> assertThat(wire.cut(random)).isPositive();
            case HALF_CLOSED -> assertThat(wire.halfClose(random)).isPositive();
            case DELAYED -> {
                wire.delay(5 + random.nextInt(60));
                awaitProgress();
                wire.delay(0);
            }
            case SILENCED -> {
                wire.silence(true);
                awaitFailures();
                wire.silence(false);
            }
            case SILENCED_AND_CUT -> {
                wire.silence(true);
                awaitFailures();
                wire.cut(random);
                wire.silence(false);
            }
        }
        awaitProgress();
    }

    /** Every writer succeeds and every subscription is handed something from now on. */
    private void awaitProgress() {
        Map<String, Integer> before = new LinkedHashMap<>();
        heard.forEach((name, positions) -> before.put(name, positions.size()));
        awaitEach("writes", EventWriter::done);
        Awaitility.await("events for all subscriptions")
                .atMost(RECOVERY)
                .failFast(this::checkFailures)
                .until(() -> before.entrySet().stream()
                        .allMatch(each -> heard.get(each.getKey()).size() > each.getValue()));
    }

    /** A call of each writer fails from now on. */
    private void awaitFailures() {
        awaitEach("failures", EventWriter::failed);
    }

    private void awaitEach(String what, ToIntFunction<EventWriter> count) {
        List<Integer> before = writers.stream().map(count::applyAsInt).toList();
        Awaitility.await(what + " of all writers")
                .atMost(RECOVERY)
                .failFast(this::checkFailures)
                .until(() -> {
                    boolean all = true;
                    for (int i = 0; i < writers.size(); i++) {
                        all &= count.applyAsInt(writers.get(i)) > before.get(i);
                    }
                    return all;
                });
    }

    private void checkFailures() {
        for (EventWriter writer : writers) {
            assertThat(writer.failure()).as("what ended %s", writer.getName()).isNull();
        }
        for (Subscription subscription : subscriptions) {
            assertThat(subscription.failure()).as("what ended a subscription").isEmpty();
        }
    }

    /** Each way to write has succeeded so often. */
    void awaitWork(int ofEach) {
        Awaitility.await("enough to be written")
                .atMost(RECOVERY)
                .failFast(this::checkFailures)
                .until(() -> Stream.of(Way.values())
                        .allMatch(way -> writers.stream()
                                        .mapToInt(writer -> writer.done(way))
                                        .sum()
                                >= ofEach));
    }

    /** Ends the writers, waits for what they left behind in the server and until everybody has heard of everything, and judges. */
    EventVerdict finish() throws InterruptedException, SQLException {
        List<Attempt> attempts = new ArrayList<>();
        for (EventWriter writer : writers) {
            attempts.addAll(writer.finish());
        }
        checkFailures();
        backends.subList(0, WRITING).forEach(PostgresBackend::close);
        PostgresBackend watching = backends.get(WRITING);
        try (Connection connection = database.connect()) {
            Awaitility.await("the last transactions to end")
                    .atMost(RECOVERY)
                    .until(() -> Database.sessionsOfWriters(connection) == 0);
            long last = Database.number(connection, "SELECT max(position) FROM events");
            Awaitility.await("everything to be heard")
                    .atMost(RECOVERY)
                    .failFast(this::checkFailures)
                    .until(() -> heard.values().stream().allMatch(positions -> positions.contains(last)));
            // What the transactional handler was told last may be yet to be committed.
            Awaitility.await("everything to be handled")
                    .atMost(RECOVERY)
                    .failFast(this::checkFailures)
                    .ignoreExceptionsInstanceOf(StoreException.class)
                    .until(() -> watching.store(Text.CODEC)
                            .get(HANDLED, String.valueOf(last))
                            .isPresent());
        }
        return new EventVerdict(attempts, heard, watching);
    }

    @Override
    public void close() throws IOException {
        subscriptions.forEach(Subscription::close);
        backends.forEach(PostgresBackend::close);
        wire.close();
    }
}

package dev.tidemark.store.postgres.chaos;

import dev.tidemark.codec.json.JsonCodec;
import dev.tidemark.event.AggregateId;
import dev.tidemark.event.EventBatch;
import dev.tidemark.event.EventConflictException;
import dev.tidemark.event.EventStore;
import dev.tidemark.event.EventTypes;
import dev.tidemark.event.ExpectedVersion;
import dev.tidemark.store.OutcomeUnknownException;
import dev.tidemark.store.Store;
import dev.tidemark.store.StoreTimeoutException;
import dev.tidemark.store.StoreUnavailableException;
import dev.tidemark.store.WriteBatch;
import dev.tidemark.store.postgres.PostgresBackend;
import dev.tidemark.store.postgres.chaos.Call.Outcome;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** A thread that writes events in every way that there is, to the same few aggregates as others, and keeps what became of it. */
final class EventWriter extends Thread {
    static final EventTypes TYPES = EventTypes.none().with("done", String.class, JsonCodec.of(String.class));

    /** The kind of the entries that are written together with events. */
    static final String KIND = "written";

    private static final int AGGREGATES = 5;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /** How events are written. */
    enum Way {
        /** At whatever version. */
        ANY,
        /** At the version that was read before. */
        EXPECTED,
        /** Under an append id, again and again until it is known to have happened. */
        REPEATED,
        /** In a transaction, with an entry. */
        TOGETHER,
        /** By plain SQL, without a position. */
        FOREIGN
    }

    /** One write, of so many events whose data is the token and a number. */
    record Attempt(Way way, String token, int events, Outcome outcome) {}

    private final PostgresBackend backend;
    private final EventStore events;
    private final Store<String> store;
    private final String url;
    private final Random random;
    private final List<Attempt> attempts = new ArrayList<>();
    private final Map<Way, AtomicInteger> done = new EnumMap<>(Way.class);
    private final AtomicInteger failed = new AtomicInteger();
    private int tokens;
    private volatile boolean stopped;
    private volatile Throwable failure;

    EventWriter(PostgresBackend backend, String url, String name, Random random) {
        super(name);
        this.backend = backend;
        this.events = backend.events(TYPES);
        this.store = backend.store(Text.CODEC);
        this.url = url;
        this.random = random;
        for (Way way : Way.values()) {
            done.put(way, new AtomicInteger());
        }
        setDaemon(true);
    }

    int done() {
        return done.values().stream().mapToInt(AtomicInteger::get).sum();
    }

    int done(Way way) {
        return done.get(way).get();
    }

    int failed() {
        return failed.get();
    }

    /** What ended it before its time; null if nothing has. */
    Throwable failure() {
        return failure;
    }

    /** Ends it after what it is about, and returns what it did. */
    List<Attempt> finish() throws InterruptedException {
        stopped = true;
        join();
        return attempts;
    }

    @Override
    public void run() {
        try {
            while (!stopped) {
                turn(Way.values()[random.nextInt(Way.values().length)]);
            }
        } catch (RuntimeException | Error odd) {
            failure = odd;
        }
    }

    private void turn(Way way) {
        String token = getName() + "-" + ++tokens;
        int count = way == Way.FOREIGN ? 1 : 1 + random.nextInt(3);
        Object[] data = new Object[count];
        for (int i = 0; i < count; i++) {
            data[i] = Text.value(token, i);
        }
        AggregateId aggregate = new AggregateId("contested", new UUID(1, random.nextInt(AGGREGATES)));
        EventBatch batch = new EventBatch();
        Outcome outcome = switch (way) {
            case ANY -> perform(() -> events.write(batch.append(aggregate, ExpectedVersion.ANY, data)));
            case EXPECTED -> perform(() -> events.append(aggregate, atItsVersion(aggregate), data));
            case REPEATED ->
                insist(batch.append(aggregate, ExpectedVersion.ANY, data).appendId(token));
            case TOGETHER -> perform(() -> writeTogether(token, batch.append(aggregate, ExpectedVersion.ANY, data)));
            case FOREIGN -> insert(data[0]);
        };
        attempts.add(new Attempt(way, token, count, outcome));
        if (outcome == Outcome.DONE) {
            done.get(way).incrementAndGet();
        }
    }

    private ExpectedVersion atItsVersion(AggregateId aggregate) {
        return ExpectedVersion.exactly(events.version(aggregate));
    }

    private void writeTogether(String token, EventBatch batch) {
        backend.transact(transaction -> {
            transaction.write(store, new WriteBatch<String>().create(KIND, token, Text.value(token, 0)));
            transaction.write(events, batch);
            return batch;
        });
    }

    private Outcome insist(EventBatch batch) {
        Outcome outcome = perform(() -> events.write(batch));
        while (outcome != Outcome.DONE) {
            outcome = perform(() -> events.write(batch));
        }
        return outcome;
    }

    private Outcome perform(Runnable write) {
        try {
            write.run();
            return Outcome.DONE;
        } catch (EventConflictException refusal) {
            return Outcome.REFUSED;
        } catch (OutcomeUnknownException unknown) {
            return failed(Outcome.UNKNOWN);
        } catch (StoreUnavailableException | StoreTimeoutException clean) {
            return failed(Outcome.FAILED);
        }
    }

    private Outcome failed(Outcome outcome) {
        failed.incrementAndGet();
        LockSupport.parkNanos(PAUSE_NANOS);
        return outcome;
    }

    /** As a goes service does. */
    private Outcome insert(Object data) {
        Outcome outcome = Outcome.FAILED;
        try (Connection connection = DriverManager.getConnection(url)) {
            outcome = Outcome.UNKNOWN;
            try (PreparedStatement statement = connection.prepareStatement(
                    "INSERT INTO events (id, name, time, data) VALUES (?, 'done', 1, to_jsonb(?::text))")) {
                statement.setObject(1, UUID.randomUUID());
                statement.setString(2, data.toString());
                statement.executeUpdate();
                outcome = Outcome.DONE;
            }
            return outcome;
        } catch (SQLException away) {
            return outcome == Outcome.DONE ? outcome : failed(outcome);
        }
    }
}

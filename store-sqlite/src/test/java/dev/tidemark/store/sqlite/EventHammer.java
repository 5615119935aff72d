package dev.tidemark.store.sqlite;

import dev.tidemark.event.AggregateId;
import dev.tidemark.event.Event;
import dev.tidemark.event.EventBatch;
import dev.tidemark.event.EventConflictException;
import dev.tidemark.event.EventStore;
import dev.tidemark.event.ExpectedVersion;
import dev.tidemark.store.Store;
import dev.tidemark.store.WriteBatch;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;

/**
 * A process that appends until it is ended, and says so after each write. All its writers, and those of other processes, append to the
 * same aggregates, two events at a time; writer n also counts its writes, each in the transaction that appends, in the entry
 * {@code appended/NAME-n}.
 */
final class EventHammer {
    static final int WRITERS = 3;
    static final int AGGREGATES = 2;
    static final Duration TIMEOUT = Duration.ofSeconds(60);

    private EventHammer() {}

    static AggregateId aggregate(int number) {
        return new AggregateId("talk", new UUID(0, number));
    }

    /** With the file and the name of the process. It ends with its parent, whose end of the pipe it watches. */
    public static void main(String[] arguments) throws IOException {
        SqliteBackend backend =
                SqliteBackend.open(SqliteOptions.at(Path.of(arguments[0])).withTimeout(TIMEOUT));
        for (int writer = 0; writer < WRITERS; writer++) {
            String name = arguments[1] + "-" + writer;
            Thread thread = new Thread(() -> append(backend, name));
            thread.setUncaughtExceptionHandler((failed, failure) -> {
                failure.printStackTrace();
                Runtime.getRuntime().halt(1);
            });
            thread.setDaemon(true);
            thread.start();
        }
        while (System.in.read() >= 0) {}
    }

    private static void append(SqliteBackend backend, String name) {
        EventStore events = backend.events(Talk.TYPES);
        Store<String> store = backend.store(Texts.CODEC);
        int count = Integer.parseInt(store.get("appended", name).orElse("0"));
        while (true) {
            count++;
            AggregateId aggregate = aggregate(count % AGGREGATES);
            String value = Integer.toString(count);
            boolean appended = false;
            while (!appended) {
                appended = tryAppend(backend, events, store, aggregate, name, value);
            }
            System.out.println(name + " " + value);
            System.out.flush();
        }
    }

    private static boolean tryAppend(
            SqliteBackend backend,
            EventStore events,
            Store<String> store,
            AggregateId aggregate,
            String name,
            String value) {
        Event<String> event = Event.of("said", name + " " + value);
        ExpectedVersion expected = ExpectedVersion.exactly(events.version(aggregate));
        try {
            return backend.transact(transaction -> {
                transaction.write(store, new WriteBatch<String>().set("appended", name, value));
                transaction.write(
                        events, new EventBatch().append(aggregate, expected, event, event.withId(UUID.randomUUID())));
                return true;
            });
        } catch (EventConflictException another) {
            return false;
        }
    }
}

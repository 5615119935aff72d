package dev.tidemark.store.postgres;

import dev.tidemark.event.AggregateId;
import dev.tidemark.event.EventConflictException;
import dev.tidemark.event.EventStore;
import dev.tidemark.event.ExpectedVersion;
import java.io.IOException;
import java.util.Random;
import java.util.UUID;

/**
 * A process that appends to the same few aggregates as others do. Says on its standard output that it is ready, and after the end of its
 * standard input how many of its appends came through.
 */
final class EventAppender {
    static final int AGGREGATES = 5;

    private EventAppender() {}

    static AggregateId aggregate(int number) {
        return new AggregateId("contested", new UUID(1, number));
    }

    /** The arguments: a URI, a name, and how many appends to get through. */
    public static void main(String[] arguments) throws IOException {
        int wanted = Integer.parseInt(arguments[2]);
        Random random = new Random(arguments[1].hashCode());
        int stored = 0;
        int conflicts = 0;
        try (PostgresBackend backend =
                PostgresBackend.open(PostgresOptions.of(arguments[0]).withPoolSize(2))) {
            EventStore store = backend.events(Deed.TYPES);
            store.position();
            System.out.println("ready");
            while (System.in.read() >= 0) {}
            while (stored < wanted) {
                AggregateId aggregate = aggregate(random.nextInt(AGGREGATES));
                Deed deed = new Deed(arguments[1], stored);
                try {
                    store.append(aggregate, expected(store, aggregate, random), deed);
                    stored++;
                } catch (EventConflictException overtaken) {
                    conflicts++;
                }
            }
        }
        System.out.println(stored + " " + conflicts);
    }

    private static ExpectedVersion expected(EventStore store, AggregateId aggregate, Random random) {
        return random.nextInt(4) == 0 ? ExpectedVersion.ANY : ExpectedVersion.exactly(store.version(aggregate));
    }
}

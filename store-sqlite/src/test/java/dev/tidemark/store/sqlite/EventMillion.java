package dev.tidemark.store.sqlite;

import dev.tidemark.event.AggregateId;
import dev.tidemark.event.Event;
import dev.tidemark.event.EventQuery;
import dev.tidemark.event.EventSort;
import dev.tidemark.event.EventStore;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;

/** A process with a small heap that writes a million events, and then reads them in several orders. */
final class EventMillion {
    static final int EVENTS = 1_000_000;
    static final List<String> READINGS = List.of("position", "time", "name", "half");
    private static final int BATCH = 5_000;

    private EventMillion() {}

    /** Prints a line per reading: its name, the number of events, and how many of them came in order. */
    public static void main(String[] arguments) {
        SqliteOptions options = SqliteOptions.at(Path.of(arguments[0]))
                .withSynchronous(SqliteOptions.Synchronous.NORMAL)
                .withTimeout(Duration.ofMinutes(2));
        try (SqliteBackend backend = SqliteBackend.open(options)) {
            EventStore events = backend.events(Talk.TYPES);
            Random random = new Random(4);
            for (int i = 0; i < EVENTS; i += BATCH) {
                events.insert(batch(random, i));
            }
            System.out.println("written " + EVENTS);
            for (String reading : READINGS) {
                read(events, reading);
            }
        }
    }

    private static List<Event<String>> batch(Random random, int first) {
        List<Event<String>> batch = new ArrayList<>();
        for (int i = first; i < first + BATCH; i++) {
            AggregateId aggregate = new AggregateId("talk-" + random.nextInt(50), new UUID(i / 100, 7));
            batch.add(Event.of(i % 2 == 0 ? "said" : "shouted", "number " + i + " of a million")
                    .withId(new UUID(i, 4))
                    .withTime(Instant.ofEpochSecond(i / 50_000 * 1_000 + random.nextInt(2_000)))
                    .withAggregate(aggregate, i % 100 + 1));
        }
        return batch;
    }

    private static void read(EventStore events, String reading) {
        long start = System.nanoTime();
        int count = 0;
        int ordered = 0;
        try (Stream<Event<?>> stream = events.query(query(reading))) {
            Event<?> last = null;
            for (Iterator<Event<?>> rest = stream.iterator(); rest.hasNext(); count++) {
                Event<?> event = rest.next();
                ordered += last == null || follows(reading, last, event) ? 1 : 0;
                last = event;
            }
        }
        long millis = (System.nanoTime() - start) / 1_000_000;
        System.out.println(reading + " " + count + " " + ordered + " " + millis);
    }

    private static EventQuery query(String reading) {
        return switch (reading) {
            case "time" -> EventQuery.all().withSorts(EventSort.ascending(EventSort.Key.TIME));
            case "name" -> EventQuery.all().withSorts(EventSort.descending(EventSort.Key.AGGREGATE_NAME));
            case "half" -> EventQuery.all().withNames("said");
            default -> EventQuery.all();
        };
    }

    private static boolean follows(String reading, Event<?> last, Event<?> event) {
        return switch (reading) {
            case "time" -> !event.time().isBefore(last.time());
            case "name" -> event.aggregate().name().compareTo(last.aggregate().name()) <= 0;
            default -> event.position() > last.position();
        };
    }
}

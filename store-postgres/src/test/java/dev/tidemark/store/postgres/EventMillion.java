package dev.tidemark.store.postgres;

import dev.tidemark.codec.json.JsonCodec;
import dev.tidemark.event.Event;
import dev.tidemark.event.EventQuery;
import dev.tidemark.event.EventSort;
import dev.tidemark.event.EventStore;
import dev.tidemark.event.EventTypes;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;

/** A process with a small heap that reads a million events in several orders. */
final class EventMillion {
    static final int EVENTS = 1_000_000;
    static final List<String> READINGS = List.of("position", "time", "half");

    /** Times overlap and repeat; half of the events have one name, half the other. */
    static final String FILL = """
            INSERT INTO events (id, name, time, aggregate_id, aggregate_name, aggregate_version, data, position)
            SELECT gen_random_uuid(), CASE n % 2 WHEN 0 THEN 'done' ELSE 'undone' END,
                   (n / 50000 * 1000 + n::bigint * 7919 % 2000) * 1000000000,
                   ('00000000-0000-0000-0000-' || lpad(to_hex(n / 100), 12, '0'))::uuid, 'talk', n % 100 + 1,
                   jsonb_build_object('by', 'number ' || n || ' of a million', 'number', n), nextval('events_position')
              FROM generate_series(0, ${events} - 1) n
            """.replace("${events}", String.valueOf(EVENTS));

    static final EventTypes TYPES = EventTypes.none()
            .with("done", Deed.class, JsonCodec.of(Deed.class))
            .with("undone", Deed.class, JsonCodec.of(Deed.class));

    private EventMillion() {}

    /** The argument is a URI. Prints a line per reading: its name, the number of events, and how many of them came in order. */
    public static void main(String[] arguments) {
        try (PostgresBackend backend =
                PostgresBackend.open(PostgresOptions.of(arguments[0]).withTimeout(Duration.ofMinutes(1)))) {
            EventStore events = backend.events(TYPES);
            for (String reading : READINGS) {
                read(events, reading);
            }
        }
    }

    private static void read(EventStore events, String reading) {
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
        System.out.println(reading + " " + count + " " + ordered);
    }

    private static EventQuery query(String reading) {
        return switch (reading) {
            case "time" -> EventQuery.all().withSorts(EventSort.ascending(EventSort.Key.TIME));
            case "half" -> EventQuery.all().withNames("done");
            default -> EventQuery.all();
        };
    }

    private static boolean follows(String reading, Event<?> last, Event<?> event) {
        return reading.equals("time") ? !event.time().isBefore(last.time()) : event.position() > last.position();
    }
}

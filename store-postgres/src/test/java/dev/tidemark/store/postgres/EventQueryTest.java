package dev.tidemark.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.event.AggregateId;
import dev.tidemark.event.AggregateRef;
import dev.tidemark.event.EventQuery;
import dev.tidemark.event.EventSort;
import dev.tidemark.event.spi.EventCursor;
import dev.tidemark.event.spi.EventEngine;
import dev.tidemark.event.spi.EventPage;
import dev.tidemark.event.spi.EventWrite;
import dev.tidemark.event.spi.NewEvent;
import dev.tidemark.event.spi.Selection;
import dev.tidemark.event.spi.StoredEvent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What queries become in SQL means what {@link Selection} says, over as many pages as it takes. */
class EventQueryTest {
    private static final int EVENTS = 5_000;
    private static final List<String> NAMES = List.of("said", "' OR 1 --", "\"\\", "\uFFFD", "\uD83D\uDE00", "[1]");
    private static final List<EventSort.Key> KEYS = List.of(EventSort.Key.values());

    private final Random random = new Random(7);
    private PostgresServer.Database database;
    private PostgresBackend backend;
    private EventEngine table;
    private List<StoredEvent> stored;

    @BeforeEach
    void fill() throws Exception {
        database = PostgresServer.shared().newDatabase();
        backend = PostgresBackend.open(database.options());
        table = backend.engine().events().engine("we\"ird -- events;?", true);
        Set<List<Object>> places = new HashSet<>();
        List<NewEvent> events = new ArrayList<>();
        while (events.size() < EVENTS) {
            NewEvent event = event();
            AggregateId aggregate = event.aggregate();
            if (aggregate == null || event.version() == 0 || places.add(List.of(aggregate, event.version()))) {
                events.add(event);
            }
        }
        stored = table.write(new EventWrite(events, List.of(), null)).events();
    }

    @AfterEach
    void drop() {
        backend.close();
        database.close();
    }

    @Test
    void everyQuerySelectsAndSortsAsTheDefinitionDoes() {
        int severalPages = 0;
        for (int i = 0; i < 250; i++) {
            EventQuery query = randomQuery();
            List<Long> expected = positions(stored.stream()
                    .filter(event -> Selection.matches(query, event))
                    .sorted(Selection.order(query))
                    .toList());
            assertThat(positions(read(query))).as(query::toString).isEqualTo(expected);
            assertThat(positions(follow(query)))
                    .as(query::toString)
                    .isEqualTo(expected.stream().sorted().toList());
            severalPages += expected.size() > 128 ? 1 : 0;
        }
        assertThat(severalPages).isGreaterThan(50);
    }

    /** The aggregates are named by the two kinds of filter together, of which neither means one of them. */
    @Test
    void severalAggregatesThatShareVersionsAreReadWhole() {
        UUID[] ids = stored.stream()
                .map(StoredEvent::aggregate)
                .filter(aggregate -> aggregate != null && aggregate.name().equals("said"))
                .map(AggregateId::id)
                .distinct()
                .limit(5)
                .toArray(UUID[]::new);
        for (boolean descending : List.of(false, true)) {
            EventQuery query = EventQuery.all()
                    .withAggregateIds(ids)
                    .withAggregates(new AggregateRef("said", null))
                    .withSorts(new EventSort(EventSort.Key.AGGREGATE_VERSION, descending));
            List<Long> expected = positions(stored.stream()
                    .filter(event -> Selection.matches(query, event))
                    .sorted(Selection.order(query))
                    .toList());
            assertThat(expected).hasSizeGreaterThan(256);
            assertThat(positions(read(query))).isEqualTo(expected);
        }
    }

    private NewEvent event() {
        AggregateId aggregate = random.nextInt(6) == 0
                ? null
                : new AggregateId(
                        NAMES.get(random.nextInt(6)), new UUID(random.nextInt(3) - 2L, random.nextInt(4) - 2L));
        int version = aggregate == null ? 0 : Math.max(0, random.nextInt(200) - 20);
        String name = NAMES.get(random.nextInt(6));
        byte[] data = "{}".getBytes(StandardCharsets.UTF_8);
        Map<String, String> metadata = random.nextBoolean() ? Map.of() : Map.of(name, "\u0001\n" + name, "", "{");
        UUID id = new UUID(random.nextLong(), random.nextLong());
        return new NewEvent(id, name, random.nextInt(1_000) - 300, aggregate, version, data, metadata);
    }

    private EventQuery randomQuery() {
        EventQuery query = EventQuery.all();
        for (StoredEvent some : List.of(anyEvent(), anyEvent())) {
            query = random.nextInt(12) == 0 ? query.withIds(some.id()) : query;
            query = random.nextInt(5) == 0 ? query.withNames(some.name()) : query;
            AggregateId aggregate = some.aggregate();
            if (aggregate != null) {
                query = random.nextInt(6) == 0 ? query.withAggregateNames(aggregate.name()) : query;
                query = random.nextInt(6) == 0 ? query.withAggregateIds(aggregate.id()) : query;
                UUID id = random.nextBoolean() ? null : aggregate.id();
                query = random.nextInt(4) == 0 ? query.withAggregates(new AggregateRef(aggregate.name(), id)) : query;
            }
        }
        query = withNumbers(query);
        for (int i = random.nextInt(4); i > 0; i--) {
            query = query.withSorts(new EventSort(KEYS.get(random.nextInt(4)), random.nextBoolean()));
        }
        return query;
    }

    private StoredEvent anyEvent() {
        return stored.get(random.nextInt(EVENTS));
    }

    private EventQuery withNumbers(EventQuery query) {
        int number = random.nextInt(200) - 20;
        Instant time = Instant.ofEpochSecond(0, number);
        return switch (random.nextInt(14)) {
            case 0 -> query.withVersions(0, 1, 2, Math.max(0, number));
            case 1 -> query.withMinVersion(number);
            case 2 -> query.withMaxVersion(number);
            case 3 -> query.withVersionRange(-3, 5).withVersionRange(number, number + 30);
            case 4 -> query.withMinTime(time);
            case 5 -> query.withBefore(time);
            case 6 -> query.withTimeRange(time, time.plusNanos(100)).withTimes(time, time.plusNanos(7));
            default -> query;
        };
    }

    private List<StoredEvent> read(EventQuery query) {
        int limit = 1 + random.nextInt(300);
        List<StoredEvent> read = new ArrayList<>();
        try (EventCursor cursor = table.query(query)) {
            for (List<StoredEvent> page = cursor.next(limit); !page.isEmpty(); page = cursor.next(limit)) {
                read.addAll(page);
            }
        }
        return read;
    }

    private List<StoredEvent> follow(EventQuery query) {
        List<StoredEvent> read = new ArrayList<>();
        EventPage page = table.after(0, query, 250);
        read.addAll(page.events());
        while (!page.complete()) {
            page = table.after(page.position(), query, 250);
            read.addAll(page.events());
        }
        return read;
    }

    private static List<Long> positions(List<StoredEvent> events) {
        return events.stream().map(StoredEvent::position).toList();
    }
}

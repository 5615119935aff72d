package dev.tidemark.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.event.AggregateId;
import dev.tidemark.event.AggregateRef;
import dev.tidemark.event.EventQuery;
import dev.tidemark.event.EventSort;
import dev.tidemark.event.NumberFilter;
import dev.tidemark.event.spi.EventCursor;
import dev.tidemark.event.spi.EventEngine;
import dev.tidemark.event.spi.EventPage;
import dev.tidemark.event.spi.EventWrite;
import dev.tidemark.event.spi.NewEvent;
import dev.tidemark.event.spi.Selection;
import dev.tidemark.event.spi.StoredEvent;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What queries become in SQL means what {@link Selection} says, over as many pages as it takes. */
class EventQueryTest {
    private static final int EVENTS = 6_000;
    private static final List<EventSort.Key> KEYS = List.of(EventSort.Key.values());
    private static final List<String> NAMES =
            List.of("said", "shouted", "' OR 1 --", "\"\\", "\uFFFD", "\uD83D\uDE00", "[1]");

    @TempDir
    Path directory;

    private final Random random = new Random(11);
    private SqliteBackend backend;
    private EventEngine table;
    private List<StoredEvent> stored;

    @BeforeEach
    void fill() {
        backend = SqliteBackend.open(SqliteOptions.at(directory.resolve("app.db")));
        table = backend.engine().events("we\"ird -- events;");
        Set<List<Object>> places = new HashSet<>();
        List<NewEvent> events = new ArrayList<>();
        while (events.size() < EVENTS) {
            NewEvent event = event();
            AggregateId aggregate = event.aggregate();
            if (aggregate == null || event.version() == 0 || places.add(List.of(aggregate, event.version()))) {
                events.add(event);
            }
        }
        stored = new ArrayList<>(
                table.write(new EventWrite(events, List.of(), null)).events());
    }

    @AfterEach
    void close() {
        backend.close();
    }

    @Test
    void e10_everyOrderIsThatOfTheDefinition() {
        for (int i = 0; i < 40; i++) {
            EventSort[] sorts = random.ints(0, 4)
                    .distinct()
                    .limit(1 + i % 4)
                    .mapToObj(key -> new EventSort(KEYS.get(key), random.nextBoolean()))
                    .toArray(EventSort[]::new);
            EventQuery query = EventQuery.all().withSorts(sorts);
            assertThat(positions(read(query, 1 + random.nextInt(700))))
                    .as(() -> Arrays.toString(sorts))
                    .isEqualTo(positions(expected(query)));
        }
    }

    @Test
    void e9_everyFilterSelectsWhatTheDefinitionDoes() {
        int nonEmpty = 0;
        for (int i = 0; i < 200; i++) {
            EventQuery query = randomQuery();
            List<StoredEvent> expected = expected(query);
            assertThat(positions(read(query, 1 + random.nextInt(300))))
                    .as(query::toString)
                    .isEqualTo(positions(expected));
            assertThat(positions(follow(query))).as(query::toString).isEqualTo(positions(byPosition(query)));
            nonEmpty += expected.isEmpty() ? 0 : 1;
        }
        assertThat(nonEmpty).isGreaterThan(50);
    }

    @Test
    void e9_aQueryMayNameAnyNumberOfValues() {
        List<UUID> ids = new ArrayList<>(stored.stream().map(StoredEvent::id).toList());
        IntStream.range(0, 40_000).forEach(i -> ids.add(new UUID(random.nextLong(), i)));
        assertThat(read(EventQuery.all().withIds(ids), 500)).hasSize(EVENTS);

        Set<NumberFilter.Range> ranges = new HashSet<>();
        IntStream.range(0, 1_000).forEach(i -> ranges.add(new NumberFilter.Range(i * 10L, i * 10L + 2)));
        EventQuery some = withTimes(new NumberFilter(Set.of(), ranges, null, null));
        assertThat(positions(read(some, 500)))
                .isEqualTo(positions(expected(some)))
                .isNotEmpty();
    }

    @Test
    void e5_whatIsDeletedWhileAnOrderedStreamIsReadIsMissingAtMost() {
        EventQuery query = EventQuery.all().withSorts(EventSort.descending(EventSort.Key.AGGREGATE_NAME));
        List<StoredEvent> expected = new ArrayList<>(expected(query));
        List<StoredEvent> read = new ArrayList<>();
        try (EventCursor cursor = table.query(query)) {
            read.addAll(cursor.next(100));
            read.addAll(cursor.next(100));
            // The last of the places that the second page found, and many before it, the whole of a page among them.
            List<StoredEvent> deleted = expected.subList(2_000, 100 + 4_096);
            table.delete(deleted.stream().map(StoredEvent::id).toList());
            table.write(new EventWrite(List.of(event(), event()), List.of(), null));
            cursor.next(1_800).forEach(read::add);
            for (List<StoredEvent> page = cursor.next(50); !page.isEmpty(); page = cursor.next(50)) {
                read.addAll(page);
            }
            deleted.clear();
        }
        assertThat(positions(read)).isEqualTo(positions(expected));
    }

    @Test
    void e5_pagesEndWhenTheirDataIsLarge() {
        byte[] large = new byte[1 << 20];
        List<NewEvent> events = IntStream.range(0, 10)
                .mapToObj(i -> new NewEvent(UUID.randomUUID(), "large", i, null, 0, large, Map.of()))
                .toList();
        table.write(new EventWrite(events, List.of(), null));
        for (EventQuery query : List.of(
                EventQuery.all().withNames("large"),
                EventQuery.all().withNames("large").withSorts(EventSort.descending(EventSort.Key.TIME)))) {
            try (EventCursor cursor = table.query(query)) {
                assertThat(cursor.next(100)).hasSize(4);
                assertThat(cursor.next(100)).hasSize(4);
                assertThat(cursor.next(100)).hasSize(2);
                assertThat(cursor.next(100)).isEmpty();
            }
        }
        EventPage page = table.after(stored.get(EVENTS - 1).position(), EventQuery.all(), 100);
        assertThat(page.events()).hasSize(4);
        assertThat(page.complete()).isFalse();
    }

    private NewEvent event() {
        AggregateId aggregate = random.nextInt(5) == 0
                ? null
                : new AggregateId(
                        NAMES.get(random.nextInt(7)), new UUID(random.nextInt(4) - 2L, random.nextInt(8) - 4L));
        int version = aggregate == null ? 0 : Math.max(0, random.nextInt(400) - 50);
        String name = NAMES.get(random.nextInt(7));
        return new NewEvent(
                new UUID(random.nextLong(), random.nextLong()),
                name,
                random.nextInt(2_000) - 500,
                aggregate,
                version,
                new byte[] {1},
                random.nextBoolean() ? Map.of() : Map.of(name, "\u0001\n" + name));
    }

    private EventQuery randomQuery() {
        EventQuery query = EventQuery.all();
        StoredEvent some = stored.get(random.nextInt(EVENTS));
        StoredEvent other = stored.get(random.nextInt(EVENTS));
        if (random.nextInt(8) == 0) {
            query = query.withIds(some.id(), other.id());
        }
        if (random.nextInt(3) == 0) {
            query = query.withNames(some.name());
        }
        if (random.nextInt(4) == 0) {
            query = query.withNames(other.name());
        }
        if (random.nextInt(5) == 0) {
            query = query.withAggregateNames(NAMES.get(random.nextInt(7)));
        }
        for (StoredEvent event : List.of(some, other)) {
            AggregateId aggregate = event.aggregate();
            if (aggregate != null && random.nextInt(5) == 0) {
                query = query.withAggregateIds(aggregate.id());
            }
            if (aggregate != null && random.nextInt(5) == 0) {
                boolean whole = random.nextBoolean();
                query = query.withAggregates(new AggregateRef(aggregate.name(), whole ? null : aggregate.id()));
            }
        }
        query = withVersions(query);
        if (random.nextInt(5) == 0) {
            query = query.withMinTime(Instant.ofEpochSecond(0, random.nextInt(500)));
        }
        if (random.nextInt(5) == 0) {
            query = query.withMaxTime(Instant.ofEpochSecond(0, 500 + random.nextInt(500)));
        }
        if (random.nextInt(3) == 0) {
            query = query.withSorts(new EventSort(KEYS.get(random.nextInt(4)), random.nextBoolean()));
        }
        return query;
    }

    private EventQuery withVersions(EventQuery query) {
        int version = random.nextInt(300) - 20;
        return switch (random.nextInt(12)) {
            case 0 -> query.withVersions(Math.max(0, version));
            case 1 -> query.withVersions(0, 1, 2, version);
            case 2 -> query.withMinVersion(version);
            case 3 -> query.withMaxVersion(version);
            case 4 -> query.withVersionRange(version, version + 30);
            case 5 -> query.withVersionRange(-3, 5).withVersionRange(version, version + 30);
            case 6 -> query.withMinVersion(0).withMaxVersion(version).withVersions(0, 3, 4, 5);
            default -> query;
        };
    }

    private static EventQuery withTimes(NumberFilter times) {
        EventQuery all = EventQuery.all();
        return new EventQuery(
                all.ids(),
                all.names(),
                all.aggregateNames(),
                all.aggregateIds(),
                all.aggregates(),
                all.versions(),
                times,
                all.sorts());
    }

    private List<StoredEvent> expected(EventQuery query) {
        return stored.stream()
                .filter(event -> Selection.matches(query, event))
                .sorted(Selection.order(query))
                .toList();
    }

    private List<StoredEvent> byPosition(EventQuery query) {
        return stored.stream().filter(event -> Selection.matches(query, event)).toList();
    }

    private List<StoredEvent> read(EventQuery query, int limit) {
        List<StoredEvent> read = new ArrayList<>();
        try (EventCursor cursor = table.query(query)) {
            for (List<StoredEvent> page = cursor.next(limit); !page.isEmpty(); page = cursor.next(limit)) {
                assertThat(page).hasSizeLessThanOrEqualTo(limit);
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
        assertThat(page.position()).isEqualTo(table.newest());
        return read;
    }

    private static List<Long> positions(List<StoredEvent> events) {
        return events.stream().map(StoredEvent::position).toList();
    }
}

package dev.tidemark.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.event.AggregateId;
import dev.tidemark.event.EventQuery;
import dev.tidemark.event.EventSort;
import dev.tidemark.event.spi.EventCursor;
import dev.tidemark.event.spi.EventEngine;
import dev.tidemark.event.spi.EventPage;
import dev.tidemark.event.spi.EventWrite;
import dev.tidemark.event.spi.NewEvent;
import dev.tidemark.event.spi.Selection;
import dev.tidemark.event.spi.StoredEvent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the pages of queries end; what queries mean is what the kit proves. */
class EventQueryTest {
    private static final int EVENTS = 6_000;

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
        List<NewEvent> events = IntStream.range(0, EVENTS).mapToObj(this::event).toList();
        stored = new ArrayList<>(
                table.write(new EventWrite(events, List.of(), null)).events());
    }

    @AfterEach
    void close() {
        backend.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 511, 4_096, 10_000})
    void e5_pagesOfAnySizeMakeUpTheResult(int limit) {
        for (EventQuery query : List.of(
                EventQuery.all().withNames("said"),
                EventQuery.all().withSorts(EventSort.descending(EventSort.Key.AGGREGATE_VERSION)),
                EventQuery.all()
                        .withSorts(
                                EventSort.descending(EventSort.Key.AGGREGATE_NAME),
                                EventSort.ascending(EventSort.Key.TIME)))) {
            assertThat(positions(read(query, limit))).isEqualTo(positions(expected(query)));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 250, 10_000})
    void e13_pagesOfAnySizeAreFollowedToTheEnd(int limit) {
        EventQuery said = EventQuery.all().withNames("said");
        assertThat(positions(follow(said, limit))).isEqualTo(positions(expected(said)));
        assertThat(follow(EventQuery.all().withNames("nothing"), limit)).isEmpty();
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
            table.write(new EventWrite(List.of(event(EVENTS), event(EVENTS + 1)), List.of(), null));
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

    /** Many share their time, their name and the name of their aggregate; some have none. */
    private NewEvent event(int number) {
        AggregateId aggregate =
                number % 5 == 0 ? null : new AggregateId("account" + number % 7, new UUID(number % 4, number % 8));
        return new NewEvent(
                new UUID(random.nextLong(), random.nextLong()),
                random.nextBoolean() ? "said" : "shouted",
                random.nextInt(2_000),
                aggregate,
                aggregate == null ? 0 : number / 56,
                new byte[] {1},
                Map.of());
    }

    private List<StoredEvent> expected(EventQuery query) {
        return stored.stream()
                .filter(event -> Selection.matches(query, event))
                .sorted(Selection.order(query))
                .toList();
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

    private List<StoredEvent> follow(EventQuery query, int limit) {
        List<StoredEvent> read = new ArrayList<>();
        EventPage page = table.after(0, query, limit);
        read.addAll(page.events());
        while (!page.complete()) {
            page = table.after(page.position(), query, limit);
            read.addAll(page.events());
        }
        assertThat(page.position()).isEqualTo(table.newest());
        return read;
    }

    private static List<Long> positions(List<StoredEvent> events) {
        return events.stream().map(StoredEvent::position).toList();
    }
}

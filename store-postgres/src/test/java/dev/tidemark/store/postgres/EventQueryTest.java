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
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where pages end, and histories that are read in parts; what queries mean is what the kit proves. */
class EventQueryTest extends OnEvents {
    private static final int EVENTS = 5_000;

    private final Random random = new Random(7);
    private EventEngine table;
    private List<StoredEvent> stored;

    @BeforeEach
    void fill() {
        table = backend.engine().events().engine("we\"ird -- events;?", true);
        List<NewEvent> events = IntStream.range(0, EVENTS).mapToObj(this::event).toList();
        stored = table.write(new EventWrite(events, List.of(), null)).events();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 250, 10_000})
    void pagesOfAnySizeAreFollowedToTheEnd(int limit) {
        EventQuery said = EventQuery.all().withAggregateNames("said");
        assertThat(positions(follow(said, limit))).isEqualTo(positions(expected(said)));
    }

    /** In some languages numbers are formatted with digits that SQL doesn't know. */
    @Test
    void theLanguageOfTheMachineDoesNotCount() {
        Locale usual = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("ar-EG"));
        try {
            assertThat(String.format("%d", 1)).isNotEqualTo("1");
            assertThat(store.list(EventQuery.all())).isEmpty();
        } finally {
            Locale.setDefault(usual);
        }
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
            List<StoredEvent> expected = expected(query);
            assertThat(expected).hasSizeGreaterThan(256);
            assertThat(positions(read(query, 1 + random.nextInt(300)))).isEqualTo(positions(expected));
        }
    }

    /** Many share their time, their version and the name of their aggregate; some have none. */
    private NewEvent event(int number) {
        AggregateId aggregate = number % 6 == 0
                ? null
                : new AggregateId(number % 2 == 0 ? "said" : "shouted", new UUID(number % 3, number % 16 / 2));
        return new NewEvent(
                new UUID(random.nextLong(), random.nextLong()),
                "done",
                random.nextInt(1_000),
                aggregate,
                aggregate == null ? 0 : number / 48,
                "{}".getBytes(StandardCharsets.UTF_8),
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
        return read;
    }

    private static List<Long> positions(List<StoredEvent> events) {
        return events.stream().map(StoredEvent::position).toList();
    }
}

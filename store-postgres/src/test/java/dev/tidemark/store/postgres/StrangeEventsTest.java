package dev.tidemark.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.event.Event;
import dev.tidemark.event.EventQuery;
import dev.tidemark.event.EventSort;
import dev.tidemark.event.UndecodableEventException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows that the table takes from others, and that no event could be written as. */
class StrangeEventsTest extends OnEvents {
    @BeforeEach
    void fill() {
        store.insert(Deed.event(1));
    }

    private void insert(String aggregate, String metadata, int count) throws Exception {
        database.execute(
                "INSERT INTO events (id, name, time, data, aggregate_id, aggregate_name, aggregate_version, metadata)"
                        + " SELECT gen_random_uuid(), 'done', 1, '{\"by\": \"stranger\", \"number\": 2}', " + aggregate
                        + ", "
                        + metadata + " FROM generate_series(1, " + count + ")");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "NULL, NULL, 3",
                "NULL, 'account', 3",
                "gen_random_uuid(), NULL, 3",
                "gen_random_uuid(), '', 3",
                "gen_random_uuid(), 'account', -3"
            })
    void aVersionThatCanNotBeIsToldWithItsEvent(String aggregate) throws Exception {
        insert(aggregate, "NULL", 1);
        assertThatThrownBy(() -> store.list(EventQuery.all()))
                .isInstanceOfSatisfying(
                        UndecodableEventException.class,
                        failure -> assertThat(failure.position()).isEqualTo(store.position()));
        assertThat(store.list(EventQuery.all().withMinTime(Deed.event(0).time().minusSeconds(60))))
                .hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"'null'", "'[1]'", "'\"text\"'"})
    void metadataThatIsNoObjectIsNone(String metadata) throws Exception {
        insert("NULL, NULL, NULL", metadata, 1);
        assertThat(store.list(EventQuery.all()))
                .hasSize(2)
                .extracting(Event::metadata)
                .allMatch(Map::isEmpty);
    }

    @Test
    void metadataThatIsNoTextComesAsItsJson() throws Exception {
        String metadata =
                "{\"number\": 1.50, \"true\": true, \"object\": {\"a\": [1, \"}\"]}, \"null\": null, \"text\": \"\\u20ac\\\\\\n\"}";
        insert("gen_random_uuid(), 'account', 1", "'" + metadata + "'", 1);
        assertThat(store.list(EventQuery.all()).get(1).metadata())
                .isEqualTo(Map.of(
                        "number", "1.50", "true", "true", "object", "{\"a\": [1, \"}\"]}", "text", "\u20ac\\\n"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"gen_random_uuid(), NULL, NULL", "gen_random_uuid(), '', NULL", "NULL, 'account', NULL"})
    void halfAnAggregateHasItsPlaceAmongThoseWithoutOne(String aggregate) throws Exception {
        insert(aggregate, "NULL", 300);
        for (EventSort.Key key : List.of(EventSort.Key.AGGREGATE_ID, EventSort.Key.AGGREGATE_NAME)) {
            assertThat(store.query(EventQuery.all().withSorts(EventSort.ascending(key)))
                            .limit(400)
                            .map(Event::id))
                    .hasSize(301)
                    .doesNotHaveDuplicates();
        }
    }
}

package dev.tidemark.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.event.AggregateId;
import dev.tidemark.event.Event;
import dev.tidemark.event.EventBatch;
import dev.tidemark.event.EventConflictException;
import dev.tidemark.event.EventQuery;
import dev.tidemark.event.EventStore;
import dev.tidemark.event.EventStoreOptions;
import dev.tidemark.store.StoreUnavailableException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The tables behind an event store: what they look like, what is taken over, and what is refused. */
class EventSchemaTest {
    private static final String COLUMNS = "id BLOB UNIQUE NOT NULL, name TEXT NOT NULL, time INTEGER NOT NULL,"
            + " aggregate_id BLOB, aggregate_name TEXT, aggregate_version INT, data BLOB NOT NULL, metadata TEXT";
    private static final AggregateId TALK = new AggregateId("talk", new UUID(0x0102030405060708L, -1));

    @TempDir
    Path directory;

    private Path file;

    @BeforeEach
    void name() {
        file = directory.resolve("app.db");
    }

    @Test
    void aRowSaysWhatTheEventSays() throws Exception {
        Event<String> event = Event.of("said", "hello")
                .withId(new UUID(1, -2))
                .withTime(Instant.ofEpochSecond(1, 23))
                .withAggregate(TALK, 7)
                .withMetadata("user", "\"zo\u00eb\"");
        try (SqliteBackend backend = open();
                Database database = new Database(file)) {
            EventStore events = backend.events(Talk.TYPES);
            Event<?> stored = events.insert(event, Event.of("said", "").withTime(Instant.EPOCH))
                    .events()
                    .get(0);
            assertThat(
                            database.column(
                                    "SELECT concat_ws('|', position, hex(id), name, time, hex(aggregate_id),"
                                            + " aggregate_name, aggregate_version, CAST(data AS TEXT), metadata) FROM events WHERE time > 0"))
                    .containsExactly(
                            "1|0000000000000001FFFFFFFFFFFFFFFE|said|1000000023|0102030405060708FFFFFFFFFFFFFFFF"
                                    + "|talk|7|hello|{\"user\":\"\\\"zo\u00eb\\\"\"}");
            assertThat(database.column("SELECT aggregate_id IS NULL AND aggregate_name IS NULL AND"
                            + " aggregate_version IS NULL AND metadata IS NULL FROM events WHERE time = 0"))
                    .containsExactly("1");
            assertThat(events.find(event.id())).contains(stored);
        }
    }

    @Test
    void everyTableHasItsOwnIndexes() throws Exception {
        try (SqliteBackend backend = open();
                Database database = new Database(file)) {
            for (String table : List.of("events", "goes_name of", "events2", "we\"ird; '-- table", "\u00e4")) {
                EventStore events =
                        backend.events(Talk.TYPES, EventStoreOptions.defaults().withTable(table));
                events.insert(Event.of("said", table).withAggregate(TALK, 1));
                assertThatThrownBy(() -> events.insert(Event.of("said", "no").withAggregate(TALK, 1)))
                        .isInstanceOf(EventConflictException.class);
                assertThat(events.list(EventQuery.all())).hasSize(1);
                assertThat(Table.literal(table))
                        .satisfies(name -> assertThat(
                                        database.column("SELECT count(*) FROM pragma_index_list(" + name + ")"))
                                .containsExactly("4"));
            }
            assertThat(database.column("SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'events'"
                            + " AND sql IS NOT NULL"))
                    .containsExactlyInAnyOrder("goes_name", "goes_time", "goes_aggregate");
        }
    }

    @Test
    void aTableThatWasPreparedByHandIsCompleted() throws Exception {
        try (Database database = new Database(file)) {
            database.execute(
                    "CREATE TABLE events (position INTEGER PRIMARY KEY AUTOINCREMENT, " + COLUMNS + ")",
                    "INSERT INTO events (id, name, time, data) VALUES (x'00000000000000010000000000000002', 'said', 5, 'hi')");
            try (SqliteBackend backend = open()) {
                EventStore events = backend.events(Talk.TYPES);
                assertThat(events.find(new UUID(1, 2)).orElseThrow().data()).isEqualTo("hi");
                events.insert(Event.of("said", "there").withAggregate(TALK, 1));
                assertThatThrownBy(() -> events.insert(Event.of("said", "no").withAggregate(TALK, 1)))
                        .isInstanceOf(EventConflictException.class);
            }
            assertThat(database.column("SELECT name FROM pragma_index_list('events') WHERE origin = 'c' ORDER BY name"))
                    .containsExactly("goes_aggregate", "goes_name", "goes_time");
        }
    }

    @Test
    void everythingThatIsWrongIsSaidAtOnce() throws Exception {
        try (Database database = new Database(file)) {
            database.execute(
                    "CREATE TABLE events (id TEXT, name INTEGER, time REAL, aggregate_version, data BLOB,"
                            + " position INTEGER PRIMARY KEY, extra TEXT NOT NULL)",
                    "CREATE VIEW events_appends AS SELECT 1 AS append_id");
            try (SqliteBackend backend = open()) {
                EventStore events = backend.events(Talk.TYPES);
                for (int i = 0; i < 2; i++) {
                    assertThatThrownBy(events::position)
                            .isInstanceOf(StoreUnavailableException.class)
                            .message()
                            .contains("events.id is TEXT, not BLOB(16)")
                            .contains("events.name is INTEGER, not VARCHAR(255)")
                            .contains("events.time is REAL, not BIGINT")
                            .contains("events has no column aggregate_id")
                            .contains("events has no column aggregate_name")
                            .contains("events has no column metadata")
                            .contains("events.extra is unknown, and needs a value")
                            .contains("events has no unique key (id BINARY)")
                            .contains("events.position is not INTEGER PRIMARY KEY AUTOINCREMENT")
                            .contains("events_appends is a view, not a table")
                            .contains("events_appends has no column digest");
                }
                database.execute("DROP VIEW events_appends", "DROP TABLE events");
                assertThat(events.position()).isZero();
                assertThat(events.insert(Event.of("said", "now")).position()).isEqualTo(1);
            }
        }
    }

    @Test
    void anIndexThatCanNotBeMadeIsNamedWithItsStatement() throws Exception {
        String row = "INSERT INTO events (id, name, time, aggregate_id, aggregate_name, aggregate_version, data)"
                + " VALUES (randomblob(16), 'said', 5, x'00000000000000010000000000000002', 'talk', 1, 'hi')";
        try (Database database = new Database(file)) {
            database.execute(
                    "CREATE TABLE events (position INTEGER PRIMARY KEY AUTOINCREMENT, " + COLUMNS + ")", row, row);
            try (SqliteBackend backend = open()) {
                EventStore events = backend.events(Talk.TYPES);
                assertThatThrownBy(events::position)
                        .isInstanceOf(StoreUnavailableException.class)
                        .hasMessageContaining("make it by hand: CREATE UNIQUE INDEX \"goes_aggregate\" ON \"events\"");
                database.execute("DELETE FROM events WHERE position = 2");
                assertThat(events.position()).isEqualTo(2);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aReadOnlyBackendReadsATableThatIsThere(boolean present) {
        try (SqliteBackend backend = open()) {
            if (present) {
                backend.events(Talk.TYPES).insert(Event.of("said", "hello"));
            }
        }
        try (SqliteBackend backend = SqliteBackend.open(SqliteOptions.at(file).withReadOnly(true))) {
            EventStore events = backend.events(Talk.TYPES);
            if (present) {
                assertThat(events.list(EventQuery.all())).hasSize(1);
                assertThatThrownBy(() -> events.insert(Event.of("said", "no")))
                        .isInstanceOf(StoreUnavailableException.class)
                        .hasMessageContaining("readOnly");
            } else {
                assertThatThrownBy(events::position)
                        .isInstanceOf(StoreUnavailableException.class)
                        .hasMessageContaining("has no table of events \"events\"");
            }
            assertThatThrownBy(() -> backend.transact(transaction -> {
                        transaction.write(events, new EventBatch().insert(Event.of("said", "no")));
                        return true;
                    }))
                    .isInstanceOf(StoreUnavailableException.class);
        }
    }

    @Test
    void positionsAreNotUsedAgain() {
        try (SqliteBackend backend = open()) {
            EventStore events = backend.events(Talk.TYPES);
            Event<String> event = Event.of("said", "hello");
            events.insert(event);
            events.delete(event);
            assertThat(events.position()).isEqualTo(1);
        }
        try (SqliteBackend backend = open()) {
            EventStore events = backend.events(Talk.TYPES);
            assertThat(events.position()).isEqualTo(1);
            assertThat(events.insert(Event.of("said", "again")).position()).isEqualTo(2);
        }
    }

    @Test
    void aDatabaseInMemoryKeepsEventsToo() {
        try (SqliteBackend backend = SqliteBackend.open(SqliteOptions.inMemory())) {
            EventStore events = backend.events(Talk.TYPES);
            assertThat(events.list(EventQuery.all())).isEmpty();
            events.insert(Event.of("said", "hello").withAggregate(TALK, 1));
            assertThat(events.list(EventQuery.ofAggregate(TALK))).hasSize(1);
        }
    }

    private SqliteBackend open() {
        return SqliteBackend.open(SqliteOptions.at(file));
    }
}

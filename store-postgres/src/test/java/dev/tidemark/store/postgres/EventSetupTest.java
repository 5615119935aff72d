package dev.tidemark.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.tidemark.event.AggregateId;
import dev.tidemark.event.Event;
import dev.tidemark.event.EventQuery;
import dev.tidemark.event.EventStore;
import dev.tidemark.event.EventStoreOptions;
import dev.tidemark.event.ExpectedVersion;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.StoreUnavailableException;
import dev.tidemark.store.postgres.PostgresOptions.SchemaMode;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

class EventSetupTest {
    /** The table of a goes service. */
    private static final String GOES = """
            CREATE TABLE events (id UUID PRIMARY KEY, name VARCHAR(255) NOT NULL, time BIGINT NOT NULL,
              aggregate_id UUID, aggregate_name VARCHAR(255), aggregate_version INTEGER, data JSONB);
            CREATE INDEX goes_name ON events (name);
            CREATE INDEX goes_time ON events (time);
            CREATE UNIQUE INDEX goes_aggregate ON events (aggregate_id, aggregate_name, aggregate_version);
            """;

    private PostgresServer.Database database;

    @BeforeEach
    void create() throws Exception {
        database = PostgresServer.shared().newDatabase();
    }

    @AfterEach
    void drop() throws Exception {
        database.close();
    }

    private PostgresEventOptions options() {
        return PostgresEventOptions.defaults()
                .withUrl(database.uri())
                .withDatabase(database.name())
                .withTimeout(PostgresServer.PATIENCE);
    }

    private List<String> query(String sql) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> values = new ArrayList<>();
            while (rows.next()) {
                values.add(rows.getString(1));
            }
            return values;
        }
    }

    @Test
    void theTableIsThatOfGoesAndSomeMore() throws Exception {
        try (PostgresEvents events = PostgresEvents.of(options())) {
            events.store(Deed.TYPES);
            events.connect();
        }
        assertThat(
                        query(
                                "SELECT column_name || ' ' || data_type || coalesce('(' || character_maximum_length || ')', '') || ' '"
                                        + " || is_nullable FROM information_schema.columns WHERE table_name = 'events' ORDER BY ordinal_position"))
                .containsExactly(
                        "id uuid NO",
                        "name character varying(255) NO",
                        "time bigint NO",
                        "aggregate_id uuid YES",
                        "aggregate_name character varying(255) YES",
                        "aggregate_version integer YES",
                        "data jsonb YES",
                        "metadata jsonb YES",
                        "position bigint YES");
        assertThat(
                        query(
                                "SELECT replace(indexdef, 'public.', '') FROM pg_indexes WHERE tablename = 'events' ORDER BY indexname"))
                .contains(
                        "CREATE UNIQUE INDEX goes_aggregate ON events USING btree (aggregate_id, aggregate_name, aggregate_version)",
                        "CREATE INDEX goes_name ON events USING btree (name)",
                        "CREATE INDEX goes_time ON events USING btree (\"time\")",
                        "CREATE UNIQUE INDEX events_pkey ON events USING btree (id)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Goes", "my-db", "we\"ird", "per%cent?x=1/y+z", "ünïcode \uD83D\uDE00"})
    void aDatabaseOfAnyNameIsMade(String name) throws Exception {
        String unique = name + database.name();
        PostgresEventOptions options = options().withDatabase(unique).withTable("Odd \"table\"? $1");
        try (PostgresEvents events = PostgresEvents.of(options)) {
            Event<?> event =
                    events.store(Deed.TYPES).insert(Deed.event(1)).events().get(0);
            try (Connection connection = events.dataSource().getConnection()) {
                assertThat(connection.getCatalog()).isEqualTo(unique);
            }
            try (PostgresEvents again = PostgresEvents.of(options)) {
                assertThat(again.store(Deed.TYPES).find(event.id())).contains(event);
            }
        } finally {
            database.execute("DROP DATABASE " + EventTable.quoted(unique) + " WITH (FORCE)");
        }
    }

    @Test
    void nothingConnectsBeforeItIsNeededAndAFailureIsTriedAgain() throws Exception {
        Proxy proxy = new Proxy(database.host(), database.port());
        proxy.refuse(true);
        PostgresEventOptions options = options().withUrl(database.uriThrough(proxy, "connectTimeout=1"));
        try (PostgresEvents events = PostgresEvents.of(options)) {
            EventStore store = events.store(Deed.TYPES);
            assertThatThrownBy(events::dataSource).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(events::connect).isInstanceOf(StoreUnavailableException.class);
            assertThatThrownBy(store::position).isInstanceOf(StoreUnavailableException.class);
            proxy.refuse(false);
            assertThat(store.position()).isZero();
            assertThat(events.dataSource()).isNotNull();
        } finally {
            proxy.close();
        }
    }

    @Test
    void theServerComesFromTheEnvironmentUnlessItIsGiven() {
        PostgresEventOptions options = PostgresEventOptions.defaults();
        assertThat(options.database()).isEqualTo("goes");
        assertThat(options.table()).isEqualTo("events");
        assertThat(options.server(name -> name.equals("POSTGRES_EVENTSTORE") ? "postgresql://u:secret@there/x" : null))
                .hasToString(PostgresOptions.of("postgresql://u:secret@there/x").toString());
        assertThatThrownBy(() -> options.server(name -> null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("POSTGRES_EVENTSTORE");
        assertThat(options.withUrl("postgresql://u:secret@there/x").toString()).doesNotContain("secret");
    }

    @Test
    void aDataSourceStaysItsOwners() {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setURL(database.uriAs("jdbc:postgresql"));
        PostgresEventOptions options = PostgresEventOptions.defaults().withDataSource(source);
        try (PostgresEvents events = PostgresEvents.of(options)) {
            assertThat(events.store(Deed.TYPES).insert(Deed.event(1)).position())
                    .isEqualTo(1);
            assertThat(events.dataSource()).isSameAs(source);
        }
        try (PostgresBackend backend = PostgresBackend.open(database.options())) {
            assertThat(backend.events(Deed.TYPES).position()).isEqualTo(1);
        }
    }

    @Test
    void aTableOfGoesIsWidenedAndGoesGoesOnUsingIt() throws Exception {
        database.execute(GOES);
        UUID aggregate = UUID.randomUUID();
        // The second version has an earlier time than the first.
        database.execute("INSERT INTO events VALUES (gen_random_uuid(), 'done', 20, '" + aggregate
                + "', 'account', 2, '{\"by\": \"goes\", \"number\": 2}'), (gen_random_uuid(), 'done', 30, '" + aggregate
                + "', 'account', 1, '{\"by\": \"goes\", \"number\": 1}'), (gen_random_uuid(), 'done', 10, NULL, NULL, NULL,"
                + " '{\"by\": \"goes\", \"number\": 0}')");
        try (PostgresBackend backend = PostgresBackend.open(database.options())) {
            EventStore store = backend.events(Deed.TYPES);
            assertThat(numbers(store)).containsExactly(0, 1, 2);
            store.append(new AggregateId("account", aggregate), ExpectedVersion.exactly(2), new Deed("us", 3));
            database.execute(
                    "INSERT INTO events (id, name, time, aggregate_id, aggregate_name, aggregate_version, data)"
                            + " VALUES (gen_random_uuid(), 'done', 5, '" + aggregate
                            + "', 'account', 4, '{\"by\": \"goes\", \"number\": 4}')");
            assertThat(numbers(store)).containsExactly(0, 1, 2, 3, 4);
            assertThat(store.list(EventQuery.all())).extracting(Event::position).containsExactly(1L, 2L, 3L, 4L, 5L);
        }
        assertThat(
                        query(
                                "SELECT indexname FROM pg_indexes WHERE tablename = 'events' AND indexname LIKE '%goes%' ORDER BY 1"))
                .containsExactly("goes_aggregate", "goes_name", "goes_time");
    }

    private static List<Integer> numbers(EventStore store) {
        return store.list(EventQuery.all()).stream()
                .map(event -> ((Deed) event.data()).number())
                .toList();
    }

    @Test
    void everythingWrongWithATableIsInOneMessage() throws Exception {
        database.execute("CREATE TABLE events (id TEXT, name TEXT, time TIMESTAMPTZ, aggregate_name TEXT, data JSON,"
                + " position INTEGER, extra INTEGER NOT NULL)");
        try (PostgresBackend backend = PostgresBackend.open(database.options())) {
            assertThatThrownBy(() -> backend.events(Deed.TYPES).position())
                    .isInstanceOf(StoreUnavailableException.class)
                    .hasMessageContaining("column id is text, not uuid")
                    .hasMessageContaining("column time is timestamp with time zone, not bigint")
                    .hasMessageContaining("column aggregate_id is missing")
                    .hasMessageContaining("column aggregate_version is missing")
                    .hasMessageContaining("column data is json, not jsonb")
                    .hasMessageContaining("column position is integer, not bigint")
                    .hasMessageContaining("column extra is not ours");
        }
    }

    @Test
    void namesThatAreNotExactAreRefused() throws Exception {
        database.execute("CREATE COLLATION ci (provider = icu, locale = 'und-u-ks-level2', deterministic = false)");
        database.execute(GOES.replaceFirst("VARCHAR\\(255\\)", "TEXT COLLATE ci"));
        try (PostgresBackend backend = PostgresBackend.open(database.options())) {
            assertThatThrownBy(() -> backend.events(Deed.TYPES).position())
                    .isInstanceOf(StoreUnavailableException.class)
                    .hasMessageContaining("column name is text of a nondeterministic collation, not");
        }
    }

    @Test
    void textWillDoForNames() throws Exception {
        database.execute(GOES.replace("VARCHAR(255)", "TEXT"));
        try (PostgresBackend backend = PostgresBackend.open(database.options())) {
            assertThat(backend.events(Deed.TYPES).insert(Deed.event(1)).position())
                    .isEqualTo(1);
        }
    }

    @Test
    void theCodecsDecideTheTypeOfTheData() throws Exception {
        try (PostgresBackend backend = PostgresBackend.open(database.options())) {
            EventStoreOptions binary = EventStoreOptions.defaults().withTable("binary");
            backend.events(Deed.BINARY, binary).insert(Event.of("done", "text"));
            backend.events(Deed.TYPES).insert(Deed.event(1));
            assertThatThrownBy(() -> backend.events(Deed.TYPES, binary).position())
                    .isInstanceOf(StoreUnavailableException.class)
                    .hasMessageContaining("column data is bytea, not jsonb");
            assertThatThrownBy(() -> backend.events(Deed.BINARY).position())
                    .isInstanceOf(StoreUnavailableException.class)
                    .hasMessageContaining("column data is jsonb, not bytea");
            assertThat(backend.events(Deed.BINARY, binary).list(EventQuery.all()))
                    .extracting(Event::data)
                    .isEqualTo(List.of("text"));
        }
    }

    @Test
    void aSecondTableHasIndexesOfItsOwn() throws Exception {
        try (PostgresBackend backend = PostgresBackend.open(database.options())) {
            for (String table : List.of("events", "more", "x".repeat(63), "y".repeat(62) + "1", "y".repeat(62) + "2")) {
                EventStore store =
                        backend.events(Deed.TYPES, EventStoreOptions.defaults().withTable(table));
                AggregateId aggregate = Deed.aggregate();
                store.append(aggregate, ExpectedVersion.NONE, new Deed("us", 1));
                assertThat(query("SELECT count(*) FROM pg_indexes WHERE tablename = '" + table + "'"))
                        .containsExactly("5");
                assertThat(query(
                                "SELECT count(*) FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid WHERE c.relname = '"
                                        + table + "' AND indisunique"))
                        .containsExactly("3");
            }
        }
    }

    /** What may pass is tried again, by a subscription over and over; this would lock goes out each time. */
    @Test
    void aTableThatTakesLongToNumberIsNotLockedInVain() throws Exception {
        database.execute(GOES + "INSERT INTO events SELECT gen_random_uuid(), 'done', g, NULL, NULL, NULL,"
                + " jsonb_build_object('by', repeat('x', 1000), 'number', g) FROM generate_series(1, 24000) g");
        Duration enough = Duration.ofMinutes(2);
        try (Connection reader = database.connect();
                PostgresEvents hasty = PostgresEvents.of(options().withTimeout(Duration.ofSeconds(5)));
                PostgresEvents events = PostgresEvents.of(options().withTimeout(enough))) {
            reader.setAutoCommit(false);
            reader.createStatement().execute("LOCK TABLE events IN ACCESS SHARE MODE");
            assertThatThrownBy(() -> hasty.store(Deed.TYPES).position())
                    .isExactlyInstanceOf(StoreException.class)
                    .hasMessageContaining("column position is missing")
                    .hasMessageContaining("MB of events to be numbered")
                    .hasMessageContaining(
                            "run:\nALTER TABLE \"public\".\"events\" ADD COLUMN IF NOT EXISTS metadata JSONB");
            reader.rollback();
            assertThat(events.store(Deed.TYPES).position()).isEqualTo(24_000);
            assertThat(hasty.store(Deed.TYPES).position()).isEqualTo(24_000);
        }
    }

    /** Tables of goes, except for one in each schema, lack the index that would have kept it out. */
    @Test
    void whatIsThereTwiceIsNotTriedAgain() throws Exception {
        database.execute(GOES.replaceAll("CREATE (UNIQUE )?INDEX.*", "").replace("TABLE events", "TABLE second"));
        String twice = "INSERT INTO second SELECT gen_random_uuid(), 'done', 1, '" + UUID.randomUUID()
                + "', 'account', 1, '{}' FROM generate_series(1, 2)";
        database.execute(twice);
        try (PostgresEvents events = PostgresEvents.of(options().withTable("second"))) {
            EventStore store = events.store(Deed.TYPES);
            assertThatThrownBy(store::position)
                    .isExactlyInstanceOf(StoreException.class)
                    .hasMessageContaining("could not create unique index \"second_goes_aggregate\"")
                    .hasMessageContaining("run:\nCREATE UNIQUE INDEX IF NOT EXISTS \"second_goes_aggregate\"");
            database.execute("DELETE FROM second WHERE id = (SELECT id FROM second LIMIT 1)");
            assertThat(store.position()).isEqualTo(1);
        }
    }

    @Test
    void aTableOutsideOfTheSearchPathIsAnothers() throws Exception {
        database.execute("CREATE SCHEMA other; CREATE TABLE other.events (nothing INTEGER)");
        try (PostgresBackend backend = PostgresBackend.open(database.options())) {
            backend.events(Deed.TYPES).insert(Deed.event(1));
            assertThat(query("SELECT count(*) FROM public.events")).containsExactly("1");
            EventStore named =
                    backend.events(Deed.TYPES, EventStoreOptions.defaults().withTable("other.mine"));
            named.insert(Deed.event(2));
            assertThat(query("SELECT count(*) FROM other.mine")).containsExactly("1");
            assertThatThrownBy(() -> backend.events(
                                    Deed.TYPES, EventStoreOptions.defaults().withTable("other.events"))
                            .position())
                    .isInstanceOf(StoreUnavailableException.class);
        }
    }

    @Test
    void aRoleThatMayNotCreateUsesWhatIsThere() throws Exception {
        String role = "limited_" + database.name();
        try (PostgresBackend backend = PostgresBackend.open(database.options())) {
            backend.events(Deed.TYPES).insert(Deed.event(1));
        }
        database.execute("CREATE ROLE " + role + " LOGIN PASSWORD 'pw'; REVOKE CREATE ON SCHEMA public FROM PUBLIC;"
                + " GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO " + role
                + "; GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO " + role);
        String uri = database.uri().replaceFirst("//[^@/]*@", "//" + role + ":pw@");
        PostgresEventOptions options =
                PostgresEventOptions.defaults().withUrl(uri).withDatabase(database.name());
        try (PostgresEvents events = PostgresEvents.of(options)) {
            assertThat(events.store(Deed.TYPES).insert(Deed.event(2)).position())
                    .isEqualTo(2);
            database.execute("DROP INDEX goes_aggregate");
            try (PostgresEvents again = PostgresEvents.of(options)) {
                assertThatThrownBy(() -> again.store(Deed.TYPES).position())
                        .isInstanceOf(StoreUnavailableException.class)
                        .hasMessageContaining("index on (aggregate_id, aggregate_name, aggregate_version) is missing")
                        .hasMessageContaining(
                                "CREATE UNIQUE INDEX IF NOT EXISTS \"goes_aggregate\" ON \"public\".\"events\"");
            }
            try (PostgresEvents owner = PostgresEvents.of(options())) {
                assertThat(owner.store(Deed.TYPES).position()).isEqualTo(2);
                assertThat(query("SELECT count(*) FROM pg_indexes WHERE indexname = 'goes_aggregate'"))
                        .containsExactly("1");
            }
        } finally {
            database.execute("DROP OWNED BY " + role + "; DROP ROLE " + role);
        }
    }

    @Test
    void validatingMakesNothing() throws Exception {
        PostgresEventOptions validating = options().withSchemaMode(SchemaMode.VALIDATE);
        try (PostgresEvents events = PostgresEvents.of(validating)) {
            assertThatThrownBy(() -> events.store(Deed.TYPES).position())
                    .isInstanceOf(StoreUnavailableException.class)
                    .hasMessageContaining("does not exist")
                    .hasMessageContaining("CREATE TABLE");
        }
        assertThat(query("SELECT count(*) FROM pg_class WHERE relname = 'events'"))
                .containsExactly("0");
    }

    /** As a terminal shows it. */
    @Test
    void whatHasToBeRunCanBeRunAsOneLine() throws Exception {
        PostgresEventOptions validating = options().withSchemaMode(SchemaMode.VALIDATE);
        try (PostgresEvents events = PostgresEvents.of(validating)) {
            Throwable missing = catchThrowable(() -> events.store(Deed.TYPES).position());
            String[] parts = missing.getMessage().split("has to run:", 2);
            database.execute(parts[1].replaceAll("\\s*\\R\\s*", " "));
            assertThat(events.store(Deed.TYPES).position()).isZero();
        }
    }
}

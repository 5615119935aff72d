package dev.tidemark.store.postgres;

import static dev.tidemark.store.postgres.Changes.foreignDelete;
import static dev.tidemark.store.postgres.Changes.foreignSet;
import static dev.tidemark.store.postgres.Changes.next;
import static dev.tidemark.store.postgres.Changes.number;
import static dev.tidemark.store.postgres.TextCodec.TEXT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.store.Change;
import dev.tidemark.store.Entry;
import dev.tidemark.store.ListOptions;
import dev.tidemark.store.Snapshot;
import dev.tidemark.store.Store;
import dev.tidemark.store.StoreUnavailableException;
import dev.tidemark.store.Watch;
import dev.tidemark.store.WatchOptions;
import dev.tidemark.store.postgres.PostgresOptions.SchemaMode;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SchemaTest {
    /** The tables of a zestor service, with a key order that is not that of code points. */
    private static final String ZESTOR = """
            CREATE TABLE zestor_kv (ns_id BIGINT NOT NULL DEFAULT 0, kind TEXT NOT NULL, key TEXT COLLATE "und-x-icu" NOT NULL,
              value BYTEA NOT NULL, version BIGINT NOT NULL DEFAULT 1, updated_at TIMESTAMPTZ NOT NULL DEFAULT now(),
              PRIMARY KEY (ns_id, kind, key));
            CREATE TABLE zestor_outbox (id BIGSERIAL PRIMARY KEY, ns_id BIGINT NOT NULL, kind TEXT NOT NULL, key TEXT NOT NULL,
              etype TEXT NOT NULL CHECK (etype IN ('create','update','delete')), value BYTEA,
              at TIMESTAMPTZ NOT NULL DEFAULT now());
            CREATE FUNCTION zestor_notify() RETURNS TRIGGER LANGUAGE plpgsql AS $$ BEGIN
              PERFORM pg_notify('zestor_events', concat_ws('|', NEW.ns_id, NEW.kind, NEW.key, NEW.etype, NEW.id)); RETURN NEW; END $$;
            CREATE TRIGGER trg_zestor_outbox_notify AFTER INSERT ON zestor_outbox FOR EACH ROW EXECUTE FUNCTION zestor_notify();
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

    private PostgresBackend open(SchemaMode mode) {
        return PostgresBackend.open(database.options().withSchemaMode(mode));
    }

    @Test
    void twentyMayOpenAnEmptyDatabaseAtOnce() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(20);
        CyclicBarrier together = new CyclicBarrier(20);
        List<Future<Long>> opened = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            String key = "key" + i;
            opened.add(threads.submit(() -> {
                together.await();
                try (PostgresBackend backend =
                        PostgresBackend.open(database.options().withPoolSize(2))) {
                    backend.store(TEXT).set("k", key, "1");
                    return backend.store(TEXT).entry("k", key).orElseThrow().tag();
                }
            }));
        }
        List<Long> tags = new ArrayList<>();
        for (Future<Long> one : opened) {
            tags.add(one.get());
        }
        threads.shutdown();
        assertThat(tags).doesNotHaveDuplicates().hasSize(20);
    }

    @Test
    void aZestorServicesTablesAreWidened() throws Exception {
        database.execute(ZESTOR);
        try (Connection connection = database.connect()) {
            foreignSet(connection, "k", "b", "1");
            foreignSet(connection, "k", "B", "2");
            foreignSet(connection, "k", "b", "3");
            try (PostgresBackend backend = open(SchemaMode.CREATE)) {
                Store<String> store = backend.store(TEXT);
                assertThat(store.keys("k")).as("in code point order").containsExactly("B", "b");
                assertThat(store.keys("k", ListOptions.defaults().withFrom("C")).items())
                        .containsExactly("b");
                assertThat(store.entry("k", "b").orElseThrow().tag())
                        .isNotEqualTo(store.entry("k", "B").orElseThrow().tag());
                assertThat(number(connection, "SELECT count(*) FROM zestor_outbox WHERE revision IS NOT NULL"))
                        .isEqualTo(3);
                assertBothSidesSeeEachOther(store, connection);
            }
        }
    }

    private static void assertBothSidesSeeEachOther(Store<String> store, Connection zestor) throws Exception {
        try (Watch<String> watch = store.watch(WatchOptions.defaults())) {
            foreignSet(zestor, "k", "c", "theirs");
            store.set("k", "c", "ours");
            foreignDelete(zestor, "k", "c", "ours");
            List<Change<String>> changes = next(watch, 3);
            assertThat(changes.stream().map(change -> change.type() + " " + change.value() + " " + change.version()))
                    .containsExactly("CREATED theirs 1", "UPDATED ours 2", "DELETED ours 0");
            assertThat(number(zestor, "SELECT count(*) FROM zestor_outbox WHERE kind = 'k' AND key = 'c'"))
                    .isEqualTo(3);
        }
    }

    /** It makes its trigger anew whenever it starts, for which it waits for everybody who has read the outbox. */
    @Test
    void aZestorServiceMayStartWhileASnapshotIsOpen() throws Exception {
        database.execute(ZESTOR);
        try (PostgresBackend backend = open(SchemaMode.CREATE)) {
            Store<String> store = backend.store(TEXT);
            store.set("k", "a", "1");
            try (Snapshot<String> snapshot = store.snapshot()) {
                store.set("k", "b", "2");
                database.execute("SET lock_timeout = '2s'; DROP TRIGGER trg_zestor_outbox_notify ON zestor_outbox");
                assertThat(snapshot.stream("k").map(Entry::key)).containsExactly("a");
                assertThat(snapshot.revision()).isEqualTo(1);
            }
        }
    }

    /** By the trigger that strangers' changes meet: a constraint would slow every write of ours. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void changesOfNoKnownTypeAreRefused(boolean zestors) throws Exception {
        database.execute(zestors ? ZESTOR : "");
        try (PostgresBackend backend = open(SchemaMode.CREATE);
                Connection stranger = database.connect()) {
            assertThat(number(
                            stranger,
                            "SELECT count(*) FROM pg_constraint"
                                    + " WHERE conrelid = 'zestor_outbox'::regclass AND contype = 'c'"))
                    .isZero();
            String insert = "INSERT INTO zestor_outbox (ns_id, kind, key, etype) VALUES (0, 'k', 'a', 'update')";
            for (String wrong : List.of(
                    insert.replace("'update'", "'UPDATE'"), insert + "; UPDATE zestor_outbox SET etype = 'UPDATE'")) {
                assertThatThrownBy(() -> database.execute(wrong))
                        .hasMessageContaining("'UPDATE' is none of create, update and delete")
                        .extracting("SQLState")
                        .isEqualTo("23514");
            }
            backend.store(TEXT).set("k", "a", "1");
            assertThat(number(stranger, "SELECT count(*) FROM zestor_outbox")).isEqualTo(1);
        }
    }

    @Test
    void openingWidenedTablesAgainChangesNothing() throws Exception {
        database.execute(ZESTOR);
        open(SchemaMode.CREATE).close();
        try (Connection connection = database.connect()) {
            long before = number(connection, "SELECT max(xmin::text::bigint) FROM pg_class");
            open(SchemaMode.CREATE).close();
            open(SchemaMode.VALIDATE).close();
            assertThat(number(connection, "SELECT max(xmin::text::bigint) FROM pg_class"))
                    .isEqualTo(before);
        }
    }

    @Test
    void columnsOfOurNamesThatDrawNoNumbersAreRefused() throws Exception {
        database.execute(
                ZESTOR.replace("zestor_kv (", "zestor_kv (tag BIGINT, ").replace("BIGSERIAL", "BIGINT"));
        assertThatThrownBy(() -> PostgresBackend.open(database.options()))
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessageContaining("zestor_kv.tag draws no numbers")
                .hasMessageContaining("zestor_outbox.id draws no numbers");
    }

    @Test
    void foreignTablesAreRefusedWithAllThatIsWrong() throws Exception {
        database.execute("CREATE TABLE zestor_kv (id INT PRIMARY KEY, key INT, owner TEXT NOT NULL)");
        for (SchemaMode mode : List.of(SchemaMode.CREATE, SchemaMode.VALIDATE)) {
            assertThatThrownBy(() -> open(mode))
                    .isInstanceOf(StoreUnavailableException.class)
                    .hasMessageContaining("column zestor_kv.key is integer, not text")
                    .hasMessageContaining("column zestor_kv.ns_id is missing")
                    .hasMessageContaining("column zestor_kv.owner is not ours")
                    .hasMessageContaining("primary key of zestor_kv is (id)");
        }
        try (Connection connection = database.connect()) {
            assertThat(number(connection, "SELECT count(*) FROM pg_class WHERE relname = 'zestor_outbox'"))
                    .isZero();
        }
    }

    /** In one, "a" and "A" may be one key. */
    @Test
    void keysThatAreNotExactAreRefused() throws Exception {
        database.execute("CREATE COLLATION ci (provider = icu, locale = 'und-u-ks-level2', deterministic = false)");
        database.execute(ZESTOR.replace("\"und-x-icu\"", "ci"));
        for (SchemaMode mode : List.of(SchemaMode.CREATE, SchemaMode.VALIDATE)) {
            assertThatThrownBy(() -> open(mode))
                    .isInstanceOf(StoreUnavailableException.class)
                    .hasMessageContaining("column zestor_kv.key is text of a nondeterministic collation, not text");
        }
    }

    @Test
    void validationListsEverythingThatIsMissing() throws Exception {
        assertThatThrownBy(() -> open(SchemaMode.VALIDATE))
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessageContaining("table zestor_kv is missing")
                .hasMessageContaining("sequence zestor_revision_7 is missing")
                .hasMessageContaining("trigger zestor_stamp is missing")
                .hasMessageEndingWith("open once with SchemaMode.CREATE, or apply the schema by hand");
        open(SchemaMode.CREATE).close();
        database.execute("ALTER TABLE zestor_outbox DISABLE TRIGGER zestor_stamp; DROP INDEX zestor_outbox_revision");
        assertThatThrownBy(() -> open(SchemaMode.VALIDATE))
                .hasMessageContaining("trigger zestor_stamp is missing or disabled")
                .hasMessageContaining("index zestor_outbox_revision is missing");
    }

    @Test
    void whoMayNotCreateTablesIsToldWhatToDo() throws Exception {
        String role = database.name() + "_poor";
        database.execute("CREATE ROLE " + role + " LOGIN PASSWORD 'p'; REVOKE CREATE ON SCHEMA public FROM public");
        String uri = database.uri().replaceFirst("//[^@]*@", "//" + role + ":p@");
        try {
            assertThatThrownBy(() -> PostgresBackend.open(PostgresOptions.of(uri)))
                    .isInstanceOf(StoreUnavailableException.class)
                    .hasMessageContaining("permission denied for schema public")
                    .hasMessageContaining("apply the schema by hand");
        } finally {
            database.execute("DROP ROLE " + role);
        }
    }

    @Test
    void whateverBreaksWhileTablesAreMadeIsTold() throws Exception {
        int broken = 0;
        try (FragileSource source = new FragileSource(database)) {
            PostgresOptions options = PostgresOptions.defaults().withDataSource(source);
            boolean opened = false;
            while (!opened) {
                source.fail(broken, FragileSource.Fault.BROKEN);
                try (PostgresBackend backend = PostgresBackend.open(options)) {
                    opened = backend.dataSource() == source;
                } catch (StoreUnavailableException told) {
                    assertThat(told).hasMessageContaining("broken on purpose");
                    broken++;
                } finally {
                    source.calls();
                }
            }
        }
        assertThat(broken).isGreaterThan(10);
    }

    @Test
    void withoutTablesTheFirstCallSaysSo() {
        try (PostgresBackend backend = open(SchemaMode.NONE)) {
            assertThatThrownBy(() -> backend.store(TEXT).set("k", "a", "1"))
                    .isInstanceOf(StoreUnavailableException.class)
                    .hasMessageContaining("SchemaMode.CREATE");
        }
    }

    @Test
    void prefixesAreSealedFromEachOther() throws Exception {
        try (PostgresBackend one = PostgresBackend.open(database.options());
                PostgresBackend two = PostgresBackend.open(database.options().withTablePrefix("other"))) {
            one.store(TEXT).set("k", "a", "1");
            assertThat(two.store(TEXT).get("k", "a")).isEmpty();
            two.store(TEXT).set("k", "a", "2");
            assertThat(one.store(TEXT).get("k", "a")).contains("1");
        }
        assertThatThrownBy(() -> database.options().withTablePrefix("Robert'); DROP TABLE"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anotherSchemaIsFoundThroughTheSearchPath() throws Exception {
        database.execute("CREATE SCHEMA \"My app\"");
        String uri = database.uri() + "?currentSchema=%22My%20app%22";
        try (PostgresBackend backend = PostgresBackend.open(PostgresOptions.of(uri));
                Connection connection = database.connect()) {
            backend.store(TEXT).set("k", "a", "1");
            assertThat(number(connection, "SELECT count(*) FROM \"My app\".zestor_kv"))
                    .isEqualTo(1);
        }
    }

    @Test
    void anotherEncodingIsRefused() throws Exception {
        String name = database.name() + "_latin";
        database.execute("CREATE DATABASE " + name + " TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'");
        try {
            String uri = new PostgresServer.Database(database.adminUri(), name).uri();
            assertThatThrownBy(() -> PostgresBackend.open(PostgresOptions.of(uri)))
                    .isInstanceOf(StoreUnavailableException.class)
                    .hasMessageContaining("LATIN1");
        } finally {
            database.execute("DROP DATABASE " + name + " WITH (FORCE)");
        }
    }
}

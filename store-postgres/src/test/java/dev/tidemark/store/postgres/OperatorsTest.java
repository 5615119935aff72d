package dev.tidemark.store.postgres;

import static dev.tidemark.store.postgres.Changes.foreignSet;
import static dev.tidemark.store.postgres.Changes.next;
import static dev.tidemark.store.postgres.Changes.number;
import static dev.tidemark.store.postgres.OperatorsPage.block;
import static dev.tidemark.store.postgres.OperatorsPage.createRole;
import static dev.tidemark.store.postgres.OperatorsPage.dropRole;
import static dev.tidemark.store.postgres.OperatorsPage.rows;
import static dev.tidemark.store.postgres.TextCodec.TEXT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tidemark.store.HistoryCompactedException;
import dev.tidemark.store.RevisionAheadException;
import dev.tidemark.store.Store;
import dev.tidemark.store.StoreOptions;
import dev.tidemark.store.StoreUnavailableException;
import dev.tidemark.store.Watch;
import dev.tidemark.store.WatchOptions;
import dev.tidemark.store.WriteBatch;
import dev.tidemark.store.postgres.PostgresOptions.SchemaMode;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The page for operators: its statements run, and do what it says. */
class OperatorsTest {
    private PostgresServer.Database database;
    private PostgresBackend backend;
    private Store<String> store;

    @BeforeEach
    void open() throws Exception {
        database = PostgresServer.shared().newDatabase();
        backend = PostgresBackend.open(database.options());
        store = backend.store(TEXT);
    }

    @AfterEach
    void close() throws Exception {
        backend.close();
        database.close();
    }

    @Test
    void everyStatementRuns() throws Exception {
        store.set("k", "a", "1");
        backend.events(Deed.TYPES).insert(Deed.event(1));
        List<String> blocks = OperatorsPage.blocks();
        assertThat(blocks).hasSize(17);
        for (String block : blocks) {
            if (!block.startsWith("GRANT")) {
                database.execute(block);
            }
        }
        store.set("k", "a", "2");
    }

    @Test
    void aRoleWithTheseFewPrivilegesDoesItsWork() throws Exception {
        String uri = createRole(database, "app_service");
        try {
            for (SchemaMode mode : SchemaMode.values()) {
                try (PostgresBackend restricted =
                                PostgresBackend.open(PostgresOptions.of(uri).withSchemaMode(mode));
                        Connection own = database.connect()) {
                    useEverything(restricted, own, mode.name());
                }
            }
        } finally {
            dropRole(database, "app_service");
        }
    }

    private static void useEverything(PostgresBackend restricted, Connection own, String value) throws Exception {
        Store<String> store = restricted.store(TEXT);
        try (Watch<String> watch = store.watch(WatchOptions.defaults())) {
            store.set("k", "a", value);
            store.setAll("k", Map.of("b", value, "c", value));
            store.delete("k", "c");
            foreignSet(own, "k", "d", value);
            store.write(new WriteBatch<String>().set("k", "e", value).delete("k", "a"));
            assertThat(next(watch, 7)).hasSize(7);
        }
        try (Connection connection = restricted.dataSource().getConnection()) {
            connection.setAutoCommit(false);
            restricted.withConnection(connection).store(TEXT).set("k", "joined", value);
            foreignSet(connection, "k", "foreign", value);
            connection.commit();
        }
        assertThat(restricted.engine().retention().compact(0, Duration.ofNanos(1), 1))
                .isEqualTo(9);
    }

    @Test
    void aReaderReadsAndWatches() throws Exception {
        store.set("k", "a", "1");
        String uri = createRole(database, "app_reader");
        try (PostgresBackend reading = PostgresBackend.open(PostgresOptions.of(uri))) {
            Store<String> reader = reading.store(TEXT);
            try (Watch<String> watch = reader.watch(WatchOptions.defaults().withInitialReplay())) {
                store.set("k", "b", "1");
                assertThat(next(watch, 2)).hasSize(2);
            }
            assertThat(reader.keys("k")).containsExactly("a", "b");
            assertThatThrownBy(() -> reader.set("k", "c", "1"))
                    .isInstanceOf(StoreUnavailableException.class)
                    .hasMessageContaining("privilege");
        } finally {
            dropRole(database, "app_reader");
        }
    }

    @Test
    void waitsForTheTurnToCommitShow() throws Exception {
        Store<String> namespace3 =
                backend.store(TEXT, StoreOptions.<String>defaults().withNamespace(3));
        try (Connection holder = database.connect();
                Connection observer = database.connect()) {
            holder.setAutoCommit(false);
            try (Statement statement = holder.createStatement()) {
                statement.execute("INSERT INTO zestor_outbox (ns_id, kind, key, etype) VALUES (3, 'k', 'a', 'delete');"
                        + " SET CONSTRAINTS ALL IMMEDIATE");
            }
            CompletableFuture<?> waiting = CompletableFuture.runAsync(() -> namespace3.set("k", "b", "1"));
            await().until(() -> !rows(observer, block("pg_blocking_pids")).isEmpty());
            assertThat(rows(observer, block("pg_blocking_pids")).get(0))
                    .startsWith("3|")
                    .contains("tidemark")
                    .endsWith("{" + number(holder, "SELECT pg_backend_pid()") + "}|");
            holder.commit();
            waiting.join();
        }
    }

    @Test
    void changesWithoutARevisionAreNumberedByTheSchema() throws Exception {
        store.set("k", "a", "1");
        database.execute("ALTER TABLE zestor_outbox DISABLE TRIGGER zestor_stamp;"
                + " INSERT INTO zestor_outbox (ns_id, kind, key, etype) VALUES (0, 'k', 'late', 'delete');"
                + " ALTER TABLE zestor_outbox ENABLE TRIGGER zestor_stamp");
        try (Connection connection = database.connect()) {
            assertThat(rows(connection, block("revision IS NULL"))).containsExactly("1|");
            database.execute(Schema.script("public", "zestor"));
            assertThat(rows(connection, block("revision IS NULL"))).containsExactly("0|");
        }
        assertThatThrownBy(() -> store.watch(WatchOptions.defaults().withStartAfter(1)))
                .isInstanceOf(HistoryCompactedException.class);
    }

    /** Both begin with the same files, within a second of the newest number in them. */
    @Test
    void twoSuccessorsOfOneServerShareNoNumber() throws Exception {
        String newServer = block("setval");
        database.execute(newServer);
        store.set("k", "a", "1");
        long inTheFiles = store.list("k").revision();
        database.execute(newServer);
        store.set("k", "a", "2");
        long lost = store.list("k").revision();
        database.execute("DELETE FROM zestor_outbox WHERE revision > " + inTheFiles
                + "; SELECT setval('zestor_revision_0', " + inTheFiles
                + "), setval(pg_get_serial_sequence('zestor_kv', 'tag'), " + inTheFiles + ");" + newServer);
        store.set("k", "a", "3");
        assertThat(store.list("k").revision()).isGreaterThan(lost);
    }

    @Test
    void numbersBeginAnewWhenTold() throws Exception {
        store.set("k", "a", "1");
        long before = store.list("k").revision();
        database.execute(block("setval"));
        store.set("k", "a", "2");
        assertThat(store.list("k").revision()).isGreaterThan(before + 1_000_000);
        try (Watch<String> watch = store.watch(WatchOptions.defaults().withStartAfter(before))) {
            assertThat(next(watch, 1).get(0).value()).isEqualTo("2");
        }
        assertThatThrownBy(() -> store.watch(WatchOptions.defaults().withStartAfter(before + 1)))
                .isInstanceOf(RevisionAheadException.class);
    }
}

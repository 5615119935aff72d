package dev.tidemark.store.postgres;

import static dev.tidemark.store.postgres.Changes.next;
import static dev.tidemark.store.postgres.Changes.number;
import static dev.tidemark.store.postgres.TextCodec.TEXT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.store.Change;
import dev.tidemark.store.Condition;
import dev.tidemark.store.RevisionAheadException;
import dev.tidemark.store.Store;
import dev.tidemark.store.Watch;
import dev.tidemark.store.WatchOptions;
import dev.tidemark.store.WriteBatch;
import dev.tidemark.store.spi.Op;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tables that are restored from a dump, as pg_dump makes it, while the server goes on running. */
class RestoreTest {
    private static final List<String> TABLES = List.of("zestor_kv", "zestor_outbox", "zestor_state");

    @Test
    void whatWasWrittenAfterTheDumpIsKnownToBeLost() throws Exception {
        try (PostgresServer.Database database = PostgresServer.shared().newDatabase()) {
            Map<String, Long> dumped;
            try (PostgresBackend backend = PostgresBackend.open(database.options())) {
                write(backend, "kept", 3);
                dumped = dump(database);
                write(backend, "lost", 5);
            }
            restore(database, dumped);
            try (PostgresBackend backend = PostgresBackend.open(database.options())) {
                Store<String> store = write(backend, "new", 10);
                assertThatThrownBy(() -> store.watch(WatchOptions.defaults().withStartAfter(6)))
                        .isInstanceOf(RevisionAheadException.class);
                try (Watch<String> exact = store.watch(WatchOptions.defaults().withStartAfter(3))) {
                    assertThat(next(exact, 2)).extracting(Change::value).containsExactly("new0", "new1");
                }
            }
        }
    }

    /** Ways to write an entry anew. */
    enum Way {
        SET,
        CREATE,
        REPLACE,
        EACH,
        MANY,
        BATCH,
        JOINED,
        JOINED_BATCH,
        STRANGER
    }

    /** The first write finds out where it is before it draws a tag; whoever still holds one of a lost write must not meet its value. */
    @ParameterizedTest
    @EnumSource
    void whatWasLostDoesNotLendItsTagToTheFirstWrite(Way way) throws Exception {
        try (PostgresServer.Database database = PostgresServer.shared().newDatabase()) {
            Map<String, Long> dumped;
            List<Long> lost = new ArrayList<>();
            try (PostgresBackend backend = PostgresBackend.open(database.options())) {
                write(backend, "kept", 3);
                dumped = dump(database);
                for (int i = 0; i < 40; i++) {
                    lost.add(write(backend, "lost" + i, 1)
                            .entry("k", "key")
                            .orElseThrow()
                            .tag());
                }
            }
            restore(database, dumped);
            try (PostgresBackend backend = PostgresBackend.open(database.options())) {
                Store<String> store = backend.store(TEXT);
                String key = way == Way.CREATE ? "new" : "key";
                write(way, database, backend, store);
                assertThat(store.get("k", key)).contains("new");
                assertThat(store.entry("k", key).orElseThrow().tag()).isNotIn(lost);
            }
        }
    }

    private static void write(Way way, PostgresServer.Database database, PostgresBackend backend, Store<String> store)
            throws Exception {
        WriteBatch<String> conditional =
                new WriteBatch<String>().set("k", "key", "new").create("k", "other", "new");
        switch (way) {
            case SET -> store.set("k", "key", "new");
            case CREATE -> store.create("k", "new", "new");
            case REPLACE ->
                store.replace(
                        "k", "key", "new", store.entry("k", "key").orElseThrow().tag());
            case EACH -> {
                try (Connection connection = database.connect()) {
                    new PlainWrite(new Sql("public", "zestor", 0))
                            .run(connection, List.of(set("key"), set("other")), false);
                }
            }
            case MANY -> store.setAll("k", Map.of("key", "new", "other", "new"));
            case BATCH -> store.write(conditional);
            case JOINED, JOINED_BATCH -> {
                try (Connection connection = database.connect()) {
                    connection.setAutoCommit(false);
                    Store<String> joined = backend.withConnection(connection).store(TEXT);
                    if (way == Way.JOINED) {
                        joined.set("k", "key", "new");
                    } else {
                        joined.write(conditional);
                    }
                    connection.commit();
                }
            }
            case STRANGER -> {
                try (Connection connection = database.connect()) {
                    Changes.foreignSet(connection, "k", "key", "new");
                }
            }
        }
    }

    private static Request set(String key) {
        byte[] value = "new".getBytes(StandardCharsets.UTF_8);
        return Request.of(List.of(new Op.Put<>("k", key, value, new Condition.Any(), false)));
    }

    private static Store<String> write(PostgresBackend backend, String what, int count) {
        Store<String> store = backend.store(TEXT);
        for (int i = 0; i < count; i++) {
            store.set("k", "key", what + i);
        }
        return store;
    }

    /** Copies the rows, and returns where the sequences stand. */
    private static Map<String, Long> dump(PostgresServer.Database database) throws Exception {
        database.execute("CREATE SCHEMA dump");
        for (String table : TABLES) {
            database.execute("CREATE TABLE dump." + table + " AS TABLE " + table);
        }
        List<String> sequences = new ArrayList<>(List.of("zestor_server", "zestor_kv_tag_seq", "zestor_outbox_id_seq"));
        for (int slot = 0; slot < Sql.SLOTS; slot++) {
            sequences.add("zestor_revision_" + slot);
        }
        Map<String, Long> values = new LinkedHashMap<>();
        try (Connection connection = database.connect()) {
            for (String sequence : sequences) {
                values.put(sequence, number(connection, "SELECT last_value FROM " + sequence));
            }
        }
        return values;
    }

    /** The tables are made anew, filled before they have triggers, and get their sequences last. */
    private static void restore(PostgresServer.Database database, Map<String, Long> sequences) throws Exception {
        database.execute("DROP TABLE " + String.join(", ", TABLES));
        PostgresBackend.open(database.options()).close();
        for (String table : TABLES) {
            String columns = table.equals("zestor_outbox")
                    ? "id, ns_id, kind, key, etype, value, at, version, revision"
                    : table.equals("zestor_kv") ? "ns_id, kind, key, value, version, updated_at, tag" : "ns_id, floor";
            database.execute("ALTER TABLE " + table + " DISABLE TRIGGER USER; INSERT INTO " + table + " (" + columns
                    + ") SELECT " + columns + " FROM dump." + table + "; ALTER TABLE " + table
                    + " ENABLE TRIGGER USER");
        }
        for (Map.Entry<String, Long> sequence : sequences.entrySet()) {
            database.execute("SELECT setval('" + sequence.getKey() + "', " + sequence.getValue() + ")");
        }
    }
}

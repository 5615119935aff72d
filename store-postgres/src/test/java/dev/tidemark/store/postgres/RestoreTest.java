package dev.tidemark.store.postgres;

import static dev.tidemark.store.postgres.Changes.next;
import static dev.tidemark.store.postgres.Changes.number;
import static dev.tidemark.store.postgres.TextCodec.TEXT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.store.Change;
import dev.tidemark.store.RevisionAheadException;
import dev.tidemark.store.Store;
import dev.tidemark.store.Watch;
import dev.tidemark.store.WatchOptions;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

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

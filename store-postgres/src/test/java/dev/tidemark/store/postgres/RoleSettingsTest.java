package dev.tidemark.store.postgres;

import static dev.tidemark.store.postgres.Changes.next;
import static dev.tidemark.store.postgres.Changes.number;
import static dev.tidemark.store.postgres.TextCodec.TEXT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tidemark.event.EventQuery;
import dev.tidemark.store.Change;
import dev.tidemark.store.Store;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.StoreTimeoutException;
import dev.tidemark.store.Watch;
import dev.tidemark.store.WatchOptions;
import dev.tidemark.store.WriteBatch;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an administrator may have set for a role or a database. */
class RoleSettingsTest {
    private PostgresServer.Database database;

    @BeforeEach
    void open() throws Exception {
        database = PostgresServer.shared().newDatabase();
    }

    @AfterEach
    void close() {
        database.close();
    }

    private void configure(String setting) throws Exception {
        database.execute("ALTER DATABASE " + database.name() + " SET " + setting);
    }

    /** All wait for one lock, which the first of them holds, when it is let go. */
    @ParameterizedTest
    @ValueSource(strings = {"repeatable read", "serializable"})
    void manyOpenAtOnceAtAnyIsolation(String level) throws Exception {
        configure("default_transaction_isolation = '" + level + "'");
        int openers = 4;
        ExecutorService threads = Executors.newFixedThreadPool(openers);
        try (Connection holder = database.connect()) {
            holder.setAutoCommit(false);
            String lock = "hashtext('tidemark schema'), hashtext('public')";
            number(holder, "SELECT 1 FROM pg_advisory_xact_lock(" + lock + ")");
            List<Future<Boolean>> openings = new ArrayList<>();
            for (int i = 0; i < openers; i++) {
                openings.add(threads.submit(this::opens));
            }
            String waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND database ="
                    + " (SELECT oid FROM pg_database WHERE datname = current_database())";
            await().until(() -> number(holder, waiting) == openers);
            holder.commit();
            for (Future<Boolean> opening : openings) {
                assertThat(opening.get()).isTrue();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private boolean opens() {
        try (PostgresBackend backend = PostgresBackend.open(database.options())) {
            return backend.store(TEXT).count("k") == 0;
        }
    }

    @Test
    void oddSettingsChangeNothing() throws Exception {
        for (String setting : List.of(
                "quote_all_identifiers = on",
                "standard_conforming_strings = off",
                "bytea_output = 'escape'",
                "DateStyle = 'German, DMY'",
                "extra_float_digits = -15",
                "plan_cache_mode = force_generic_plan",
                "enable_hashjoin = off",
                "enable_mergejoin = off",
                "enable_sort = off")) {
            configure(setting);
        }
        String value = "\0\\'é";
        try (PostgresBackend backend = PostgresBackend.open(database.options());
                PostgresBackend again = PostgresBackend.open(database.options())) {
            Store<String> store = backend.store(TEXT);
            store.setAll("k", Map.of("NULL", value, "\\'", value));
            store.write(new WriteBatch<String>().set("k", "created", value).delete("k", "NULL"));
            assertThat(again.store(TEXT).keys("k")).containsExactly("\\'", "created");
            assertThat(again.store(TEXT).get("k", "\\'")).contains(value);
            backend.events(Deed.TYPES).insert(Deed.event(1));
            assertThat(again.events(Deed.TYPES).list(EventQuery.all())).hasSize(1);
        }
    }

    @Test
    void aLimitOfTheServersIsNamed() throws Exception {
        PostgresBackend.open(database.options()).close();
        configure("lock_timeout = '20ms'");
        try (PostgresBackend backend = PostgresBackend.open(database.options());
                Connection stranger = database.connect()) {
            Store<String> store = backend.store(TEXT);
            store.set("k", "key", "1");
            stranger.setAutoCommit(false);
            number(stranger, "SELECT 1 FROM zestor_kv FOR UPDATE");
            assertThatThrownBy(() -> store.set("k", "key", "2"))
                    .isInstanceOfSatisfying(
                            StoreTimeoutException.class,
                            limit -> assertThat(limit.timeout()).isLessThan(PostgresServer.PATIENCE))
                    .hasMessageContaining("lock timeout");
        }
    }

    /** As behind a proxy that hands out the connection of another client. */
    @Test
    void statementsOfOthersTellOfProxies() throws Exception {
        try (PostgresBackend backend = PostgresBackend.open(database.options().withPoolSize(1))) {
            Store<String> store = backend.store(TEXT);
            try (Connection pooled = backend.dataSource().getConnection();
                    Statement statement = pooled.createStatement()) {
                statement.execute(
                        "DO $$ BEGIN FOR i IN 1..50 LOOP BEGIN EXECUTE format('PREPARE %I AS SELECT 1', 'S_' || i);"
                                + " EXCEPTION WHEN duplicate_prepared_statement THEN NULL; END; END LOOP; END $$");
            }
            assertThatThrownBy(() -> IntStream.range(0, 20).forEach(i -> store.get("k", "a")))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("already exists; if there is a proxy")
                    .hasMessageContaining("prepareThreshold=0");
        }
    }

    @Test
    void aReplayOutlivesTheTimeOutOfItsTransaction() throws Exception {
        PostgresBackend.open(database.options()).close();
        configure("idle_in_transaction_session_timeout = '1s'");
        int keys = 5_000;
        try (PostgresBackend backend = PostgresBackend.open(database.options());
                Connection admin = database.connect()) {
            Store<String> store = backend.store(TEXT);
            store.setAll("k", IntStream.range(0, keys).boxed().collect(Collectors.toMap(i -> "key" + i, i -> "value")));
            try (Watch<String> watch = store.watch("k", WatchOptions.defaults().withInitialReplay())) {
                List<Change<String>> replayed = new ArrayList<>(next(watch, 10));
                String open = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state ="
                        + " 'idle in transaction'";
                await().until(() -> number(admin, open) == 0);
                replayed.addAll(next(watch, keys - 10));
                assertThat(replayed).extracting(Change::key).doesNotHaveDuplicates();
                store.set("k", "live", "1");
                assertThat(next(watch, 1)).extracting(Change::key).containsExactly("live");
            }
        }
    }
}

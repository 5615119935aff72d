package dev.tidemark.store.postgres;

import static dev.tidemark.store.postgres.Changes.next;
import static dev.tidemark.store.postgres.Changes.number;
import static dev.tidemark.store.postgres.TextCodec.TEXT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tidemark.codec.Codec;
import dev.tidemark.store.Change;
import dev.tidemark.store.ConflictException;
import dev.tidemark.store.ListOptions;
import dev.tidemark.store.Store;
import dev.tidemark.store.ValueTooLargeException;
import dev.tidemark.store.Watch;
import dev.tidemark.store.WatchOptions;
import dev.tidemark.store.WriteBatch;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HostileTest {
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private PostgresServer.Database database;
    private PostgresBackend backend;
    private PostgresBackend other;
    private Store<String> store;
    private Store<String> elsewhere;

    @BeforeEach
    void open() throws Exception {
        database = PostgresServer.shared().newDatabase();
        backend = PostgresBackend.open(database.options());
        other = PostgresBackend.open(database.options());
        store = backend.store(TEXT);
        elsewhere = other.store(TEXT);
    }

    @AfterEach
    void close() throws Exception {
        threads.shutdownNow();
        backend.close();
        other.close();
        database.close();
    }

    /** Runs both at the same moment, and returns what each returned. */
    private <T> List<T> race(Callable<T> one, Callable<T> two) throws Exception {
        CyclicBarrier start = new CyclicBarrier(2);
        List<Future<T>> racing = new ArrayList<>();
        for (Callable<T> racer : List.of(one, two)) {
            racing.add(threads.submit(() -> {
                start.await();
                return racer.call();
            }));
        }
        List<T> results = new ArrayList<>();
        for (Future<T> racer : racing) {
            results.add(racer.get());
        }
        return results;
    }

    @Test
    void namesThatLookLikePayloadsReachOtherProcesses() throws Exception {
        List<String> names =
                List.of("0|k|x|create|1", "|", "a|b", "1|2|3|4|5|6", "tidemark-echo:", "%s", "'; DROP TABLE x");
        try (Watch<String> watch = elsewhere.watch(WatchOptions.defaults())) {
            for (String name : names) {
                store.set(name, name, name);
            }
            assertThat(next(watch, names.size())).extracting(Change::kind).containsExactlyElementsOf(names);
        }
        assertThat(store.kinds()).containsExactlyInAnyOrderElementsOf(names);
    }

    @Test
    void theLongestNamesReachOtherProcesses() throws Exception {
        Random random = new Random(1);
        String kind = "k".repeat(251) + "\uD83D\uDE00";
        StringBuilder key = new StringBuilder();
        int left = 1024;
        while (left > 0) {
            int codePoint = random.nextInt(left >= 4 ? Character.MAX_CODE_POINT : 0x7F) + 1;
            if (Character.isSurrogate((char) codePoint) && Character.isBmpCodePoint(codePoint)) {
                continue;
            }
            left -= new String(Character.toChars(codePoint)).getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
            key.appendCodePoint(codePoint);
        }
        try (Watch<String> watch = elsewhere.watch(WatchOptions.defaults())) {
            store.set(kind, key.toString(), "1");
            store.delete(kind, key.toString());
            assertThat(next(watch, 2)).extracting(Change::key).containsOnly(key.toString());
        }
    }

    @Test
    void setsRacingDeletes() throws Exception {
        for (int i = 0; i < 100; i++) {
            String value = "" + i;
            store.set("k", "a", "old" + i);
            List<Optional<String>> results = race(
                    () -> {
                        store.set("k", "a", value);
                        return Optional.empty();
                    },
                    () -> elsewhere.delete("k", "a"));
            String deleted = results.get(1).orElseThrow();
            assertThat(store.get("k", "a").isPresent()).isEqualTo(deleted.equals("old" + i));
            store.delete("k", "a");
        }
        assertEveryKeyFollows();
    }

    @Test
    void ofTwoRacingDeletesOneGetsTheValue() throws Exception {
        for (int i = 0; i < 100; i++) {
            store.set("k", "a", "" + i);
            List<Optional<String>> results = race(() -> store.delete("k", "a"), () -> elsewhere.delete("k", "a"));
            assertThat(results).containsExactlyInAnyOrder(Optional.of("" + i), Optional.empty());
        }
        assertEveryKeyFollows();
    }

    @Test
    void aDeleteByTagRacingDeleteAndRecreate() throws Exception {
        for (int i = 0; i < 100; i++) {
            String value = "" + i;
            store.delete("k", "a");
            long tag = store.create("k", "a", value);
            List<String> results = race(
                    () -> {
                        try {
                            return store.delete("k", "a", tag);
                        } catch (ConflictException overtaken) {
                            return "conflict";
                        }
                    },
                    () -> {
                        String seen = elsewhere.delete("k", "a").orElse("none");
                        elsewhere.set("k", "a", value);
                        return seen;
                    });
            assertThat(results).containsAnyOf("conflict", "none");
            assertThat(results).contains(value);
            assertThat(store.get("k", "a")).as("the new one is never deleted").contains(value);
        }
        assertEveryKeyFollows();
    }

    private void assertEveryKeyFollows() throws Exception {
        store.set("end", "end", "end");
        String present = null;
        try (Watch<String> watch = store.watch(WatchOptions.defaults().withStartAfter(0))) {
            for (Change<String> change = next(watch, 1).get(0);
                    !change.kind().equals("end");
                    change = next(watch, 1).get(0)) {
                assertThat(change.type() == Change.Type.CREATED).isEqualTo(present == null);
                if (change.type() == Change.Type.DELETED) {
                    assertThat(change.value()).isEqualTo(present);
                }
                present = change.type() == Change.Type.DELETED ? null : change.value();
            }
        }
        assertThat(store.get("k", "a")).isEqualTo(Optional.ofNullable(present));
    }

    @Test
    void aLargeMergeBesideSingleSets() throws Exception {
        Map<String, String> values =
                IntStream.range(0, 5_000).boxed().collect(Collectors.toMap(i -> "key" + i, i -> "merged" + i));
        AtomicBoolean done = new AtomicBoolean();
        CountDownLatch begun = new CountDownLatch(1);
        Future<?> single = threads.submit(() -> {
            for (int sets = 0; !done.get(); sets++) {
                elsewhere.set("k", "key" + sets * 37 % 5_000, "single" + sets);
                begun.countDown();
            }
        });
        try (Watch<String> watch = elsewhere.watch(WatchOptions.defaults().withBufferSize(1_000_000))) {
            assertThat(begun.await(1, TimeUnit.MINUTES)).isTrue();
            for (int round = 0; round < 5; round++) {
                int number = round;
                values.replaceAll((key, value) -> key + " " + number);
                store.setAll("k", values);
            }
            done.set(true);
            single.get();
            store.set("end", "end", "end");
            int merged = 0;
            for (Change<String> change = next(watch, 1).get(0);
                    !change.kind().equals("end");
                    change = next(watch, 1).get(0)) {
                merged += change.value().startsWith("single") ? 0 : 1;
            }
            assertThat(merged).isEqualTo(25_000);
        }
    }

    /** Its temporary files are those of what it sorts and joins. */
    @Test
    void aLargeMapHasTheServersMemoryForItsTransactionOnly() throws Exception {
        String large = "v".repeat(100);
        Map<String, String> values =
                IntStream.range(0, 30_000).boxed().collect(Collectors.toMap(i -> "key" + i, i -> large));
        try (PostgresBackend single = PostgresBackend.open(database.options().withPoolSize(1));
                Connection admin = database.connect()) {
            String memory = "SELECT pg_size_bytes(current_setting('work_mem'))";
            String files = "SELECT temp_files FROM pg_stat_database WHERE datname = current_database()";
            assertThat(single.store(TEXT).setAll("k", values).created()).isEqualTo(values.size());
            try (Connection pooled = single.dataSource().getConnection()) {
                assertThat(number(pooled, memory)).isEqualTo(number(admin, memory));
                number(pooled, "SELECT count(*) FROM (SELECT pg_stat_force_next_flush()) flushed");
            }
            assertThat(number(admin, files)).isZero();
        }
    }

    @Test
    void aValueBeyondTheLimitIsRefusedBeforeAnythingIsSent() {
        byte[] huge = new byte[600_000_000];
        Codec<Integer> codec = new Codec<>() {
            @Override
            public byte[] encode(Integer value) {
                return huge;
            }

            @Override
            public Integer decode(byte[] bytes) {
                return bytes.length;
            }
        };
        assertThatThrownBy(() -> backend.store(codec).set("k", "a", 1)).isInstanceOf(ValueTooLargeException.class);
        assertThat(store.keys("k")).isEmpty();
    }

    @Test
    void aMillionKeysAreReplayedWithTheDefaultBuffer() throws Exception {
        database.execute("""
                INSERT INTO zestor_kv (kind, key, value)
                SELECT 'k', lpad(i::text, 7, '0'), convert_to(i::text, 'UTF8') FROM generate_series(1, 1000000) i
                """);
        try (Watch<String> watch = store.watch(WatchOptions.defaults().withInitialReplay())) {
            long revision = watch.poll(PostgresServer.PATIENCE).orElseThrow().revision();
            for (int i = 0; i < 6_000; i++) {
                elsewhere.set("live", "key" + i % 3, "" + i);
            }
            String last = "0000001";
            for (int i = 2; i <= 1_000_000; i++) {
                Change<String> change = watch.poll(PostgresServer.PATIENCE).orElseThrow();
                assertThat(change.revision()).isEqualTo(revision);
                assertThat(change.replayed() && change.key().compareTo(last) > 0)
                        .isTrue();
                last = change.key();
            }
            List<Change<String>> live = next(watch, 6_000);
            assertThat(live.stream().map(Change::value))
                    .containsExactlyElementsOf(
                            IntStream.range(0, 6_000).mapToObj(String::valueOf).toList());
        }
    }

    /** Fresh tables, no statistics: a batch must look up its keys, not scan the kind. */
    @Test
    void plansDoNotScanTheKind() throws Exception {
        database.execute("""
                INSERT INTO zestor_kv (kind, key, value)
                SELECT 'k', 'key' || i, convert_to(i::text, 'UTF8') FROM generate_series(1, 300000) i
                """);
        try (Connection connection = database.connect()) {
            String scans = "SELECT seq_scan FROM pg_stat_user_tables WHERE relname = 'zestor_kv'";
            String lookups = "SELECT coalesce(idx_scan, 0) FROM pg_stat_user_tables WHERE relname = 'zestor_kv'";
            long before = number(connection, scans);
            for (int round = 0; round < 20; round++) {
                int first = round * 100;
                Map<String, String> some = IntStream.range(first, first + 100)
                        .boxed()
                        .collect(Collectors.toMap(i -> "key" + i, i -> "new" + i));
                store.setAll("k", some);
                store.write(new WriteBatch<String>().delete("k", "key" + first).set("k", "x", "" + round));
                store.set("k", "y", "" + round);
                assertThat(store.getAll("k", some.keySet())).hasSize(99);
            }
            // A server process accounts for what it did when it ends.
            backend.close();
            await().until(() -> number(connection, lookups) >= 20 * 200);
            assertThat(number(connection, scans)).isEqualTo(before);
        }
    }

    /** The plans of a connection were made when the table had a page, and statistics that say so. */
    @Test
    void plansOfASmallTableDoNotOutliveItsGrowth() throws Exception {
        database.execute("ALTER TABLE zestor_kv SET (autovacuum_enabled = off)");
        store.setAll("k", Map.of("a", "1", "b", "1", "c", "1"));
        database.execute("VACUUM ANALYZE zestor_kv");
        try (PostgresBackend single = PostgresBackend.open(database.options().withPoolSize(1))) {
            useEveryPlan(single.store(TEXT), 20);
            database.execute("""
                    INSERT INTO zestor_kv (kind, key, value)
                    SELECT 'k', 'key' || i, convert_to(i::text, 'UTF8') FROM generate_series(1, 300000) i
                    """);
            useEveryPlan(single.store(TEXT), 5);
        }
        try (Connection connection = database.connect()) {
            String from = " FROM pg_stat_user_tables WHERE relname = 'zestor_kv'";
            await().until(() -> number(connection, "SELECT seq_scan + idx_scan" + from) >= 25 * 10);
            assertThat(number(connection, "SELECT seq_scan" + from))
                    .as(
                            "scans: making the table takes some, and plans that are made for one use; kept ones are used more")
                    .isLessThan(15);
        }
    }

    private static void useEveryPlan(Store<String> store, int times) {
        for (int i = 0; i < times; i++) {
            String value = store.get("k", "a").orElseThrow() + i;
            store.set("k", "a", value);
            store.setAll("k", Map.of("a", value + "x", "b", value));
            store.write(new WriteBatch<String>().set("k", "b", value + "x").delete("k", "c"));
            store.upsert("k", "c", before -> value);
            store.replace("k", "a", value, store.entry("k", "a").orElseThrow().tag());
            assertThat(store.getAll("k", List.of("a", "b", "c"))).hasSize(3);
            assertThat(store.list("k", ListOptions.defaults().withLimit(2)).items())
                    .hasSize(2);
            assertThat(store.kinds()).containsExactly("k");
        }
    }
}

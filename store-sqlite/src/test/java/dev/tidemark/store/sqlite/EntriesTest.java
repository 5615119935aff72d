package dev.tidemark.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.store.ConflictException;
import dev.tidemark.store.Entry;
import dev.tidemark.store.ListOptions;
import dev.tidemark.store.SetResult;
import dev.tidemark.store.Snapshot;
import dev.tidemark.store.Store;
import dev.tidemark.store.StoreOptions;
import dev.tidemark.store.WriteBatch;
import dev.tidemark.store.WriteSummary;
import dev.tidemark.store.spi.EngineSnapshot;
import dev.tidemark.store.spi.KeyRange;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a single caller sees, in a file and in memory. */
class EntriesTest {
    @TempDir
    Path directory;

    private SqliteBackend backend;

    @AfterEach
    void close() {
        backend.close();
    }

    private Store<String> open(String where) {
        SqliteOptions options =
                where.equals("memory") ? SqliteOptions.inMemory() : SqliteOptions.at(directory.resolve("app.db"));
        backend = SqliteBackend.open(options.withTimeout(Duration.ofSeconds(60)));
        return backend.store(Texts.CODEC);
    }

    @ParameterizedTest
    @ValueSource(strings = {"file", "memory"})
    void k1_k2_writesAreCountedAndTaggedWithTheirRevision(String where) {
        Store<String> store = open(where);

        assertThat(store.set("users", "a", "1")).isEqualTo(SetResult.CREATED);
        assertThat(store.set("users", "a", "1")).isEqualTo(SetResult.UNCHANGED);
        assertThat(store.set("users", "a", "2")).isEqualTo(SetResult.UPDATED);
        assertThat(store.set("users", "b", "")).isEqualTo(SetResult.CREATED);

        Entry<String> a = store.entry("users", "a").orElseThrow();
        assertThat(a.version()).isEqualTo(2);
        assertThat(a.tag()).isEqualTo(2);
        assertThat(store.get("users", "b")).contains("");
        assertThat(store.delete("users", "a")).contains("2");
        assertThat(store.delete("users", "a")).isEmpty();
        assertThat(store.create("users", "a", "2")).isEqualTo(5);
        assertThat(store.list("users").revision()).isEqualTo(5);
    }

    @ParameterizedTest
    @ValueSource(strings = {"file", "memory"})
    void k6_k7_aConflictNamesItsKeyAndWritesNothing(String where) {
        Store<String> store = open(where);
        long tag = store.create("k", "a", "1");

        WriteBatch<String> batch =
                new WriteBatch<String>().set("k", "new", "x").delete("k", "a").require("other", "gone", tag);

        assertThatThrownBy(() -> store.write(batch)).isInstanceOfSatisfying(ConflictException.class, conflict -> {
            assertThat(conflict.kind()).isEqualTo("other");
            assertThat(conflict.key()).isEqualTo("gone");
            assertThat(conflict.actual()).isEmpty();
        });
        assertThat(store.keys("k")).containsExactly("a");
        assertThat(store.replace("k", "a", "2", tag)).isEqualTo(2);
        assertThatThrownBy(() -> store.replace("k", "a", "3", tag)).isInstanceOf(ConflictException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"file", "memory"})
    void n1_n2_namesAreExactAndInCodePointOrder(String where) {
        Store<String> store = open(where);
        List<String> inOrder = List.of(
                " ",
                "%",
                "'; DROP TABLE zestor_kv; --",
                "../x",
                "1",
                "1.0",
                "1e0",
                "A",
                "\\",
                "_",
                "a",
                "a ",
                "a%",
                "a\u0001",
                "aa",
                "é",
                "\uFFFD",
                "\uFFFF",
                "\uD800\uDC00",
                "\uD83D\uDE00",
                "\uDBFF\uDFFF");
        List<String> sorted = new ArrayList<>(inOrder);
        sorted.sort(dev.tidemark.store.spi.Names.ORDER);
        for (String name : inOrder) {
            store.set("kind", name, name);
            store.set(name, "key", name);
        }

        assertThat(store.keys("kind")).containsExactlyElementsOf(sorted);
        for (String name : inOrder) {
            assertThat(store.get("kind", name)).contains(name);
            assertThat(store.get(name, "key")).contains(name);
        }
        sorted.add("kind");
        sorted.sort(dev.tidemark.store.spi.Names.ORDER);
        assertThat(store.kinds()).containsExactlyElementsOf(sorted);
    }

    @Test
    void k8_rangesEndWhereTheySay() {
        Store<String> store = open("file");
        IntStream.range(0, 100).forEach(i -> store.set("k", "%02d".formatted(i), "v"));
        store.set("k", "\uDBFF\uDFFF", "last");

        ListOptions some = ListOptions.defaults().withFrom("10").withTo("20");
        assertThat(store.keys("k", some).items()).hasSize(10).startsWith("10").endsWith("19");
        assertThat(store.count("k", some)).isEqualTo(10);
        assertThat(store.count("k", ListOptions.defaults().withPrefix("9"))).isEqualTo(10);
        assertThat(store.count("k")).isEqualTo(101);
    }

    @Test
    void k14_namespacesAreSealed() {
        Store<String> zero = open("file");
        Store<String> one =
                backend.store(Texts.CODEC, StoreOptions.<String>defaults().withNamespace(1));
        Store<String> least =
                backend.store(Texts.CODEC, StoreOptions.<String>defaults().withNamespace(Long.MIN_VALUE));

        zero.set("k", "a", "0");
        zero.set("k", "b", "0");
        one.set("k", "a", "1");
        least.set("k", "a", "-");

        assertThat(zero.get("k", "a")).contains("0");
        assertThat(one.list("k").items()).extracting(Entry::value).containsExactly("1");
        assertThat(one.list("k").revision()).isEqualTo(1);
        assertThat(least.get("k", "a")).contains("-");
        one.delete("k", "a");
        assertThat(one.kinds()).isEmpty();
        assertThat(zero.list("k").revision()).isEqualTo(2);
    }

    @Test
    void k4_aHundredThousandKeysAreOneWrite() {
        Store<String> store = open("file");
        Map<String, String> values = new TreeMap<>();
        IntStream.range(0, 100_000).forEach(i -> values.put("key-%06d".formatted(i), "value " + i));

        WriteSummary first = store.setAll("k", values);
        values.put("key-000007", "changed");
        WriteSummary second = store.setAll("k", values);

        assertThat(first.created()).isEqualTo(100_000);
        assertThat(first.revision()).isEqualTo(100_000);
        assertThat(second.updated()).isEqualTo(1);
        assertThat(second.unchanged()).isEqualTo(99_999);
        assertThat(second.revision()).isEqualTo(100_001);
        try (Snapshot<String> snapshot = store.snapshot()) {
            assertThat(snapshot.stream("k").map(Entry::key)).containsExactlyElementsOf(values.keySet());
        }
    }

    @Test
    void pagesAreBoundedByTheSizeOfTheirValues() {
        Store<String> store = open("file");
        String megabyte = "x".repeat(1 << 20);
        IntStream.range(0, 12).forEach(i -> store.set("k", "%02d".formatted(i), megabyte + i));

        try (EngineSnapshot<byte[]> snapshot = backend.engine().snapshot(0)) {
            EngineSnapshot.Page<byte[]> page = snapshot.page("k", KeyRange.ALL, 1000);
            assertThat(page.entries()).hasSize(4);
            assertThat(page.complete()).isFalse();
            KeyRange rest = KeyRange.ALL.after("10");
            assertThat(snapshot.page("k", rest, 1).complete()).isTrue();
            assertThat(snapshot.page("k", KeyRange.ALL.after("09"), 1).complete())
                    .isFalse();
        }
        SqliteHistory history = new SqliteHistory(
                backend.engine().sessions().readers(),
                new Sql("zestor"),
                0,
                backend.engine().timeout());
        assertThat(history.after(0, 1000).changes()).hasSize(4);
        assertThat(history.after(0, 1000).complete()).isFalse();
        assertThat(history.after(11, 1000).complete()).isTrue();
        assertThat(history.after(12, 1000).changes()).isEmpty();
        assertThat(store.count("k")).isEqualTo(12);
    }
}

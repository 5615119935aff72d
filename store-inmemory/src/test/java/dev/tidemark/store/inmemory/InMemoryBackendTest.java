package dev.tidemark.store.inmemory;

import static dev.tidemark.store.inmemory.Texts.TEXT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.codec.Codec;
import dev.tidemark.codec.CodecException;
import dev.tidemark.store.Backend;
import dev.tidemark.store.BackendOptions;
import dev.tidemark.store.Backends;
import dev.tidemark.store.Change;
import dev.tidemark.store.Entry;
import dev.tidemark.store.HistoryCompactedException;
import dev.tidemark.store.SetResult;
import dev.tidemark.store.Snapshot;
import dev.tidemark.store.Store;
import dev.tidemark.store.StoreClosedException;
import dev.tidemark.store.StoreOptions;
import dev.tidemark.store.Watch;
import dev.tidemark.store.WatchOptions;
import dev.tidemark.store.WriteBatch;
import dev.tidemark.store.spi.BackendProvider;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InMemoryBackendTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final InMemoryBackend backend = InMemoryBackend.open();

    @AfterEach
    void close() {
        backend.close();
    }

    @Test
    void valuesWithoutCodecAreTheObjectsThatWereGiven() {
        Store<List<String>> store = backend.store(StoreOptions.defaults());
        List<String> value = List.of("a");
        assertThat(store.set("kind", "key", value)).isEqualTo(SetResult.CREATED);
        assertThat(store.get("kind", "key")).containsSame(value);
        assertThat(store.set("kind", "key", new ArrayList<>(value))).isEqualTo(SetResult.UNCHANGED);
    }

    @Test
    void aUriThatNobodyUnderstandsIsExplained() {
        assertThatThrownBy(() -> Backends.open("postgresql://app@db/app"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "no backend for 'postgresql:' here; add the module dev.tidemark:tidemark-store-postgres, or, in a "
                                + "jar made of several, merge their files in META-INF/services");
        for (String uri : List.of("jdbc:sqlite:app.db", "jdbc:mysql://db/app", ":app.db", "app.db")) {
            assertThatThrownBy(() -> Backends.open(uri))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("expected memory:, sqlite:FILE, postgresql://")
                    .hasMessageNotContaining("add the module");
        }
    }

    @Test
    @SuppressWarnings("NullAway") // what happens then is the question
    void nullIsRefusedAtOnce() {
        assertThatThrownBy(() -> Backends.open(null))
                .isInstanceOf(NullPointerException.class)
                .hasMessageContaining("URI");
        assertThatThrownBy(() -> backend.store((Codec<String>) null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("codec");
    }

    @Test
    void arraysAreComparedDeeply() {
        Store<byte[][]> store = backend.store(StoreOptions.defaults());
        store.set("kind", "key", new byte[][] {{1}, {2}});
        assertThat(store.set("kind", "key", new byte[][] {{1}, {2}})).isEqualTo(SetResult.UNCHANGED);
        assertThat(store.set("kind", "key", new byte[][] {{1}, {3}})).isEqualTo(SetResult.UPDATED);
    }

    @Test
    void k7_aBatchWhoseValuesCanNotBeComparedWritesNothing() throws Exception {
        Store<Object> store = backend.store(StoreOptions.defaults());
        store.set("kind", "b", new Incomparable());
        try (Watch<Object> watch = store.watch(WatchOptions.defaults())) {
            WriteBatch<Object> batch =
                    new WriteBatch<>().set("kind", "a", "lost").set("kind", "b", "lost");
            assertThatThrownBy(() -> store.write(batch)).isInstanceOf(IllegalStateException.class);
            store.set("kind", "c", "kept");
            assertThat(store.keys("kind")).containsExactly("b", "c");
            assertThat(store.get("kind", "a")).isEmpty();
            assertThat(watch.poll(PATIENCE).orElseThrow().key()).isEqualTo("c");
        }
    }

    @Test
    void aCodecIsolatesValues() {
        Codec<byte[]> identity = new Codec<>() {
            @Override
            public byte[] encode(byte[] value) {
                return value.clone();
            }

            @Override
            public byte[] decode(byte[] bytes) {
                return bytes;
            }
        };
        Store<byte[]> store = backend.store(identity);
        byte[] value = {1};
        store.set("kind", "key", value);
        value[0] = 2;
        byte[] read = store.get("kind", "key").orElseThrow();
        assertThat(read).containsExactly(1);
        read[0] = 3;
        assertThat(store.get("kind", "key").orElseThrow()).containsExactly(1);
    }

    @Test
    void k13_whateverACodecThrowsSpoilsOneValue() throws InterruptedException {
        Store<String> store = backend.store(new Fragile());
        store.setAll("kind", Map.of("a", "fails", "b", "null", "c", "fine"));
        for (String key : List.of("a", "b")) {
            assertThatThrownBy(() -> store.get("kind", key))
                    .isInstanceOf(CodecException.class)
                    .hasMessageStartingWith("kind/" + key)
                    .hasCauseInstanceOf(RuntimeException.class);
        }
        try (Watch<String> watch = store.watch("kind", WatchOptions.defaults().withInitialReplay())) {
            assertThatThrownBy(() -> watch.poll(PATIENCE)).isInstanceOf(CodecException.class);
            assertThatThrownBy(() -> watch.poll(PATIENCE)).isInstanceOf(CodecException.class);
            assertThat(watch.poll(PATIENCE)).map(Change::value).contains("fine");
        }
    }

    /** Fails in other ways than a codec should. */
    private static final class Fragile implements Codec<String> {
        @Override
        public byte[] encode(String value) {
            return TEXT.encode(value);
        }

        @Override
        @SuppressWarnings("NullAway") // on purpose
        public String decode(byte[] bytes) {
            String value = TEXT.decode(bytes);
            if (value.equals("fails")) {
                throw new IllegalStateException("made on purpose");
            }
            return value.equals("null") ? null : value;
        }
    }

    @Test
    void viewsWithAndWithoutCodecDoNotMistakeEachOthersValues() {
        Store<String> encoded = backend.store(TEXT);
        Store<String> given = backend.store(StoreOptions.defaults());
        encoded.set("kind", "encoded", "x");
        given.set("kind", "given", "x");
        assertThatThrownBy(() -> given.get("kind", "encoded"))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("kind/encoded");
        assertThatThrownBy(() -> encoded.get("kind", "given"))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("kind/given");
    }

    @Test
    void aSnapshotSeesItsMomentThroughUpdatesDeletesAndRecreation() {
        Store<Integer> store = backend.store(StoreOptions.defaults());
        store.setAll("kind", Map.of("a", 1, "b", 1, "c", 1));
        try (Snapshot<Integer> first = store.snapshot()) {
            store.set("kind", "a", 2);
            store.delete("kind", "b");
            try (Snapshot<Integer> second = store.snapshot()) {
                store.set("kind", "a", 3);
                store.set("kind", "b", 3);
                store.delete("kind", "c");
                store.set("other", "d", 3);
                assertThat(state(first)).isEqualTo(Map.of("a", 1, "b", 1, "c", 1));
                assertThat(state(second)).isEqualTo(Map.of("a", 2, "c", 1));
                assertThat(second.kinds()).containsExactly("kind");
            }
            store.set("kind", "a", 4);
            assertThat(state(first)).isEqualTo(Map.of("a", 1, "b", 1, "c", 1));
        }
        try (Snapshot<Integer> third = store.snapshot()) {
            assertThat(state(third)).isEqualTo(Map.of("a", 4, "b", 3));
            assertThat(third.kinds()).containsExactly("kind", "other");
        }
    }

    @Test
    void batchesAreVisibleAsAWholeWhileTheyAreWritten() throws InterruptedException {
        Store<Integer> store = backend.store(StoreOptions.defaults());
        List<String> keys = List.of("a", "b", "c", "d");
        int rounds = 20_000;
        AtomicReference<Object> torn = new AtomicReference<>();
        CountDownLatch done = new CountDownLatch(1);
        Thread reader = new Thread(() -> {
            while (done.getCount() > 0) {
                Map<String, Integer> read = store.getAll("kind", keys);
                if (read.values().stream().distinct().count() > 1 || (!read.isEmpty() && read.size() < 4)) {
                    torn.set(read);
                }
            }
        });
        reader.start();
        for (int round = 0; round < rounds; round++) {
            Map<String, Integer> all = new HashMap<>();
            for (String key : keys) {
                all.put(key, round);
            }
            store.setAll("kind", all);
            if (round % 100 == 0) {
                WriteBatch<Integer> batch = new WriteBatch<>();
                keys.forEach(key -> batch.delete("kind", key));
                store.write(batch);
            }
        }
        done.countDown();
        reader.join();
        assertThat(torn.get()).isNull();
    }

    @Test
    void historyIsKeptToItsSize() throws InterruptedException {
        try (Backend small = InMemoryBackend.open(InMemoryOptions.defaults().withHistorySize(10))) {
            Store<String> store = small.store(TEXT);
            for (int i = 1; i <= 30; i++) {
                store.set("kind", "key", "v" + i);
            }
            assertThatThrownBy(() -> store.watch(WatchOptions.defaults().withStartAfter(19)))
                    .isInstanceOfSatisfying(HistoryCompactedException.class, gone -> {
                        assertThat(gone.requested()).isEqualTo(19);
                        assertThat(gone.oldest()).isEqualTo(20);
                    });
            try (Watch<String> watch = store.watch(WatchOptions.defaults().withStartAfter(20))) {
                for (int i = 21; i <= 30; i++) {
                    assertThat(watch.poll(PATIENCE).map(Change::value)).contains("v" + i);
                }
            }
        }
    }

    @Test
    void aBurstLargerThanTheHistoryCutsOffNoWatchThatKeepsUp() throws InterruptedException {
        try (Backend small = InMemoryBackend.open(InMemoryOptions.defaults().withHistorySize(3))) {
            Store<String> store = small.store(TEXT);
            for (int round = 0; round < 200; round++) {
                try (Watch<String> watch = store.watch("kind", WatchOptions.defaults())) {
                    Map<String, String> burst = new HashMap<>();
                    for (int i = 0; i < 50; i++) {
                        burst.put("key" + i, "v" + round);
                    }
                    store.setAll("kind", burst);
                    for (int i = 0; i < 50; i++) {
                        assertThat(watch.poll(PATIENCE)).isPresent();
                    }
                }
            }
        }
    }

    @Test
    void isFoundByItsUri() {
        try (Backend opened = Backends.open("memory:")) {
            assertThat(opened).isInstanceOf(InMemoryBackend.class);
        }
        assertThatThrownBy(() -> Backends.open("memory:shared"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("nothing after the colon");
    }

    /** As in a thread of the common pool, when the program runs from a jar of jars. */
    @Test
    void isFoundInThreadsWhoseContextDoesNotKnowIt() {
        Thread thread = Thread.currentThread();
        ClassLoader context = thread.getContextClassLoader();
        thread.setContextClassLoader(ClassLoader.getPlatformClassLoader());
        try (Backend opened = Backends.open("memory:")) {
            assertThat(opened).isInstanceOf(InMemoryBackend.class);
        } finally {
            thread.setContextClassLoader(context);
        }
    }

    /** As where the API is shared, and each application brings its backends. */
    @Test
    void isFoundInTheContextAlone(@TempDir Path directory) throws IOException {
        Path services = Files.createDirectories(directory.resolve("META-INF/services"));
        Files.writeString(services.resolve(BackendProvider.class.getName()), OtherProvider.class.getName());
        Thread thread = Thread.currentThread();
        ClassLoader context = thread.getContextClassLoader();
        URL[] path = {directory.toUri().toURL()};
        try (URLClassLoader application = new URLClassLoader(path, context)) {
            thread.setContextClassLoader(application);
            try (Backend opened = Backends.open("other:")) {
                assertThat(opened).isInstanceOf(InMemoryBackend.class);
            }
        } finally {
            thread.setContextClassLoader(context);
        }
    }

    /** Another way to memory. */
    public static final class OtherProvider implements BackendProvider {
        @Override
        public boolean accepts(String uri) {
            return uri.equals("other:");
        }

        @Override
        public Backend open(String uri, BackendOptions options) {
            return InMemoryBackend.open();
        }
    }

    @Test
    void closingEndsSnapshotsAndStores() {
        Store<String> store = backend.store(TEXT);
        Snapshot<String> snapshot = store.snapshot();
        backend.close();
        assertThatThrownBy(snapshot::kinds).isInstanceOf(StoreClosedException.class);
        assertThatThrownBy(() -> store.get("kind", "key")).isInstanceOf(StoreClosedException.class);
        assertThatThrownBy(() -> backend.store(TEXT)).isInstanceOf(StoreClosedException.class);
        snapshot.close();
    }

    private static Map<String, Integer> state(Snapshot<Integer> snapshot) {
        Map<String, Integer> state = new HashMap<>();
        for (Entry<Integer> entry : snapshot.stream("kind").toList()) {
            state.put(entry.key(), entry.value());
        }
        return state;
    }

    private static final class Incomparable {
        @Override
        public boolean equals(Object other) {
            throw new IllegalStateException("no comparison");
        }

        @Override
        public int hashCode() {
            return 1;
        }
    }
}

package dev.tidemark.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.store.Entry;
import dev.tidemark.store.Snapshot;
import dev.tidemark.store.Store;
import dev.tidemark.store.StoreClosedException;
import dev.tidemark.store.Watch;
import dev.tidemark.store.WatchOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Views that are held for long. */
class SnapshotTest {
    private static final int VIEWS = 50;
    private static final int ENTRIES = 1000;

    @TempDir
    Path directory;

    private SqliteOptions options(String where) {
        SqliteOptions options =
                where.equals("memory") ? SqliteOptions.inMemory() : SqliteOptions.at(directory.resolve("app.db"));
        return options.withReaders(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"file", "memory"})
    void k8_fiftyHalfReadViewsStarveNobody(String where) {
        try (SqliteBackend backend = SqliteBackend.open(options(where))) {
            Store<String> store = backend.store(Texts.CODEC);
            fill(store, "0");
            List<Snapshot<String>> views = new ArrayList<>();
            List<Iterator<Entry<String>>> streams = new ArrayList<>();
            for (int i = 0; i < VIEWS; i++) {
                Snapshot<String> view = store.snapshot();
                views.add(view);
                streams.add(view.stream("k").iterator());
                assertThat(streams.get(i).next().value()).isEqualTo("0");
                store.set("k", "key-0999", "changed " + i);
                assertThat(store.get("k", "key-0999")).contains("changed " + i);
            }
            fill(store, "1");

            for (int i = 0; i < VIEWS; i++) {
                List<Entry<String>> rest = new ArrayList<>();
                streams.get(i).forEachRemaining(rest::add);
                assertThat(views.get(i).revision()).isEqualTo(ENTRIES + i);
                assertThat(rest).hasSize(ENTRIES - 1);
                assertThat(rest.get(ENTRIES - 2).value()).isEqualTo(i == 0 ? "0" : "changed " + (i - 1));
                views.get(i).close();
                views.get(i).close();
            }
            assertThat(store.list("k").items()).extracting(Entry::value).containsOnly("1");
        }
    }

    @Test
    void w2_aReplayThatIsNotReadHoldsUpNobody() throws Exception {
        try (SqliteBackend backend = SqliteBackend.open(options("file"))) {
            Store<String> store = backend.store(Texts.CODEC);
            fill(store, "0");
            List<Watch<String>> watches = new ArrayList<>();
            for (int i = 0; i < VIEWS; i++) {
                watches.add(store.watch(WatchOptions.defaults().withInitialReplay()));
            }
            fill(store, "1");
            for (Watch<String> watch : watches) {
                assertThat(watch.poll(Duration.ofSeconds(60)).orElseThrow().value())
                        .isEqualTo("0");
            }
            assertThat(store.get("k", "key-0000")).contains("1");
            List<String> changes = Watcher.upTo(2 * ENTRIES, watches.get(7));
            assertThat(changes).hasSize(2 * ENTRIES - 1).last().isEqualTo("2000 update k/key-0999 2 1");
        }
    }

    @Test
    void k11_closingTheBackendEndsThem() throws Exception {
        SqliteBackend backend = SqliteBackend.open(options("file"));
        Store<String> store = backend.store(Texts.CODEC);
        fill(store, "0");
        Snapshot<String> snapshot = store.snapshot();
        Iterator<Entry<String>> stream = snapshot.stream("k").iterator();
        stream.next();
        Watch<String> watch = store.watch(WatchOptions.defaults());

        backend.close();
        backend.close();

        assertThatThrownBy(snapshot::kinds).isInstanceOf(StoreClosedException.class);
        assertThatThrownBy(() -> stream.forEachRemaining(entry -> {})).isInstanceOf(StoreClosedException.class);
        snapshot.close();
        assertThatThrownBy(() -> watch.poll(Duration.ZERO)).isInstanceOf(StoreClosedException.class);
        assertThatThrownBy(() -> store.get("k", "a")).isInstanceOf(StoreClosedException.class);
        assertThatThrownBy(() -> store.set("k", "a", "1")).isInstanceOf(StoreClosedException.class);
        assertThatThrownBy(store::snapshot).isInstanceOf(StoreClosedException.class);
        assertThatThrownBy(() -> store.watch(WatchOptions.defaults())).isInstanceOf(StoreClosedException.class);
        assertThatThrownBy(() -> backend.store(Texts.CODEC)).isInstanceOf(StoreClosedException.class);
        assertThat(directory.toFile().list())
                .as("the log was emptied and removed")
                .containsExactly("app.db");
    }

    @Test
    void k11_closingWaitsForAWriterAndBreaksOffAReader() throws Exception {
        SqliteBackend backend = SqliteBackend.open(options("file").withTimeout(Duration.ofSeconds(2)));
        Endless endless = new Endless(backend);
        endless.start();

        backend.close();

        assertThat(endless.failure()).isInstanceOf(StoreClosedException.class);
        assertThat(directory.toFile().list()).containsExactly("app.db");
    }

    private static void fill(Store<String> store, String value) {
        TreeMap<String, String> values = new TreeMap<>();
        IntStream.range(0, ENTRIES).forEach(i -> values.put("key-%04d".formatted(i), value));
        store.setAll("k", values);
    }
}

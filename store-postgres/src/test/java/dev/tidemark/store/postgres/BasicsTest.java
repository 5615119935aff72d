package dev.tidemark.store.postgres;

import static dev.tidemark.store.postgres.TextCodec.TEXT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.store.Change;
import dev.tidemark.store.ConflictException;
import dev.tidemark.store.SetResult;
import dev.tidemark.store.Store;
import dev.tidemark.store.Watch;
import dev.tidemark.store.WatchOptions;
import dev.tidemark.store.WriteBatch;
import dev.tidemark.store.WriteSummary;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BasicsTest {
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
    void everyWayToWriteOneKey() {
        assertThat(store.set("k", "a", "1")).isEqualTo(SetResult.CREATED);
        assertThat(store.set("k", "a", "2")).isEqualTo(SetResult.UPDATED);
        assertThat(store.set("k", "a", "2")).isEqualTo(SetResult.UNCHANGED);
        long tag = store.entry("k", "a").orElseThrow().tag();
        assertThat(store.replace("k", "a", "2", tag)).isEqualTo(tag);
        long next = store.replace("k", "a", "3", tag);
        assertThat(next).isNotEqualTo(tag);
        assertThatThrownBy(() -> store.replace("k", "a", "4", tag)).isInstanceOf(ConflictException.class);
        assertThatThrownBy(() -> store.create("k", "a", "4")).isInstanceOf(ConflictException.class);
        assertThatThrownBy(() -> store.delete("k", "a", tag)).isInstanceOf(ConflictException.class);
        assertThat(store.entry("k", "a").orElseThrow().version()).isEqualTo(3);
        assertThat(store.delete("k", "a", next)).isEqualTo("3");
        assertThat(store.delete("k", "a")).isEmpty();
        assertThat(store.create("k", "a", "5")).isGreaterThan(next);
        assertThat(store.update("k", "a", value -> value + "!")).isEqualTo("5!");
        assertThat(store.upsert("k", "b", value -> value.orElse("new"))).isEqualTo("new");
    }

    @Test
    void batchesAndListings() {
        WriteSummary summary = store.setAll("k", Map.of("a", "1", "b", "2", "c", "3"));
        assertThat(summary.created()).isEqualTo(3);
        long tag = store.entry("k", "a").orElseThrow().tag();
        WriteBatch<String> batch = new WriteBatch<String>()
                .set("k", "d", "4")
                .delete("k", "b")
                .set("k", "c", "3")
                .requireAbsent("k", "z")
                .require("k", "a", tag);
        WriteSummary written = store.write(batch);
        assertThat(written.created()).isEqualTo(1);
        assertThat(written.deleted()).isEqualTo(1);
        assertThat(written.unchanged()).isEqualTo(1);
        assertThat(written.revision()).isEqualTo(summary.revision() + 2);
        assertThat(store.keys("k")).containsExactly("a", "c", "d");
        assertThat(store.values("k")).containsExactly("1", "3", "4");
        assertThat(store.kinds()).containsExactly("k");
        assertThat(store.count("k")).isEqualTo(3);
        assertThat(store.getAll("k", List.of("a", "q", "d"))).containsOnlyKeys("a", "d");
    }

    @Test
    void aWatchSeesAll() throws Exception {
        store.set("k", "a", "1");
        try (Watch<String> watch = store.watch("k", WatchOptions.defaults().withInitialReplay())) {
            store.set("k", "a", "2");
            store.delete("k", "a");
            store.setAll("k", Map.of("x", "1", "y", "2"));
            List<Change<String>> changes = new ArrayList<>();
            while (changes.size() < 5) {
                watch.poll(Duration.ofSeconds(5)).ifPresent(changes::add);
            }
            assertThat(changes.stream()
                            .map(change -> change.type() + change.key() + change.value() + change.replayed()))
                    .containsExactly(
                            "CREATEDa1true", "UPDATEDa2false", "DELETEDa2false", "CREATEDx1false", "CREATEDy2false");
        }
    }
}

package dev.tidemark.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.store.OutcomeUnknownException;
import dev.tidemark.store.SetResult;
import dev.tidemark.store.Store;
import dev.tidemark.store.StoreUnavailableException;
import dev.tidemark.store.Watch;
import dev.tidemark.store.WatchOptions;
import dev.tidemark.store.spi.Deadline;
import java.nio.file.Path;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** There is no room; SQLite's own limit of pages stands for that of the disk. */
class FullDiskTest {
    @TempDir
    Path directory;

    @Test
    void readsGoOnAndWritesDoAgainWhenThereIsRoom() throws Exception {
        Path file = directory.resolve("app.db");
        try (SqliteBackend backend = SqliteBackend.open(SqliteOptions.at(file));
                Database database = new Database(file)) {
            Store<String> store = backend.store(Texts.CODEC);
            Watch<String> watch = store.watch(WatchOptions.defaults());
            String value = "x".repeat(1000);
            store.set("k", "first", value);
            limitPages(backend, database.number("PRAGMA page_count") + 50);

            Map<String, String> many = new TreeMap<>();
            for (int i = 0; i < 1000; i++) {
                many.put("key-" + i, value);
            }
            assertThatThrownBy(() -> store.setAll("k", many))
                    .isInstanceOf(StoreUnavailableException.class)
                    .hasMessageContaining("disk is full")
                    .hasMessageNotContaining(value);
            int written = 0;
            while (fits(store, "single-" + written, value)) {
                written++;
            }

            assertThat(written).isPositive();
            assertThat(store.get("k", "first")).contains(value);
            assertThat(store.count("k")).isEqualTo(1 + written);
            limitPages(backend, 1_000_000);
            assertThat(store.setAll("k", many).created()).isEqualTo(1000);
            long head = store.list("none").revision();
            assertThat(head).isEqualTo(1 + written + 1000);
            assertThat(Watcher.upTo(head, watch)).containsExactlyElementsOf(database.history());
        }
    }

    /** A failed commit is only called rolled back when its record can't be in the log. */
    @ParameterizedTest
    @CsvSource({
        "SQLITE_FULL, true",
        "SQLITE_IOERR_WRITE, true",
        "SQLITE_BUSY, true",
        "SQLITE_IOERR_FSYNC, false",
        "SQLITE_IOERR, false",
        "SQLITE_INTERRUPT, false"
    })
    void k12_aFailedCommitIsNotGuessedAbout(SQLiteErrorCode code, boolean rolledBack) {
        assertThat(Failures.ofCommit(new SQLiteException("commit", code), "app.db"))
                .isInstanceOf(rolledBack ? StoreUnavailableException.class : OutcomeUnknownException.class);
    }

    private static boolean fits(Store<String> store, String key, String value) {
        try {
            assertThat(store.set("k", key, value)).isEqualTo(SetResult.CREATED);
            return true;
        } catch (StoreUnavailableException full) {
            return false;
        }
    }

    private static void limitPages(SqliteBackend backend, long pages) {
        backend.engine().sessions().writer().run(Deadline.after(Duration.ofSeconds(10)), session -> {
            try (Statement statement = session.connection().createStatement()) {
                return statement.execute("PRAGMA max_page_count = " + pages);
            }
        });
    }
}

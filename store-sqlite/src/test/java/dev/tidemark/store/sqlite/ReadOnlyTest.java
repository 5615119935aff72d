package dev.tidemark.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.store.Store;
import dev.tidemark.store.StoreUnavailableException;
import dev.tidemark.store.Watch;
import dev.tidemark.store.WatchOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadOnlyTest {
    @TempDir
    Path directory;

    private Path file;
    private SqliteOptions options;

    @BeforeEach
    void write() {
        file = directory.resolve("app.db");
        options = SqliteOptions.at(file);
        try (SqliteBackend backend = SqliteBackend.open(options)) {
            backend.store(Texts.CODEC).set("k", "a", "1");
        }
    }

    @AfterEach
    void unlock() throws Exception {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @Test
    void readsBesideAWriterAndSeesItsCommits() throws Exception {
        SqliteOptions reading = options.withReadOnly(true).withWatchPolling(Duration.ofMillis(10));
        try (SqliteBackend writer = SqliteBackend.open(options);
                SqliteBackend reader = SqliteBackend.open(reading)) {
            Store<String> store = reader.store(Texts.CODEC);
            Watch<String> watch = store.watch(WatchOptions.defaults());
            writer.store(Texts.CODEC).set("k", "a", "2");

            assertThat(store.get("k", "a")).contains("2");
            assertThat(Watcher.upTo(2, watch)).containsExactly("2 update k/a 2 2");
            assertThatThrownBy(() -> store.set("k", "a", "3"))
                    .isInstanceOf(StoreUnavailableException.class)
                    .hasMessageContaining("readOnly");
            assertThat(store.get("k", "a")).contains("2");
        }
    }

    /** Where permissions don't bind the user, this opens the file in the ordinary way. */
    @Test
    void readsAReadOnlyFileInAReadOnlyDirectory() throws Exception {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r--r--"));
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("r-xr-xr-x"));

        try (SqliteBackend reader = SqliteBackend.open(options.withReadOnly(true))) {
            Store<String> store = reader.store(Texts.CODEC);
            assertThat(store.get("k", "a")).contains("1");
            assertThat(store.list("k").revision()).isEqualTo(1);
        }
        if (!Files.isWritable(directory)) {
            assertThatThrownBy(() -> SqliteBackend.open(options))
                    .isInstanceOf(StoreUnavailableException.class)
                    .hasMessageContaining("read-only");
        }
    }

    @Test
    void immutableIsForDirectoriesWhereNothingCanBeWrittenAndNothingWasLeft() throws Exception {
        assertThat(DatabaseFile.url(file, true)).endsWith("?mode=ro");
        assertThat(DatabaseFile.readOnlyMode(file, false)).isEqualTo("?mode=ro&immutable=1");
        Path log = directory.resolve("app.db-wal");
        Files.createFile(log);
        assertThat(DatabaseFile.readOnlyMode(file, false)).isEqualTo("?mode=ro&immutable=1");
        Files.writeString(log, "left by a crash");
        assertThatThrownBy(() -> DatabaseFile.readOnlyMode(file, false))
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessageContaining("app.db-wal holds changes");
        Files.createFile(directory.resolve("app.db-shm"));
        assertThat(DatabaseFile.readOnlyMode(file, false)).isEqualTo("?mode=ro");
    }

    /** What tells whether somebody writes is beside the file, not beside a link to it. */
    @Test
    void aLinkFromAReadOnlyDirectoryIsReadAsTheFileIs() throws Exception {
        Path link = Files.createDirectory(directory.resolve("links")).resolve("link.db");
        Files.createSymbolicLink(link, file);
        try (SqliteBackend writer = SqliteBackend.open(options)) {
            writer.store(Texts.CODEC).set("k", "a", "2");
            Path found = Objects.requireNonNull(
                    DatabaseFile.find(SqliteOptions.at(link).withReadOnly(true)));

            assertThat(DatabaseFile.readOnlyMode(found, false)).isEqualTo("?mode=ro");
            assertThat(found).isEqualTo(file.toRealPath());
        }
    }

    @Test
    void createsNothing() throws Exception {
        Path missing = directory.resolve("missing.db");
        assertThatThrownBy(() -> SqliteBackend.open(SqliteOptions.at(missing).withReadOnly(true)))
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessageContaining("there is no file " + missing);
        assertThat(missing).doesNotExist();

        Files.createFile(missing);
        assertThatThrownBy(() -> SqliteBackend.open(SqliteOptions.at(missing).withReadOnly(true)))
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessageContaining("open it once for writing");
        assertThat(missing).isEmptyFile();
    }
}

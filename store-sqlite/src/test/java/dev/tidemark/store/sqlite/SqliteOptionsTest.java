package dev.tidemark.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tidemark.store.sqlite.SqliteOptions.Synchronous;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SqliteOptionsTest {

    @ParameterizedTest
    @CsvSource({
        "sqlite:app.db, app.db",
        "sqlite:/var/app.db, /var/app.db",
        "sqlite:///var/app.db, /var/app.db",
        "sqlite:../a b+c.db, ../a b+c.db",
        "sqlite:100%25%3F.db, 100%?.db",
        "file:app.db?cache=shared, app.db",
        "file:///var/app.db, /var/app.db",
        "file://localhost/var/app.db, /var/app.db",
        "file:app.db?cache=shared&_pragma=journal_mode(WAL)&_txlock=immediate, app.db"
    })
    void namesAFile(String uri, String path) {
        assertThat(SqliteOptions.of(uri).file()).contains(Path.of(path));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ":memory:",
                "sqlite::memory:",
                "file::memory:?cache=shared",
                "file:name?mode=memory&cache=shared",
                "sqlite::memory:?timeout=1s"
            })
    void namesMemory(String uri) {
        assertThat(SqliteOptions.of(uri).file()).isEmpty();
    }

    @Test
    void readsParameters() {
        SqliteOptions options = SqliteOptions.of("sqlite:app.db?timeout=500ms&synchronous=normal&readers=7&retention=7d"
                + "&historyLimit=99&watchPolling=PT0.2S&readOnly=true&tablePrefix=mine");

        assertThat(options.timeout()).isEqualTo(Duration.ofMillis(500));
        assertThat(options.synchronous()).isEqualTo(Synchronous.NORMAL);
        assertThat(options.readers()).isEqualTo(7);
        assertThat(options.retention()).isEqualTo(Duration.ofDays(7));
        assertThat(options.historyLimit()).isEqualTo(99);
        assertThat(options.watchPolling()).isEqualTo(Duration.ofMillis(200));
        assertThat(options.readOnly()).isTrue();
        assertThat(options.tablePrefix()).isEqualTo("mine");
        assertThat(SqliteOptions.of("file:app.db?mode=ro").readOnly()).isTrue();
        assertThat(SqliteOptions.of("file:app.db?_pragma=busy_timeout(5000)").timeout())
                .isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void hasDefaults() {
        SqliteOptions options = SqliteOptions.of("sqlite:app.db");

        assertThat(options.timeout()).isEqualTo(Duration.ofSeconds(10));
        assertThat(options.synchronous()).isEqualTo(Synchronous.FULL);
        assertThat(options.retention()).isEqualTo(Duration.ofHours(24));
        assertThat(options.watchPolling()).isZero();
        assertThat(options.readOnly()).isFalse();
        assertThat(options.tablePrefix()).isEqualTo("zestor");
    }

    @ParameterizedTest
    @CsvSource({
        "sqlite:, needs the path",
        "sqlite:?timeout=1s, needs the path",
        "sqlite://host/app.db, needs the path",
        "sqlite:a%zz.db, ''",
        "sqlite:app.db?timeouts=1s, parameter timeouts: unknown",
        "sqlite:app.db?cache=shared, parameter cache: unknown",
        "sqlite:app.db?timeout=soon, parameter timeout",
        "sqlite:app.db?timeout=0s, timeout must be positive",
        "sqlite:app.db?readers=0, readers must be between",
        "sqlite:app.db?synchronous=off, expected full or normal",
        "sqlite:app.db?readOnly=yes, expected true or false",
        "sqlite:app.db?tablePrefix=a-b, a table prefix has",
        "sqlite:app.db?tablePrefix=SQLite, a table prefix has",
        "file:app.db?mode=create, expected rwc",
        "file:app.db?_pragma=journal_mode(DELETE), expected wal",
        "memory:, not a SQLite URI"
    })
    void refuses(String uri, String reason) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SqliteOptions.of(uri))
                .withMessageContaining(reason);
    }
}

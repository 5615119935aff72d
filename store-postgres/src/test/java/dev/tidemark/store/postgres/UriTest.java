package dev.tidemark.store.postgres;

import static dev.tidemark.store.postgres.TextCodec.TEXT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.store.Backend;
import dev.tidemark.store.BackendOptions;
import dev.tidemark.store.Backends;
import dev.tidemark.store.StoreUnavailableException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGProperty;
import org.postgresql.ds.PGSimpleDataSource;

class UriTest {
    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "postgresql://u:p@host:5433/db, jdbc:postgresql://host:5433/db, u, p",
                "postgres://u@host/db?sslmode=require, jdbc:postgresql://host:5432/db, u, -",
                "postgresql://u:s%40c%2Fr%25t%20+@host/db, jdbc:postgresql://host:5432/db, u, s@c/r%t +",
                "postgresql://a:1%2Cb:2@h, jdbc:postgresql://h:5432/a, a, '1,b:2'",
                "postgresql:///db?host=h&port=1&user=u, jdbc:postgresql://h:1/db, u, -",
                "postgresql://host/db?port=5433, jdbc:postgresql://host:5433/db, -, -",
                "postgresql:///db?port=5433, jdbc:postgresql://localhost:5433/db, -, -",
                "'postgresql://a,b/db?port=1,2', 'jdbc:postgresql://a:1,b:2/db', -, -",
                "'postgresql:///db?host=a,b&port=1', 'jdbc:postgresql://a:1,b:1/db', -, -",
                "postgresql://, jdbc:postgresql://localhost:5432/, -, -",
                "postgresql://[::1]:5433/db, jdbc:postgresql://[::1]:5433/db, -, -",
                "jdbc:postgresql://host/db?user=u&password=p&ssl=true, jdbc:postgresql://host/db?ssl=true, u, p"
            })
    void everyForm(String uri, String jdbcUrl, String user, String password) {
        PostgresUri parsed = PostgresUri.parse(uri);
        assertThat(parsed.jdbcUrl()).isEqualTo(jdbcUrl);
        assertThat(parsed.properties().getProperty("user")).isEqualTo(user);
        assertThat(parsed.properties().getProperty("password")).isEqualTo(password);
    }

    @ParameterizedTest
    @CsvSource({
        "postgresql://h/a+b, a+b",
        "postgresql://h/a%20b%2Fc, a b/c",
        "postgresql://h?dbname=a+b, a+b",
        "postgresql://a+%2F%25b@h, a+/%b",
        "jdbc:postgresql://h/a%2Bb, a+b"
    })
    void databasesAreNamedExactly(String uri, String database) {
        assertThat(Connections.ofUri(PostgresOptions.of(uri)).getDatabaseName()).isEqualTo(database);
    }

    @Test
    void severalHostsAndLibpqsParameters() {
        PostgresUri parsed = PostgresUri.parse(
                "postgresql://u@one:1,two,[::1]:3/db?target_session_attrs=read-write&connect_timeout=3&application_name=x%20y");
        assertThat(parsed.jdbcUrl()).isEqualTo("jdbc:postgresql://one:1,two:5432,[::1]:3/db");
        assertThat(parsed.properties())
                .containsEntry("targetServerType", "primary")
                .containsEntry("connectTimeout", "3")
                .containsEntry("ApplicationName", "x y");
    }

    @ParameterizedTest
    @ValueSource(strings = {"postgresql", "jdbc:postgresql"})
    void whatTheUriSaysCountsEvenIfItIsWhatTheDriverWouldDo(String scheme) throws Exception {
        PostgresOptions options = PostgresOptions.of(
                scheme + "://host/db?targetServerType=any&socketTimeout=0&connectTimeout=10&tcpKeepAlive=false");
        PGSimpleDataSource source = Connections.ofUri(options);
        assertThat(source.getProperty(PGProperty.TARGET_SERVER_TYPE)).isEqualTo("any");
        assertThat(source.getSocketTimeout()).isZero();
        assertThat(source.getConnectTimeout()).isEqualTo(10);
        assertThat(source.getTcpKeepAlive()).isFalse();
        assertThat(source.getApplicationName()).isEqualTo("tidemark");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "postgresql://u:hunter2@ho st:x/db",
                "postgresql://u:hunter2@host:99999/db",
                "postgresql://u:hunter2@host/db?nonsense=1",
                "postgresql://u:hunter2@host/db?sslmode",
                "postgresql://u:hunter2%zz@host/db",
                "postgresql://u:hun@ter2@host/db",
                "postgresql://u:hunter2@host:1/db?port=2",
                "postgresql://u:hunter2@a,b/db?port=1,2,3",
                "postgresql:u:hunter2@host/db",
                "postgresql://u:hunter2@host/db?host=/tmp",
                "jdbc:postgresql://host:hunter2/db?password=hunter2",
                "jdbc:postgresql://host:99999/db?password=hunter2",
                "jdbc:postgresql://host?user=u&password=hunter2",
                "jdbc:postgresql://u:hunter2@host/db"
            })
    void malformedOnesAreRefusedWithoutQuotingThem(String uri) {
        List<String> logged = new CopyOnWriteArrayList<>();
        Logger driver = Logger.getLogger("org.postgresql");
        Handler handler = new Recorder(logged);
        driver.addHandler(handler);
        try {
            assertThatThrownBy(() -> PostgresOptions.of(uri))
                    .isInstanceOf(IllegalArgumentException.class)
                    .satisfies(refusal -> assertThat(refusal.toString())
                            .doesNotContain("hunter2")
                            .doesNotContain("ter2"));
        } finally {
            driver.removeHandler(handler);
        }
        assertThat(logged).noneMatch(line -> line.contains("ter2"));
    }

    private static final class Recorder extends Handler {
        private final List<String> lines;

        Recorder(List<String> lines) {
            this.lines = lines;
        }

        @Override
        public void publish(LogRecord logged) {
            lines.add(new SimpleFormatter().format(logged));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }

    @Test
    void aUnixSocketNamesWhatItNeeds() {
        assertThatThrownBy(() -> PostgresOptions.of("postgresql:///db?host=/var/run/postgresql"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("junixsocket");
    }

    @Test
    void optionsShowNoPassword() {
        assertThat(PostgresOptions.of("postgresql://u:hunter2@host/db?sslpassword=hunter2"))
                .asString()
                .contains("host")
                .doesNotContain("hunter2");
        assertThat(PostgresOptions.of("jdbc:postgresql://host/db?user=u&password=hunter2"))
                .asString()
                .doesNotContain("hunter2");
    }

    @Test
    void optionsWithoutADatabaseAreRefused() {
        assertThatThrownBy(() -> PostgresBackend.open(PostgresOptions.defaults()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("withUri");
    }

    @ParameterizedTest
    @ValueSource(strings = {"postgresql", "postgres", "jdbc:postgresql"})
    void everySchemeOpensThroughTheFrontDoor(String scheme) throws Exception {
        try (PostgresServer.Database database = PostgresServer.shared().newDatabase();
                Backend backend = Backends.open(database.uriAs(scheme))) {
            backend.store(TEXT).set("k", "a", "1");
            assertThat(backend.store(TEXT).get("k", "a")).contains("1");
        }
    }

    @Test
    void aServerThatIsNotThereIsNamedSoonAndWithoutThePassword() {
        BackendOptions options = BackendOptions.defaults().withTimeout(Duration.ofSeconds(30));
        assertThatThrownBy(() -> Backends.open("postgresql://u:hunter2@localhost:1/db", options))
                .isInstanceOf(StoreUnavailableException.class)
                .satisfies(refusal -> assertThat(stackTrace(refusal)).doesNotContain("hunter2"));
    }

    @Test
    void aHostThatIsUnknownIsNamed() {
        // A resolver that nobody answers takes its time.
        BackendOptions options = BackendOptions.defaults().withTimeout(Duration.ofMinutes(2));
        assertThatThrownBy(() -> Backends.open("postgresql://u:hunter2@no.such.host.invalid/db", options))
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessageContaining("there is no host no.such.host.invalid");
    }

    private static String stackTrace(Throwable failure) {
        java.io.StringWriter text = new java.io.StringWriter();
        failure.printStackTrace(new java.io.PrintWriter(text));
        return text.toString();
    }
}

package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The command on a PostgreSQL server, in processes of its own. */
class PostgresTest {
    @TempDir
    Path directory;

    private final PostgresServer server = PostgresServer.shared();

    @Test
    void theCommandsDoWhatTheyDoElsewhere() {
        String store = server.newDatabase();
        assertThat(run(store, "set", "k", "a", "{\"x\":1}")).isEqualTo(new Result(0, "created\n", ""));
        assertThat(run(store, "set", "k", "a", "{\"x\": 1}")).isEqualTo(new Result(0, "unchanged\n", ""));
        assertThat(run(store, "get", "k", "a")).isEqualTo(new Result(0, "{\"x\":1}\n", ""));
        assertThat(run(store, "get", "k", "b")).isEqualTo(new Result(1, "", "tidemark: not found: k/b\n"));
        BadInputTest.assertOneLine(run(store, "set", "k", "a", "2", "--if-absent"), 1, "k/a");
        BadInputTest.assertOneLine(run(store, "set", "k", "a", "{"), 2, "JSON");
        assertThat(run(store, "kinds", "--namespace", "7")).isEqualTo(new Result(0, "", ""));
        assertThat(run(store, "delete", "k", "a")).isEqualTo(new Result(0, "{\"x\":1}\n", ""));
        BadInputTest.assertOneLine(run(store, "watch", "--after", "9999"), 4, "revision");
    }

    @Test
    void whatIsExportedCanBeImported() {
        String from = server.newDatabase();
        String to = server.newDatabase();
        Here here = Here.on(from);
        here.pipe(here.run("demo", "--data").out(), "import", "-");
        Result exported = run(from, "export");
        assertThat(exported.err()).isEmpty();
        Result imported = Here.on(to).pipe(exported.out(), "import", "-");
        assertThat(imported.out()).contains("\"created\":" + exported.lines().size());
        assertThat(run(to, "export").out()).isEqualTo(exported.out()).contains("\"key\":\"AQ\"");
    }

    @Test
    void oneProcessWatchesWhatAnotherWrites() {
        String store = server.newDatabase();
        int changes = 2_000;
        try (CliProcess watch = CliProcess.start(
                        directory, "--store", store, "watch", "--count", Integer.toString(changes))
                .read()) {
            assertThat(watch.nextErr()).isEqualTo("watching");
            try (CliProcess writer =
                    CliProcess.start(directory, "--store", store, "import", "k", "-", "--batch", "50")) {
                writer.type(ProcessTest.bulk(changes));
                assertThat(writer.end())
                        .isEqualTo(new Result(0, "{\"created\":2000,\"updated\":0,\"unchanged\":0}\n", ""));
            }
            List<Long> revisions = new ArrayList<>();
            for (int i = 0; i < changes; i++) {
                JsonNode change = Json.parse(watch.nextOut());
                assertThat(change.path("type").asText()).isEqualTo("created");
                revisions.add(change.path("revision").asLong());
            }
            assertThat(revisions)
                    .isSorted()
                    .containsExactlyElementsOf(LongStream.range(revisions.get(0), revisions.get(0) + changes)
                            .boxed()
                            .toList());
            assertThat(watch.end()).isEqualTo(new Result(0, "", ""));
        }
    }

    @Test
    void aPasswordOpensAndNeverShows() {
        String uri = "postgresql://locked:%s@localhost:" + server.port() + "/postgres";
        Result opened = run(uri.formatted(PostgresServer.PASSWORD), "kinds");
        BadInputTest.assertOneLine(opened, 3, "a privilege is missing");
        assertThat(opened.err()).doesNotContain(PostgresServer.PASSWORD);
        Result refused = run(uri.formatted("s3cr3t"), "kinds");
        BadInputTest.assertOneLine(refused, 3, "password authentication failed for user \"locked\"");
        assertThat(refused.err()).doesNotContain("s3cr3t");
        Result verbose = run(uri.formatted("s3cr3t"), "kinds", "--verbose");
        assertThat(verbose.err()).contains("\tat ").doesNotContain("s3cr3t");
    }

    @Test
    void aDatabaseThatIsMissingIsNamed() {
        String uri = "postgresql://postgres:s3cr3t@localhost:" + server.port() + "/nowhere";
        BadInputTest.assertOneLine(run(uri, "kinds"), 3, "database \"nowhere\" does not exist");
    }

    @Test
    void aServerThatIsNotThereIsExit3() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Result result = run("postgresql://me:s3cr3t@localhost:" + port + "/db", "kinds");
        BadInputTest.assertOneLine(result, 3, "localhost:" + port);
        assertThat(result.err()).doesNotContain("s3cr3t");
    }

    static Stream<Arguments> malformed() {
        return Stream.of(
                arguments("postgresql:db", "expected postgresql://user:password@host:port/database"),
                arguments("postgresql://me:s3cr3t@localhost:x/db", "a host is written"),
                arguments("postgres://me:s3cr3t@localhost:70000/db", "a port is at most 65535"),
                arguments("postgresql://me:s3cr3t@localhost/db?colour=red", "unknown parameter 'colour'"),
                arguments("postgresql://me:s3cr3t@@localhost/db", "percent-encoded"),
                arguments("jdbc:postgresql://localhost?user=me&password=s3cr3t", "a '/' follows the hosts"),
                arguments("jdbc:postgresql://me:s3cr3t@localhost/db", "a host is written"),
                arguments("postgresql:///db?host=/var/run/postgresql&password=s3cr3t", "junixsocket"));
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void malformedUrisAreExit2(String uri, String reason) {
        Result result = run(uri, "kinds");
        BadInputTest.assertOneLine(result, 2, reason);
        assertThat(result.err()).doesNotContain("s3cr3t");
    }

    static Stream<Arguments> misplaced() {
        return Stream.of(
                arguments((Object) new String[] {"postgresql://me:s3cr3t@localhost/db", "kinds"}),
                arguments((Object) new String[] {"kinds", "postgresql://me:s3cr3t@localhost/db"}),
                arguments((Object) new String[] {"kinds", "--strore=postgresql://me:s3cr3t@localhost/db", "--verbose"}),
                arguments((Object) new String[] {"kinds", "jdbc:postgresql://localhost/db?password=s3cr3t&user=me"}));
    }

    @ParameterizedTest
    @MethodSource("misplaced")
    void aUriThatIsOutOfPlaceIsQuotedWithoutItsPassword(String[] args) {
        Result result = Here.plain(new byte[0], false, args);
        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).contains("localhost/db").doesNotContain("s3cr3t");
    }

    @Test
    void theDemoTakesAServerOfYoursAndDoesNotShowItsPassword() {
        String store = server.newDatabase().replace("postgres@", "postgres:s3cr3t@");
        Result demo = run(store, "demo");
        assertThat(demo.err()).isEmpty();
        assertThat(demo.code()).isZero();
        assertThat(demo.out())
                .contains("postgresql://…", "All of it was checked")
                .doesNotContain("s3cr3t");
        Result again = run(store, "demo", "--namespace", namespaceOf(demo));
        BadInputTest.assertOneLine(new Result(again.code(), "", again.err()), 2, "is not empty");
        assertThat(again.out() + again.err()).doesNotContain("s3cr3t");
    }

    private static String namespaceOf(Result demo) {
        return demo.out().lines().findFirst().orElseThrow().replaceFirst(".*namespace ", "");
    }

    @Test
    void aWatchOutlivesTheConnectionsThatItHas() throws Exception {
        String store = server.newDatabase();
        try (CliProcess watch = CliProcess.start(directory, "--store", store, "watch", "--count", "2")
                .read()) {
            assertThat(watch.nextErr()).isEqualTo("watching");
            run(store, "set", "k", "a", "1");
            assertThat(watch.nextOut()).contains("\"type\":\"created\"");
            assertThat(server.endConnections(store)).isPositive();
            run(store, "set", "k", "a", "2");
            assertThat(watch.nextOut()).contains("\"type\":\"updated\"", "\"value\":2");
            assertThat(watch.exitCode()).isZero();
        }
    }

    @Test
    void aServerThatDoesNotAnswerIsExit3() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String uri = "postgresql://me:s3cr3t@localhost:" + silent.getLocalPort() + "/db";
            Result result = run(uri, "kinds", "--timeout", "1s");
            assertThat(result.code()).isEqualTo(3);
            assertThat(result.err()).hasLineCount(1).doesNotContain("s3cr3t");
        }
    }

    private Result run(String store, String... args) {
        List<String> all = new ArrayList<>(List.of("--store", store));
        all.addAll(List.of(args));
        return CliProcess.run(directory, all.toArray(String[]::new));
    }
}

package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command as a process of its own: exit codes, streams, locales, stores. */
class ProcessTest {
    @TempDir
    Path directory;

    @Test
    void theDefaultStoreIsAFileInTheWorkingDirectory() {
        assertThat(CliProcess.run(directory, "set", "k", "a", "{\"x\":1}")).isEqualTo(new Result(0, "created\n", ""));
        assertThat(directory.resolve("tidemark.db")).exists();
        assertThat(CliProcess.run(directory, "get", "k", "a")).isEqualTo(new Result(0, "{\"x\":1}\n", ""));
        Result missing = CliProcess.run(directory, "get", "k", "b");
        assertThat(missing).isEqualTo(new Result(1, "", "tidemark: not found: k/b\n"));
    }

    @Test
    void theEnvironmentNamesTheStore() {
        Map<String, String> environment = Map.of("TIDEMARK_STORE", "sqlite:other.db");
        assertThat(CliProcess.run(directory, environment, "[1]", "set", "k", "a", "-")
                        .out())
                .isEqualTo("created\n");
        assertThat(CliProcess.run(directory, "--store", "sqlite:other.db", "get", "k", "a")
                        .out())
                .isEqualTo("[1]\n");
        assertThat(directory.resolve("tidemark.db")).doesNotExist();
    }

    @Test
    void wrongUsageIsExit2() {
        Result result = CliProcess.run(directory, "gett");
        BadInputTest.assertOneLine(result, 2, "did you mean get");
    }

    @Test
    void aStoreThatIsNotThereIsExit3() {
        BadInputTest.assertOneLine(CliProcess.run(directory, "--store", "sqlite:no/such.db", "kinds"), 3, "no");
    }

    @Test
    void aStoreThatIsBusyTooLongIsExit3() throws Exception {
        CliProcess.run(directory, "set", "k", "a", "1");
        try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("tidemark.db"));
                Statement statement = other.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
            Result result = CliProcess.run(directory, "--timeout", "400ms", "set", "k", "a", "2");
            BadInputTest.assertOneLine(result, 3, "400 ms");
            statement.execute("ROLLBACK");
        }
        assertThat(CliProcess.run(directory, "get", "k", "a").out()).isEqualTo("1\n");
    }

    @Test
    void aMissingBackendIsNamed() {
        String without = Arrays.stream(CliProcess.classPath().split(File.pathSeparator, -1))
                .filter(path -> !path.contains("store-inmemory"))
                .collect(Collectors.joining(File.pathSeparator));
        try (CliProcess command =
                CliProcess.start(directory, Map.of(), List.of("-cp", without), "--store", "memory:", "kinds")) {
            BadInputTest.assertOneLine(command.end(), 2, "add the module dev.tidemark:tidemark-store-inmemory");
        }
    }

    @Test
    void argumentsAreUtf8WhereTheLocaleIs() {
        Map<String, String> utf8 = Map.of("LC_ALL", "C.UTF-8");
        assertThat(CliProcess.run(directory, utf8, "", "set", "k", "schlüssel 😀", "\"größe ✓\"")
                        .out())
                .isEqualTo("created\n");
        assertThat(CliProcess.run(directory, utf8, "", "keys", "k").out()).isEqualTo("schlüssel 😀\n");
        assertThat(CliProcess.run(directory, utf8, "", "get", "k", "schlüssel 😀")
                        .out())
                .isEqualTo("\"größe ✓\"\n");
    }

    @Test
    void argumentsThatTheLocaleSpoiledAreRefused() {
        Map<String, String> ascii = Map.of("LC_ALL", "C");
        Result refused = CliProcess.run(directory, ascii, "", "set", "k", "schlüssel", "1");
        BadInputTest.assertOneLine(refused, 2, "argument 3 can't be read as");
        assertThat(CliProcess.run(directory, ascii, "{\"key\":\"😀\",\"value\":\"✓\"}", "import", "k", "-")
                        .code())
                .isZero();
        assertThat(CliProcess.run(directory, ascii, "", "list", "k").out()).contains("\"key\":\"😀\",\"value\":\"✓\"");
    }

    @Test
    void aReaderThatHasSeenEnoughEndsItQuietly() throws Exception {
        Here here = new Here(directory);
        here.pipe(bulk(20_000), "import", "k", "-");
        try (CliProcess command = CliProcess.start(directory, "--store", here.store(), "export")) {
            assertThat(command.process().getInputStream().read()).isEqualTo('{');
            command.process().getInputStream().close();
            assertThat(command.exitCode()).isEqualTo(ExitCode.READER_GONE);
            assertThat(command.nextErr()).isEqualTo(CliProcess.END);
        }
    }

    @Test
    void theDemoBehavesAsItSays() {
        Result demo;
        List<String> temporary = List.of("-Djava.io.tmpdir=" + directory);
        try (CliProcess command = CliProcess.start(directory, Map.of(), temporary, "demo")) {
            demo = command.end();
        }
        assertThat(demo.err()).isEmpty();
        assertThat(demo.code()).isZero();
        assertThat(demo.out()).contains("1. Import", "5. Close the store", "All of it was checked");
        assertThat(directory.resolve("tidemark.db")).doesNotExist();
    }

    @Test
    void theDemoTakesAnotherStoreAndLeavesTheRestOfItAlone() throws Exception {
        Here here = new Here(directory);
        here.run("set", "k", "a", "1");
        Result demo = CliProcess.run(directory, "demo", "--store", here.store());
        assertThat(demo.code()).isZero();
        assertThat(here.run("export").out()).isEqualTo("{\"kind\":\"k\",\"key\":\"a\",\"value\":1}\n");
        Result again = here.run("demo", "--namespace", "0");
        BadInputTest.assertOneLine(new Result(again.code(), "", again.err()), 2, "is not empty");
    }

    @Test
    void theDataSetOfTheDemoIsForEveryStore() throws Exception {
        Here here = new Here(directory);
        Path file = directory.resolve("countries.ndjson");
        Files.writeString(file, here.run("demo", "--data", "countries").out());
        assertThat(here.run("import", "countries", file.toString()).out()).contains("\"created\":249");
        assertThat(here.pipe(here.run("demo", "--data").out(), "import", "-").out())
                .contains("\"unchanged\":249");
        assertThat(here.run("kinds").lines()).containsExactly("countries", "currencies", "timezones");
        BadInputTest.assertOneLine(here.run("demo", "--data=cities"), 2, "no kind \"cities\"");
    }

    static String bulk(int entries) {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < entries; i++) {
            lines.append("{\"key\":\"")
                    .append(i)
                    .append("\",\"value\":{\"n\":")
                    .append(i)
                    .append("}}\n");
        }
        return lines.toString();
    }
}

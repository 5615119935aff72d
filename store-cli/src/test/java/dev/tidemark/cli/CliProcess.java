package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The command in a process of its own, on the class path of the tests. */
final class CliProcess implements AutoCloseable {
    static final long PATIENCE_SECONDS = 300;

    /** Stands for the end of a stream. */
    static final String END = "\0end";

    private final Process process;
    private final BlockingQueue<String> err = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> out = new LinkedBlockingQueue<>();
    private boolean reading;

    private CliProcess(Process process) {
        this.process = process;
        pump(process.getErrorStream(), err);
    }

    static CliProcess of(Process process) {
        return new CliProcess(process);
    }

    static CliProcess start(Path directory, String... args) {
        return start(directory, Map.of(), List.of(), args);
    }

    static CliProcess start(Path directory, Map<String, String> environment, List<String> jvm, String... args) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "-cp",
                classPath()));
        command.addAll(jvm);
        command.add(Main.class.getName());
        command.addAll(List.of(args));
        return new CliProcess(launch(directory, environment, command));
    }

    static Process launch(Path directory, Map<String, String> environment, List<String> command) {
        try {
            ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
            builder.environment().remove("TIDEMARK_STORE");
            builder.environment().remove("JDK_JAVA_OPTIONS");
            builder.environment().remove("JAVA_TOOL_OPTIONS");
            builder.environment().putAll(environment);
            return builder.start();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Absolute, since processes are started in directories of their own. */
    static String classPath() {
        List<String> paths = new ArrayList<>();
        for (String path : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            paths.add(Path.of(path).toAbsolutePath().toString());
        }
        return String.join(File.pathSeparator, paths);
    }

    static Result run(Path directory, String... args) {
        return run(directory, Map.of(), "", args);
    }

    static Result run(Path directory, Map<String, String> environment, String in, String... args) {
        try (CliProcess command = start(directory, environment, List.of(), args)) {
            command.type(in);
            return command.end();
        }
    }

    Process process() {
        return process;
    }

    /** As Ctrl-C does; by SIGTERM where nobody hears SIGINT. */
    void interrupt() {
        signal(hearsInterrupts() ? "INT" : "TERM");
    }

    void signal(String name) {
        assertThat(exitCode(shell("kill -" + name + " " + process.pid()))).isZero();
    }

    /** False for the background job of a script, and all that it starts: they are born deaf to SIGINT, and a JVM stays so. */
    static boolean hearsInterrupts() {
        return exitCode(shell("kill -INT $$")) != 0;
    }

    private static Process shell(String command) {
        return launch(Path.of("."), Map.of(), List.of("sh", "-c", command));
    }

    /** Starts to read the output; until then it fills the pipe. */
    CliProcess read() {
        if (!reading) {
            reading = true;
            pump(process.getInputStream(), out);
        }
        return this;
    }

    void type(String in) {
        try (OutputStream stdin = process.getOutputStream()) {
            stdin.write(in.getBytes(StandardCharsets.UTF_8));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    String nextOut() {
        return next(out);
    }

    String nextErr() {
        return next(err);
    }

    /** Waits for the end; what was not read yet is in the result. */
    Result end() {
        read();
        String printed = rest(out);
        String said = rest(err);
        return new Result(exitCode(), printed, said);
    }

    int exitCode() {
        return exitCode(process);
    }

    private static int exitCode(Process process) {
        try {
            assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS))
                    .as("the process ends")
                    .isTrue();
            return process.exitValue();
        } catch (InterruptedException interrupt) {
            throw new IllegalStateException(interrupt);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }

    private static String rest(BlockingQueue<String> lines) {
        StringBuilder text = new StringBuilder();
        for (String line = next(lines); !line.equals(END); line = next(lines)) {
            text.append(line).append('\n');
        }
        return text.toString();
    }

    private static String next(BlockingQueue<String> lines) {
        try {
            String line = lines.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            assertThat(line).as("a line within %s seconds", PATIENCE_SECONDS).isNotNull();
            return line;
        } catch (InterruptedException interrupt) {
            throw new IllegalStateException(interrupt);
        }
    }

    private static void pump(InputStream stream, BlockingQueue<String> lines) {
        Thread thread = new Thread(() -> {
            try (BufferedReader reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
                reader.lines().forEach(lines::add);
            } catch (IOException | UncheckedIOException closed) {
                lines.add("(" + closed.getMessage() + ")");
            } finally {
                lines.add(END);
            }
        });
        thread.setDaemon(true);
        thread.start();
    }
}

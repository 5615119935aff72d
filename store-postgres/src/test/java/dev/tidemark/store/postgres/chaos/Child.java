package dev.tidemark.store.postgres.chaos;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A process of ours, as its parent sees it. */
final class Child implements AutoCloseable {
    private static final List<String> RECORDS = List.of(".calls", ".stream", ".visits");

    private final String name;
    private final Path directory;
    private final Process process;
    private final BufferedReader output;

    private Child(String name, Path directory, Process process) {
        this.name = name;
        this.directory = directory;
        this.process = process;
        this.output = process.inputReader(StandardCharsets.UTF_8);
    }

    static Child start(Class<?> main, Path directory, String name, List<String> arguments) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String classPath = System.getProperty("java.class.path")
                .replace(File.pathSeparator + File.pathSeparator, File.pathSeparator);
        List<String> command = new ArrayList<>(
                List.of(java, "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m", "-cp", classPath));
        command.add(main.getName());
        command.add(name);
        command.addAll(arguments);
        File errors = directory.resolve(name + ".err").toFile();
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.appendTo(errors))
                .start();
        return new Child(name, directory, process);
    }

    String name() {
        return name;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Waits until it says that it is at work. */
    void awaitReady() throws IOException {
        String line = output.readLine();
        if (line == null) {
            throw new AssertionError(name + " did not start; see " + directory);
        }
    }

    void tell(String line) throws IOException {
        Writer input = process.outputWriter(StandardCharsets.UTF_8);
        input.write(line + "\n");
        input.flush();
    }

    /** Waits until it has ended by itself, and well. */
    void awaitEnd(Duration limit) throws InterruptedException {
        if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError(name + " did not come to its end; see " + directory);
        }
        if (process.exitValue() != 0) {
            throw new AssertionError(name + " ended with " + process.exitValue() + "; see " + directory);
        }
    }

    /** One file for each of its threads. */
    Stream<Path> records() {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> isRecord(file.getFileName().toString())).toList().stream();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private boolean isRecord(String file) {
        return file.startsWith(name + "-") && RECORDS.stream().anyMatch(file::endsWith);
    }

    static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    void kill() {
        process.toHandle().destroyForcibly();
        process.onExit().join();
    }

    @Override
    public void close() {
        kill();
    }
}

package dev.tidemark.benchmarks.harness;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A second JVM on the same class path, which is told and answers line by line. It ends when its input does. */
public final class Child implements AutoCloseable {
    private final String name;
    private final Process process;
    private final BufferedReader output;

    private Child(String name, Process process) {
        this.name = name;
        this.process = process;
        this.output = process.inputReader(StandardCharsets.UTF_8);
    }

    /** Starts a main class with options for its JVM. */
    public static Child start(Class<?> main, List<String> options, String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        return new Child(
                main.getSimpleName(),
                new ProcessBuilder(command).redirectError(Redirect.INHERIT).start());
    }

    /** Sends a line. */
    public void tell(String line) throws IOException {
        Writer input = process.outputWriter(StandardCharsets.UTF_8);
        input.write(line + "\n");
        input.flush();
    }

    /** Waits for a line. */
    public String answer() throws IOException {
        String line = output.readLine();
        if (line == null) {
            throw new IOException(name + " ended before it answered");
        }
        return line;
    }

    /** Waits until it ends by itself, and well, and returns how many lines it still had to say. */
    public long countLines() throws IOException, InterruptedException {
        long lines = 0;
        while (output.readLine() != null) {
            lines++;
        }
        int exit = process.waitFor();
        if (exit != 0) {
            throw new IOException(name + " ended with " + exit);
        }
        return lines;
    }

    @Override
    public void close() throws IOException {
        process.outputWriter(StandardCharsets.UTF_8).close();
        boolean interrupted = Thread.interrupted();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException interrupt) {
            interrupted = true;
            process.destroyForcibly();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}

package dev.tidemark.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The second process of the demo: this command's own {@code watch}, in a Java of its own. */
final class DemoWatcher implements AutoCloseable {
    static final long PATIENCE_SECONDS = 60;

    private static final String END = "";

    private final Process process;
    private final Consumer<String> remarks;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

    private DemoWatcher(Process process, Consumer<String> remarks) {
        this.process = process;
        this.remarks = remarks;
        Thread reader = new Thread(this::read, "tidemark-demo-watcher");
        reader.setDaemon(true);
        reader.start();
    }

    /** Starts one; {@code remarks} takes what it says besides changes. */
    static DemoWatcher start(String uri, Consumer<String> remarks) {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "--store",
                uri,
                "watch",
                "--replay");
        try {
            return new DemoWatcher(
                    new ProcessBuilder(command).redirectErrorStream(true).start(), remarks);
        } catch (IOException failure) {
            throw new DemoException("no second process: " + failure.getMessage());
        }
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** The next change it has printed, or the end of its replay. */
    JsonNode next() {
        while (true) {
            String line = line();
            if (line.startsWith("{")) {
                return Json.parse(line);
            }
            if (line.equals(END)) {
                throw new DemoException("the second process has ended");
            }
            remarks.accept(line);
        }
    }

    private String line() {
        try {
            String line = lines.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (line == null) {
                throw new DemoException("the second process saw nothing for " + PATIENCE_SECONDS + " s");
            }
            return line;
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            throw new DemoException("it was interrupted");
        }
    }

    private void read() {
        try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
            reader.lines().forEach(lines::add);
        } catch (IOException | UncheckedIOException closed) {
            lines.add("its output can't be read: " + closed.getMessage());
        } finally {
            lines.add(END);
        }
    }

    /** Asks it to end, as Ctrl-C does, and returns its exit code. */
    int end() {
        process.destroy();
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new DemoException("the second process does not end");
            }
            return process.exitValue();
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            throw new DemoException("it was interrupted");
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}

package dev.tidemark.store.sqlite;

import dev.tidemark.store.Store;
import dev.tidemark.store.WriteBatch;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A process that writes until it is ended, and says so after each write. Writer n counts up: in a single key {@code single/n},
 * and then in all the keys of {@code batch-n} at once, where a sixth key comes and goes.
 */
final class Hammer implements AutoCloseable {
    static final int WRITERS = 3;
    static final List<String> BATCH = List.of("a", "b", "c", "d", "e");

    private final ChildProcess process;

    private Hammer(ChildProcess process) {
        this.process = process;
    }

    static Hammer start(Path file) throws IOException {
        return new Hammer(
                ChildProcess.start(Hammer.class, List.of("-XX:TieredStopAtLevel=1", "-Xmx128m"), file.toString()));
    }

    /** The next acknowledged write, as {@code single n i} or {@code batch n i}; null after the process has ended. */
    String acknowledged() throws IOException {
        return process.line();
    }

    /** What it acknowledged before can still be read. */
    void kill() {
        process.kill();
    }

    @Override
    public void close() {
        process.close();
    }

    /** The process itself. It ends with its parent, whose end of the pipe it watches. */
    public static void main(String[] arguments) throws IOException {
        SqliteBackend backend =
                SqliteBackend.open(SqliteOptions.at(Path.of(arguments[0])).withTimeout(Duration.ofSeconds(60)));
        Store<String> store = backend.store(Texts.CODEC);
        for (int writer = 0; writer < WRITERS; writer++) {
            int number = writer;
            Thread thread = new Thread(() -> write(store, number));
            thread.setDaemon(true);
            thread.start();
        }
        while (System.in.read() >= 0) {}
    }

    private static void write(Store<String> store, int writer) {
        String key = Integer.toString(writer);
        int count = Integer.parseInt(store.get("single", key).orElse("0"));
        while (true) {
            count++;
            String value = Integer.toString(count);
            store.set("single", key, value);
            acknowledge("single", writer, count);
            WriteBatch<String> batch = new WriteBatch<>();
            BATCH.forEach(member -> batch.set("batch-" + writer, member, value));
            if (count % 2 == 0) {
                batch.delete("batch-" + writer, "f");
            } else {
                batch.set("batch-" + writer, "f", value);
            }
            store.write(batch);
            acknowledge("batch", writer, count);
        }
    }

    private static void acknowledge(String what, int writer, int count) {
        System.out.println(what + " " + writer + " " + count);
        System.out.flush();
    }
}

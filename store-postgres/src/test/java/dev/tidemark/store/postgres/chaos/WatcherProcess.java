package dev.tidemark.store.postgres.chaos;

import dev.tidemark.store.postgres.PostgresBackend;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A process with a few watches, each of which puts on record what it sees, and resumes after its last record when the process is
 * started again. It ends when all have reached the revisions that its parent names, and with its parent.
 */
final class WatcherProcess {
    private WatcherProcess() {}

    /** The arguments: a name, a URI, and a directory for the records. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        PostgresBackend backend = Options.open(arguments[1]);
        Map<Long, Long> targets = new ConcurrentHashMap<>();
        List<Thread> threads = new ArrayList<>();
        for (Watcher.Task task : Watcher.TASKS) {
            Path file = Path.of(arguments[2], arguments[0] + "-" + task.name() + ".stream");
            Thread thread = new Thread(new Watcher(backend, task, file, targets), task.name());
            thread.start();
            threads.add(thread);
        }
        System.out.println("ready");
        BufferedReader parent = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        String finish = parent.readLine();
        if (finish == null) {
            Runtime.getRuntime().halt(1);
            return;
        }
        for (String target : finish.split(" ", -1)) {
            String[] parts = target.split("=", -1);
            targets.put(Long.valueOf(parts[0]), Long.valueOf(parts[1]));
        }
        endWith(parent);
        for (Thread thread : threads) {
            thread.join();
        }
        backend.close();
        Runtime.getRuntime().halt(0);
    }

    private static void endWith(BufferedReader parent) {
        Thread guard = new Thread(() -> {
            try {
                while (parent.readLine() != null) {}
            } catch (IOException broken) {
                System.err.println("the parent is gone: " + broken);
            }
            Runtime.getRuntime().halt(1);
        });
        guard.setDaemon(true);
        guard.start();
    }
}

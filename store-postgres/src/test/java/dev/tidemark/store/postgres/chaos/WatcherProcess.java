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
 * A process with a few watches, which put on record what they see. Those that stay resume after their last record when the process is
 * started again. It ends when they have reached the revisions that its parent names, and with its parent.
 */
final class WatcherProcess {
    private WatcherProcess() {}

    /** The arguments: a name, a URI, a directory for the records, the scene, and the threads. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        PostgresBackend backend = Options.open(arguments[1], Scene.valueOf(arguments[3]));
        Map<Long, Long> targets = new ConcurrentHashMap<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 4; i < arguments.length; i++) {
            String record = arguments[0] + "-" + i + "-" + arguments[i];
            Thread thread = new Thread(watch(arguments[i], backend, Path.of(arguments[2], record), targets), record);
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

    private static Runnable watch(String name, PostgresBackend backend, Path record, Map<Long, Long> targets) {
        if (name.equals(Visitor.REPLAYS) || name.equals(Visitor.RESUMES)) {
            return new Visitor(backend, name.equals(Visitor.REPLAYS), Path.of(record + ".visits"), targets);
        }
        return new Watcher(backend, Watcher.task(name), Path.of(record + ".stream"), targets);
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

package dev.tidemark.store.postgres.chaos;

import dev.tidemark.store.postgres.PostgresBackend;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;

/** A process of writing threads. It ends when its parent says so, and with its parent. */
final class WriterProcess {
    private static final int MAX_TURNS = 100_000;

    private WriterProcess() {}

    /** A writing thread: one call, or a few that belong together. */
    interface Writer {
        void turn() throws Exception;
    }

    /** The arguments: a name, a URI, a directory for the records, the scene, a seed, and the kinds of the threads. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        AtomicBoolean stopped = new AtomicBoolean();
        PostgresBackend backend = Options.open(arguments[1], Scene.valueOf(arguments[3]));
        List<Thread> threads = new ArrayList<>();
        for (int i = 5; i < arguments.length; i++) {
            String name = arguments[0] + "-" + i;
            Random random = new Random(Long.parseLong(arguments[4]) + i);
            Writer writer = writer(arguments[i], name, backend, arguments, random);
            Thread thread = new Thread(() -> write(writer, stopped), name);
            thread.start();
            threads.add(thread);
        }
        System.out.println("ready");
        BufferedReader parent = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        if (parent.readLine() == null) {
            Runtime.getRuntime().halt(1);
        }
        stopped.set(true);
        for (Thread thread : threads) {
            thread.join();
        }
        backend.close();
        Runtime.getRuntime().halt(0);
    }

    private static Writer writer(String kind, String name, PostgresBackend backend, String[] arguments, Random random)
            throws IOException {
        long namespace = kind.equals("other") ? Options.OTHER_NAMESPACE : Options.NAMESPACE;
        Journal journal = new Journal(name, namespace, Path.of(arguments[2]));
        return switch (kind) {
            case "own", "other" -> new OwnWriter(backend, journal, random);
            case "foreign" -> new ForeignWriter(arguments[1], journal, random, false);
            case "slow" -> new ForeignWriter(arguments[1], journal, random, true);
            case "joined" -> new JoinedWriter(backend, journal, random);
            default -> throw new IllegalArgumentException(kind);
        };
    }

    private static void write(Writer writer, AtomicBoolean stopped) {
        try {
            for (int turn = 0; turn < MAX_TURNS && !stopped.get(); turn++) {
                writer.turn();
            }
        } catch (Exception | Error failure) {
            failure.printStackTrace();
            Runtime.getRuntime().halt(2);
        }
    }
}

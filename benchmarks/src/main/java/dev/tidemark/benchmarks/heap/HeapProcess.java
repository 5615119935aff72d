package dev.tidemark.benchmarks.heap;

import dev.tidemark.benchmarks.harness.Data;
import dev.tidemark.store.Backend;
import dev.tidemark.store.Backends;
import dev.tidemark.store.Change;
import dev.tidemark.store.Entry;
import dev.tidemark.store.Snapshot;
import dev.tidemark.store.Store;
import dev.tidemark.store.Watch;
import dev.tidemark.store.WatchOptions;
import java.io.BufferedOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads all entries of a store, by a stream or by the replay of a watch, and prints the key of each. */
final class HeapProcess {
    private HeapProcess() {}

    public static void main(String[] arguments) throws InterruptedException {
        PrintStream out = new PrintStream(new BufferedOutputStream(System.out), false, StandardCharsets.UTF_8);
        try (Backend backend = Backends.open(arguments[1])) {
            Store<byte[]> store = backend.store(Data.CODEC);
            if (arguments[0].equals("stream")) {
                stream(store, out);
            } else {
                replay(store, out);
            }
        }
        out.flush();
    }

    private static void stream(Store<byte[]> store, PrintStream out) {
        try (Snapshot<byte[]> snapshot = store.snapshot();
                Stream<Entry<byte[]>> entries = snapshot.stream(Data.KIND)) {
            entries.forEach(entry -> out.println(entry.key()));
        }
    }

    private static void replay(Store<byte[]> store, PrintStream out) throws InterruptedException {
        WatchOptions options = WatchOptions.defaults().withInitialReplay();
        try (Watch<byte[]> watch = store.watch(Data.KIND, options)) {
            while (!watch.isSynced()) {
                Optional<Change<byte[]>> change = watch.poll(Duration.ofSeconds(1));
                change.ifPresent(one -> out.println(one.key()));
            }
        }
    }
}

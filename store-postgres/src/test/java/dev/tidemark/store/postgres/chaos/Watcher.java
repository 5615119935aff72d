package dev.tidemark.store.postgres.chaos;

import dev.tidemark.store.Store;
import dev.tidemark.store.StoreOptions;
import dev.tidemark.store.StoreTimeoutException;
import dev.tidemark.store.StoreUnavailableException;
import dev.tidemark.store.Watch;
import dev.tidemark.store.WatchOptions;
import dev.tidemark.store.Watches;
import dev.tidemark.store.postgres.PostgresBackend;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** One watch and its record: a header, the replay, the revision at which it starts, and each change. */
final class Watcher implements Runnable {
    private static final Duration TURN = Duration.ofMillis(50);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final int LARGE = 1_000_000;
    private static final int SMALL = 16;

    /**
     * What to watch.
     *
     * @param small whether the buffer is so small that the watch overflows now and then, and has to be attached anew
     */
    record Task(String name, long namespace, String kind, boolean replay, boolean small) {}

    static final List<Task> TASKS = List.of(
            new Task("replay", Options.NAMESPACE, Call.NONE, true, false),
            new Task("now", Options.NAMESPACE, Call.NONE, false, false),
            new Task("hot", Options.NAMESPACE, Keys.HOT, true, false),
            new Task("small", Options.NAMESPACE, Keys.WIDE, false, true),
            new Task("other", Options.OTHER_NAMESPACE, Call.NONE, false, false));

    static Task task(String name) {
        return TASKS.stream()
                .filter(task -> task.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private final Store<String> store;
    private final Task task;
    private final Path file;
    private final Map<Long, Long> targets;

    Watcher(PostgresBackend backend, Task task, Path file, Map<Long, Long> targets) {
        this.store = backend.store(Text.CODEC, StoreOptions.<String>defaults().withNamespace(task.namespace()));
        this.task = task;
        this.file = file;
        this.targets = targets;
    }

    @Override
    public void run() {
        try {
            Stream before = Files.exists(file) ? Stream.read(file) : null;
            long start = before == null ? -1 : before.start();
            WatchOptions options =
                    start < 0 ? options() : options().withStartNow().withStartAfter(before.last());
            if (start < 0) {
                Files.deleteIfExists(file);
            }
            try (Recorder record = new Recorder(file)) {
                record.line("H", "" + task.namespace(), task.kind(), "" + task.replay());
                follow(options, record, new Scribe(record, start));
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private WatchOptions options() {
        WatchOptions options = WatchOptions.defaults().withBufferSize(task.small() ? SMALL : LARGE);
        if (!task.kind().equals(Call.NONE)) {
            options = options.withKinds(task.kind());
        }
        return task.replay() ? options.withInitialReplay() : options;
    }

    private void follow(WatchOptions options, Recorder record, Scribe scribe) {
        try (Watch<String> watch = open(options, record)) {
            if (!scribe.hasStarted() && !task.replay()) {
                scribe.started(watch.revision());
            }
            while (!isOver(watch, scribe)) {
                try {
                    scribe.deliver(watch, watch.poll(TURN));
                } catch (StoreUnavailableException | StoreTimeoutException away) {
                    if (!task.small()) {
                        throw away;
                    }
                    LockSupport.parkNanos(PAUSE_NANOS);
                }
            }
        } catch (RuntimeException | InterruptedException end) {
            scribe.failed(end);
        }
    }

    private Watch<String> open(WatchOptions options, Recorder record) {
        while (true) {
            try {
                return task.small()
                        ? Watches.resilient(store, options, revision -> record.line("X", "relisted after " + revision))
                        : store.watch(options);
            } catch (StoreUnavailableException | StoreTimeoutException away) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    /** The revision of a watch stands before what waits in its buffer. */
    private boolean isOver(Watch<String> watch, Scribe scribe) {
        Long target = targets.get(task.namespace());
        return target != null && scribe.hasStarted() && watch.revision() >= target;
    }
}

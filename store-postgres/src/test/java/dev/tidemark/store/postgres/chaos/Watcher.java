package dev.tidemark.store.postgres.chaos;

import dev.tidemark.store.Change;
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
import java.util.Optional;
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

    private final Store<String> store;
    private final Task task;
    private final Path file;
    private final Map<Long, Long> targets;
    private long start;
    private long replayRevision = -1;

    Watcher(PostgresBackend backend, Task task, Path file, Map<Long, Long> targets) {
        this.store = backend.store(Text.CODEC, StoreOptions.<String>defaults().withNamespace(task.namespace()));
        this.task = task;
        this.file = file;
        this.targets = targets;
    }

    @Override
    public void run() {
        try {
            WatchOptions options = options();
            try (Recorder record = new Recorder(file)) {
                record.line("H", "" + task.namespace(), task.kind(), "" + task.replay());
                follow(options, record);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Where to go on; a replay that was broken off starts over. */
    private WatchOptions options() throws IOException {
        WatchOptions options = WatchOptions.defaults().withBufferSize(task.small() ? SMALL : LARGE);
        if (!task.kind().equals(Call.NONE)) {
            options = options.withKinds(task.kind());
        }
        Stream before = Files.exists(file) ? Stream.read(file) : null;
        start = before == null ? -1 : before.start();
        if (start >= 0) {
            return options.withStartAfter(before.last());
        }
        Files.deleteIfExists(file);
        return task.replay() ? options.withInitialReplay() : options;
    }

    private void follow(WatchOptions options, Recorder record) {
        try (Watch<String> watch = open(options, record)) {
            if (start < 0 && !task.replay()) {
                started(watch.revision(), record);
            }
            while (!isOver(watch)) {
                try {
                    deliver(watch, watch.poll(TURN), record);
                } catch (StoreUnavailableException | StoreTimeoutException away) {
                    if (!task.small()) {
                        throw away;
                    }
                    LockSupport.parkNanos(PAUSE_NANOS);
                }
            }
        } catch (RuntimeException | InterruptedException end) {
            record.line("X", end.toString());
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

    /** A replay that is broken off before its end was on record starts over. */
    private void deliver(Watch<String> watch, Optional<Change<String>> delivered, Recorder record) {
        if (delivered.isPresent()) {
            Change<String> change = delivered.get();
            String[] fields = new Row(
                            change.revision(),
                            change.type().name(),
                            change.kind(),
                            change.key(),
                            change.version(),
                            change.value())
                    .fields();
            if (change.replayed()) {
                replayRevision = change.revision();
                fields[0] = "R";
            } else if (replayRevision < 0) {
                replayRevision = change.revision() - 1;
            }
            record.line(fields);
        }
        if (start < 0 && watch.isSynced()) {
            started(replayRevision < 0 ? watch.revision() : replayRevision, record);
        }
    }

    private void started(long revision, Recorder record) {
        start = revision;
        record.line("S", "" + revision);
    }

    /** The revision of a watch stands before what waits in its buffer. */
    private boolean isOver(Watch<String> watch) {
        Long target = targets.get(task.namespace());
        return target != null && start >= 0 && watch.revision() >= target;
    }
}

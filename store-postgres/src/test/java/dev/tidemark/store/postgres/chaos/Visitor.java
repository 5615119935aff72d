package dev.tidemark.store.postgres.chaos;

import dev.tidemark.store.Change;
import dev.tidemark.store.HistoryCompactedException;
import dev.tidemark.store.Store;
import dev.tidemark.store.StoreTimeoutException;
import dev.tidemark.store.StoreUnavailableException;
import dev.tidemark.store.Watch;
import dev.tidemark.store.WatchOptions;
import dev.tidemark.store.postgres.PostgresBackend;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Opens one watch after the other, reads each for a while, mostly slowly, and closes it; one record tells of them all. */
final class Visitor implements Runnable {
    /** Begins each watch with a replay. */
    static final String REPLAYS = "replays";

    /** Begins each watch where an earlier one ended, unless history is gone there. */
    static final String RESUMES = "resumes";

    private static final Duration TURN = Duration.ofMillis(50);
    private static final int LONGEST_PAUSE_MILLIS = 400;
    private static final int SLOWEST_PACE_MICROS = 300;
    private static final int MOST_CHANGES = 800;
    private static final int LARGE = 1_000_000;

    private final Store<String> store;
    private final boolean replays;
    private final Path file;
    private final Map<Long, Long> targets;
    private final Random random = new Random();
    private final List<Long> places = new ArrayList<>();

    Visitor(PostgresBackend backend, boolean replays, Path file, Map<Long, Long> targets) {
        this.store = backend.store(Text.CODEC);
        this.replays = replays;
        this.file = file;
        this.targets = targets;
    }

    @Override
    public void run() {
        try (Recorder record = new Recorder(file)) {
            while (targets.isEmpty()) {
                visit(record);
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(LONGEST_PAUSE_MILLIS)));
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void visit(Recorder record) {
        WatchOptions options = options();
        record.line("H", "" + Options.NAMESPACE, Call.NONE, "" + replays);
        Scribe scribe = new Scribe(record, -1);
        Long place = options.startAfter();
        try (Watch<String> watch = store.watch(options)) {
            if (!replays) {
                scribe.started(place == null ? watch.revision() : place);
            }
            read(watch, scribe);
        } catch (HistoryCompactedException gone) {
            scribe.started(gone.requested());
            end(scribe, gone, gone.requested());
        } catch (StoreUnavailableException | StoreTimeoutException away) {
            // Not opened, and not ended on record: no visit.
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    /** Where the last watch ended, or an earlier one. */
    private WatchOptions options() {
        WatchOptions options = WatchOptions.defaults().withBufferSize(LARGE);
        if (replays) {
            return options.withInitialReplay();
        }
        int back = random.nextInt(3) == 0 ? random.nextInt(1 + places.size()) : 0;
        int index = places.size() - 1 - back;
        return index < 0 ? options : options.withStartAfter(places.get(index));
    }

    private void read(Watch<String> watch, Scribe scribe) {
        try {
            follow(watch, scribe);
            places.add(watch.revision());
            scribe.ended(watch.revision());
        } catch (HistoryCompactedException gone) {
            end(scribe, gone, watch.revision());
        } catch (RuntimeException | InterruptedException end) {
            scribe.failed(end);
            scribe.ended(watch.revision());
        }
    }

    /** What was gone once stays gone, so the next watch begins at its own moment. */
    private void end(Scribe scribe, HistoryCompactedException gone, long revision) {
        places.removeIf(place -> place < gone.oldest());
        scribe.refused(gone);
        scribe.ended(revision);
    }

    private void follow(Watch<String> watch, Scribe scribe) throws InterruptedException {
        int left = random.nextInt(MOST_CHANGES);
        long pace = TimeUnit.MICROSECONDS.toNanos(random.nextInt(SLOWEST_PACE_MICROS));
        while (!scribe.hasStarted() || (left > 0 && targets.isEmpty())) {
            Optional<Change<String>> next = watch.poll(TURN);
            scribe.deliver(watch, next);
            if (next.isPresent()) {
                left -= next.get().replayed() ? 0 : 1;
                LockSupport.parkNanos(pace);
            }
        }
    }
}

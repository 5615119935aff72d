package dev.tidemark.store.tck.broken;

import dev.tidemark.codec.Codec;
import dev.tidemark.store.Change;
import dev.tidemark.store.Store;
import dev.tidemark.store.StoreClosedException;
import dev.tidemark.store.StoreOptions;
import dev.tidemark.store.Watch;
import dev.tidemark.store.WatchClosedException;
import dev.tidemark.store.WatchOptions;
import dev.tidemark.store.WatchOverflowException;
import dev.tidemark.store.WatchableStore;
import dev.tidemark.store.spi.Commit;
import dev.tidemark.store.spi.EngineSnapshot;
import dev.tidemark.store.spi.History;
import dev.tidemark.store.spi.Op;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Stores that break W1 to W4. */
final class BrokenWatches {
    private BrokenWatches() {}

    static Stream<Broken> all() {
        return Stream.of(
                Broken.watch("w1", "some changes are swapped", BrokenWatches::swapping),
                Broken.watch("w1", "some changes are dropped", BrokenWatches::dropping),
                new Broken("w1", "what follows the first page waits for the next write", BrokenWatches::pausing),
                Broken.watch("w1", "a deletion has the time of the write before it", BrokenWatches::backdating),
                Broken.watch("w2", "replayed changes are not marked", BrokenWatches::unmarked),
                Broken.watch("w2", "the end of the replay is invisible", BrokenWatches::neverSynced),
                new Broken("w2", "a replay reads twenty kinds at most", BrokenWatches::ofFewKinds),
                Broken.watch("w2", "a watch begins with the first poll", BrokenWatches::late),
                Broken.watch("w2", "what is replayed comes live as well", BrokenWatches::twice),
                Broken.watch("w3", "an overflow is passed over", BrokenWatches::silent),
                Broken.asking("w3", "the buffer has no end", options -> options.withBufferSize(Integer.MAX_VALUE)),
                Broken.asking(
                        "w3",
                        "a full buffer overflows",
                        options -> options.withBufferSize(Math.max(1, options.bufferSize() - 1))),
                new Broken("w3", "writers wait for watchers", BrokenWatches::waiting),
                Broken.watch("w4", "a watch ends again and again", BrokenWatches::endless),
                Broken.watch("w4", "closing wakes nobody", BrokenWatches::sleepy),
                Broken.watch("w4", "an interrupt takes a change along", BrokenWatches::forgetting));
    }

    private static <V> Watch<V> swapping(WatchableStore<V> store, WatchOptions options) {
        return new ForwardingWatch<>(store.watch(options)) {
            private final Deque<Change<V>> held = new ArrayDeque<>();

            @Override
            public Optional<Change<V>> poll(Duration timeout) throws InterruptedException {
                if (!held.isEmpty()) {
                    return Optional.of(held.remove());
                }
                Optional<Change<V>> first = watch.poll(timeout);
                Optional<Change<V>> second = first.isEmpty() ? first : watch.poll(Duration.ZERO);
                second.ifPresent(change -> held.add(first.orElseThrow()));
                return second.isPresent() ? second : first;
            }
        };
    }

    private static Rig pausing(Rig.Settings settings) {
        return new Rig(settings) {
            @Override
            Duration pollInterval() {
                return Duration.ZERO;
            }

            @Override
            History<byte[]> history(long namespace) {
                return new RetainedHistory(namespace) {
                    @Override
                    public Page<byte[]> after(long revision, int limit) {
                        return new Page<>(super.after(revision, limit).changes(), true);
                    }
                };
            }
        };
    }

    private static <V> Watch<V> backdating(WatchableStore<V> store, WatchOptions options) {
        return new ForwardingWatch<>(store.watch(options)) {
            private final Map<String, Instant> written = new ConcurrentHashMap<>();

            @Override
            public Optional<Change<V>> poll(Duration timeout) throws InterruptedException {
                return watch.poll(timeout).map(this::backdated);
            }

            private Change<V> backdated(Change<V> change) {
                Instant before = written.put(change.kind() + "/" + change.key(), change.at());
                if (before == null || change.type() != Change.Type.DELETED) {
                    return change;
                }
                return new Change<>(
                        change.type(),
                        change.kind(),
                        change.key(),
                        change.value(),
                        change.version(),
                        change.revision(),
                        before,
                        change.replayed());
            }
        };
    }

    private static <V> Watch<V> dropping(WatchableStore<V> store, WatchOptions options) {
        return new ForwardingWatch<>(store.watch(options)) {
            private int count;

            @Override
            public Optional<Change<V>> poll(Duration timeout) throws InterruptedException {
                Optional<Change<V>> change = watch.poll(timeout);
                return change.isPresent() && ++count % 50 == 0 ? watch.poll(timeout) : change;
            }
        };
    }

    private static Rig ofFewKinds(Rig.Settings settings) {
        return new Rig(settings) {
            @Override
            public EngineSnapshot<byte[]> snapshot(long namespace) {
                return new ForwardingSnapshot(super.snapshot(namespace), this::checkOpen) {
                    @Override
                    public List<String> kinds() {
                        return view().kinds().stream().limit(20).toList();
                    }
                };
            }
        };
    }

    private static <V> Watch<V> unmarked(WatchableStore<V> store, WatchOptions options) {
        return new ForwardingWatch<>(store.watch(options)) {
            @Override
            public Optional<Change<V>> poll(Duration timeout) throws InterruptedException {
                return watch.poll(timeout)
                        .map(change -> new Change<>(
                                change.type(),
                                change.kind(),
                                change.key(),
                                change.value(),
                                change.version(),
                                change.revision(),
                                change.at(),
                                false));
            }
        };
    }

    private static <V> Watch<V> neverSynced(WatchableStore<V> store, WatchOptions options) {
        return new ForwardingWatch<>(store.watch(options)) {
            @Override
            public boolean isSynced() {
                return false;
            }
        };
    }

    /** Nothing is in force until somebody polls. */
    private static <V> Watch<V> late(WatchableStore<V> store, WatchOptions options) {
        return new Watch<>() {
            private @Nullable Watch<V> watch;

            private synchronized Watch<V> watch() {
                if (watch == null) {
                    watch = store.watch(options);
                }
                return watch;
            }

            @Override
            public Optional<Change<V>> poll(Duration timeout) throws InterruptedException {
                return watch().poll(timeout);
            }

            @Override
            public boolean isSynced() {
                return watch().isSynced();
            }

            @Override
            public long revision() {
                return watch().revision();
            }

            @Override
            public void close() {
                watch().close();
            }
        };
    }

    /** Replays, and then begins with the last replayed change. */
    private static <V> Watch<V> twice(WatchableStore<V> store, WatchOptions options) {
        return new ForwardingWatch<>(store.watch(options)) {
            private @Nullable Change<V> last;

            @Override
            public Optional<Change<V>> poll(Duration timeout) throws InterruptedException {
                Change<V> again = last;
                last = null;
                if (again != null && watch.isSynced()) {
                    return Optional.of(new Change<>(
                            again.type(),
                            again.kind(),
                            again.key(),
                            again.value(),
                            again.version(),
                            again.revision(),
                            again.at(),
                            false));
                }
                Optional<Change<V>> change = watch.poll(timeout);
                last = change.filter(Change::replayed).orElse(null);
                return change;
            }
        };
    }

    private static <V> Watch<V> silent(WatchableStore<V> store, WatchOptions options) {
        return new ForwardingWatch<>(store.watch(options)) {
            private Watch<V> current = watch;

            @Override
            public Optional<Change<V>> poll(Duration timeout) throws InterruptedException {
                try {
                    return current.poll(timeout);
                } catch (WatchOverflowException overflow) {
                    current = store.watch(options.withStartNow());
                    return Optional.empty();
                }
            }

            @Override
            public void close() {
                current.close();
            }
        };
    }

    /** A write takes a permit of every watch, for which it waits a while, and a poll gives one back. */
    private static Rig waiting(Rig.Settings settings) {
        return new Rig(settings) {
            private final Set<Semaphore> buffers = new CopyOnWriteArraySet<>();
            private final AtomicBoolean slowed = new AtomicBoolean();

            @Override
            public Commit<byte[]> write(long namespace, List<Op<byte[]>> operations) {
                for (Semaphore buffer : buffers) {
                    try {
                        slowed.set(!buffer.tryAcquire(50, TimeUnit.MILLISECONDS));
                    } catch (InterruptedException interrupt) {
                        Thread.currentThread().interrupt();
                    }
                }
                return super.write(namespace, operations);
            }

            @Override
            <V> Store<V> decorate(Store<V> store, Codec<V> codec, StoreOptions<V> options) {
                return new ForwardingStore<>(store) {
                    @Override
                    public Watch<V> watch(WatchOptions wanted) {
                        Semaphore buffer = new Semaphore(wanted.bufferSize());
                        buffers.add(buffer);
                        return new ForwardingWatch<>(store.watch(wanted)) {
                            @Override
                            public Optional<Change<V>> poll(Duration timeout) throws InterruptedException {
                                Optional<Change<V>> change = watch.poll(timeout);
                                change.ifPresent(taken -> buffer.release());
                                return change;
                            }

                            @Override
                            public void close() {
                                buffers.remove(buffer);
                                buffer.release(1_000_000);
                                watch.close();
                            }
                        };
                    }
                };
            }
        };
    }

    private static <V> Watch<V> endless(WatchableStore<V> store, WatchOptions options) {
        return new ForwardingWatch<>(store.watch(options)) {
            @Override
            public Optional<Change<V>> poll(Duration timeout) throws InterruptedException {
                try {
                    return watch.poll(timeout);
                } catch (WatchClosedException end) {
                    throw end.getCause() instanceof StoreClosedException reason ? reason : end;
                }
            }
        };
    }

    private static <V> Watch<V> sleepy(WatchableStore<V> store, WatchOptions options) {
        return new ForwardingWatch<>(store.watch(options)) {
            private volatile boolean closed;

            @Override
            public Optional<Change<V>> poll(Duration timeout) throws InterruptedException {
                if (closed) {
                    watch.close();
                }
                return watch.poll(timeout);
            }

            @Override
            public void close() {
                closed = true;
            }
        };
    }

    private static <V> Watch<V> forgetting(WatchableStore<V> store, WatchOptions options) {
        return new ForwardingWatch<>(store.watch(options)) {
            private volatile boolean interrupted;

            @Override
            public Optional<Change<V>> poll(Duration timeout) throws InterruptedException {
                try {
                    Optional<Change<V>> change = watch.poll(timeout);
                    boolean lose = interrupted && change.isPresent();
                    interrupted = false;
                    return lose ? watch.poll(timeout) : change;
                } catch (InterruptedException interrupt) {
                    interrupted = true;
                    throw interrupt;
                }
            }
        };
    }
}

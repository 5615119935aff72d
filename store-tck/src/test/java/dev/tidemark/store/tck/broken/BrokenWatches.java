package dev.tidemark.store.tck.broken;

import dev.tidemark.codec.Codec;
import dev.tidemark.store.Change;
import dev.tidemark.store.ConflictException;
import dev.tidemark.store.HistoryCompactedException;
import dev.tidemark.store.RevisionAheadException;
import dev.tidemark.store.Snapshot;
import dev.tidemark.store.Store;
import dev.tidemark.store.StoreClosedException;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.StoreOptions;
import dev.tidemark.store.StoreUnavailableException;
import dev.tidemark.store.Watch;
import dev.tidemark.store.WatchClosedException;
import dev.tidemark.store.WatchOptions;
import dev.tidemark.store.WatchOverflowException;
import dev.tidemark.store.WatchableStore;
import dev.tidemark.store.spi.Commit;
import dev.tidemark.store.spi.Committed;
import dev.tidemark.store.spi.History;
import dev.tidemark.store.spi.Op;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Stores that break W1 to W10. */
final class BrokenWatches {
    private BrokenWatches() {}

    static Stream<Broken> all() {
        return Stream.of(
                Broken.watch("w1", "some changes are swapped", BrokenWatches::swapping),
                Broken.watch("w1", "some changes are dropped", BrokenWatches::dropping),
                Broken.watch("w2", "replayed changes are not marked", BrokenWatches::unmarked),
                Broken.watch("w2", "the end of the replay is invisible", BrokenWatches::neverSynced),
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
                Broken.watch("w4", "an interrupt takes a change along", BrokenWatches::forgetting),
                new Broken("w5", "a deletion carries another value", BrokenWatches::valueless),
                Broken.asking("w5", "the prefix is ignored", options -> options.withPrefix("")),
                Broken.asking("w5", "the types are ignored", BrokenWatches::ofAnyType),
                Broken.watch("w6", "a resumed watch repeats a change", BrokenWatches::repeating),
                Broken.watch("w6", "a resumed watch skips a change", BrokenWatches::skipping),
                Broken.watch("w6", "a revision of the future is accepted", BrokenWatches::optimistic),
                new Broken("w6", "the boundary of history is refused", settings -> withOldest(settings, 1)),
                new Broken(
                        "w6", "one change before the boundary is missing silently", BrokenWatches::compactingSilently),
                Broken.watch("w7", "other keys don't advance the revision", BrokenWatches::stuck),
                Broken.watch("w7", "the revision is that of the store", BrokenWatches::ahead),
                new Broken("w8", "an outage ends the watches", BrokenWatches::brittle),
                new Broken("w8", "what happened before the end of an outage is lost", BrokenWatches::reattaching),
                Broken.watch("w9", "an overflowed watch has a revision too high", BrokenWatches::ahead),
                new Broken("w9", "compaction has no name", BrokenWatches::nameless),
                new Broken("w10", "a failed batch leaves its beginning", BrokenWatches::torn),
                new Broken("w10", "a write that changes nothing is seen", BrokenWatches::noisy));
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

    /** Passes on a history whose changes, or whose faults, are wrong. */
    private abstract static class WrongHistory implements History<byte[]> {
        final History<byte[]> right;

        WrongHistory(History<byte[]> right) {
            this.right = right;
        }

        @Override
        public long newest() {
            return right.newest();
        }
    }

    private interface Wrong {
        History<byte[]> over(Rig rig, History<byte[]> right);
    }

    private static Rig withHistory(Rig.Settings settings, Wrong wrong) {
        return new Rig(settings) {
            @Override
            History<byte[]> history(long namespace) {
                return wrong.over(this, super.history(namespace));
            }
        };
    }

    private static Rig valueless(Rig.Settings settings) {
        return withHistory(settings, (rig, right) -> new WrongHistory(right) {
            @Override
            public Page<byte[]> after(long revision, int limit) {
                Page<byte[]> page = right.after(revision, limit);
                return new Page<>(page.changes().stream().map(this::emptied).toList(), page.complete());
            }

            private Committed<byte[]> emptied(Committed<byte[]> change) {
                byte[] value = change.type() == Change.Type.DELETED ? new byte[4] : change.value();
                return new Committed<>(
                        change.type(),
                        change.kind(),
                        change.key(),
                        value,
                        change.version(),
                        change.revision(),
                        change.at());
            }
        });
    }

    private static WatchOptions ofAnyType(WatchOptions options) {
        return options.withTypes(Change.Type.CREATED, Change.Type.UPDATED, Change.Type.DELETED);
    }

    private static <V> Watch<V> repeating(WatchableStore<V> store, WatchOptions options) {
        Long start = options.startAfter();
        return store.watch(start == null || start == 0 ? options : options.withStartAfter(start - 1));
    }

    private static <V> Watch<V> skipping(WatchableStore<V> store, WatchOptions options) {
        return new ForwardingWatch<>(store.watch(options)) {
            private boolean skipped = options.startAfter() == null;

            @Override
            public Optional<Change<V>> poll(Duration timeout) throws InterruptedException {
                Optional<Change<V>> change = watch.poll(timeout);
                if (skipped || change.isEmpty()) {
                    return change;
                }
                skipped = true;
                return watch.poll(timeout);
            }
        };
    }

    private static <V> Watch<V> optimistic(WatchableStore<V> store, WatchOptions options) {
        try {
            return store.watch(options);
        } catch (RevisionAheadException ahead) {
            return store.watch(options.withStartNow());
        }
    }

    private static Rig withOldest(Rig.Settings settings, int off) {
        return withHistory(settings, (rig, right) -> new WrongHistory(right) {
            @Override
            public Page<byte[]> after(long revision, int limit) {
                long oldest = Math.max(0, right.newest() - rig.settings.retained());
                if (oldest > 0 && revision < oldest + off) {
                    throw new HistoryCompactedException(revision, oldest);
                }
                return right.after(revision, limit);
            }
        });
    }

    /** What is compacted is passed over instead of being missed. */
    private static Rig compactingSilently(Rig.Settings settings) {
        return withHistory(settings, (rig, right) -> new WrongHistory(right) {
            @Override
            public Page<byte[]> after(long revision, int limit) {
                long oldest = Math.max(0, right.newest() - rig.settings.retained());
                return right.after(revision == oldest - 1 ? oldest : revision, limit);
            }
        });
    }

    private static <V> Watch<V> stuck(WatchableStore<V> store, WatchOptions options) {
        return new ForwardingWatch<>(store.watch(options)) {
            private volatile long last = watch.revision();

            @Override
            public Optional<Change<V>> poll(Duration timeout) throws InterruptedException {
                Optional<Change<V>> change = watch.poll(timeout);
                change.ifPresent(taken -> last = watch.revision());
                return change;
            }

            @Override
            public long revision() {
                return last;
            }
        };
    }

    private static <V> Watch<V> ahead(WatchableStore<V> store, WatchOptions options) {
        return new ForwardingWatch<>(store.watch(options)) {
            @Override
            public long revision() {
                try (Snapshot<V> snapshot = ((Store<V>) store).snapshot()) {
                    return snapshot.revision();
                }
            }
        };
    }

    private static Rig brittle(Rig.Settings settings) {
        return withHistory(settings, (rig, right) -> new WrongHistory(right) {
            @Override
            public Page<byte[]> after(long revision, int limit) {
                try {
                    return right.after(revision, limit);
                } catch (StoreUnavailableException away) {
                    throw new StoreException("the connection is gone", away);
                }
            }
        });
    }

    /** Begins anew with what is newest when the disk is back. */
    private static Rig reattaching(Rig.Settings settings) {
        return withHistory(settings, (rig, right) -> new WrongHistory(right) {
            private volatile boolean away;

            @Override
            public Page<byte[]> after(long revision, int limit) {
                try {
                    Page<byte[]> page = right.after(away ? Math.max(revision, right.newest() - 1) : revision, limit);
                    away = false;
                    return page;
                } catch (StoreUnavailableException unavailable) {
                    away = true;
                    throw unavailable;
                }
            }
        });
    }

    private static Rig nameless(Rig.Settings settings) {
        return withHistory(settings, (rig, right) -> new WrongHistory(right) {
            @Override
            public Page<byte[]> after(long revision, int limit) {
                try {
                    return right.after(revision, limit);
                } catch (HistoryCompactedException gone) {
                    throw new StoreException("no such change", gone);
                }
            }
        });
    }

    private static Rig torn(Rig.Settings settings) {
        return new Rig(settings) {
            @Override
            public Commit<byte[]> write(long namespace, List<Op<byte[]>> operations) {
                try {
                    return super.write(namespace, operations);
                } catch (ConflictException conflict) {
                    if (operations.size() > 1) {
                        super.write(namespace, operations.subList(0, 1));
                    }
                    throw conflict;
                }
            }
        };
    }

    private static Rig noisy(Rig.Settings settings) {
        return new Rig(settings) {
            @Override
            public Commit<byte[]> write(long namespace, List<Op<byte[]>> operations) {
                List<Op<byte[]>> forced = operations.stream()
                        .<Op<byte[]>>map(op -> op instanceof Op.Put<byte[]> put
                                ? new Op.Put<>(put.kind(), put.key(), put.value(), put.condition(), true)
                                : op)
                        .toList();
                return super.write(namespace, forced);
            }
        };
    }
}

package dev.tidemark.store.tck.broken;

import dev.tidemark.store.Change;
import dev.tidemark.store.ConflictException;
import dev.tidemark.store.HistoryCompactedException;
import dev.tidemark.store.RevisionAheadException;
import dev.tidemark.store.Snapshot;
import dev.tidemark.store.Store;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.StoreUnavailableException;
import dev.tidemark.store.Watch;
import dev.tidemark.store.WatchOptions;
import dev.tidemark.store.WatchableStore;
import dev.tidemark.store.spi.Commit;
import dev.tidemark.store.spi.Committed;
import dev.tidemark.store.spi.History;
import dev.tidemark.store.spi.Op;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Stores that break W5 to W10. */
final class BrokenHistories {
    private BrokenHistories() {}

    static Stream<Broken> all() {
        return Stream.of(
                new Broken("w5", "a deletion carries another value", BrokenHistories::valueless),
                Broken.asking("w5", "the prefix is ignored", options -> options.withPrefix("")),
                Broken.asking("w5", "the types are ignored", BrokenHistories::ofAnyType),
                Broken.watch("w6", "a resumed watch repeats a change", BrokenHistories::repeating),
                Broken.watch("w6", "a resumed watch skips a change", BrokenHistories::skipping),
                Broken.watch("w6", "a revision of the future is accepted", BrokenHistories::optimistic),
                new Broken("w6", "the boundary of history is refused", settings -> withOldest(settings, 1)),
                new Broken(
                        "w6",
                        "one change before the boundary is missing silently",
                        BrokenHistories::compactingSilently),
                new Broken("w6", "a live watch does not keep what it needs", BrokenHistories::forgetful),
                Broken.watch("w7", "other keys don't advance the revision", BrokenHistories::stuck),
                Broken.watch("w7", "the revision is that of the store", BrokenHistories::ahead),
                new Broken("w8", "an outage ends the watches", BrokenHistories::brittle),
                new Broken("w8", "what happened before the end of an outage is lost", BrokenHistories::reattaching),
                Broken.watch("w9", "an overflowed watch has a revision too high", BrokenHistories::ahead),
                new Broken("w9", "compaction has no name", BrokenHistories::nameless),
                new Broken("w10", "a failed batch leaves its beginning", BrokenHistories::torn),
                new Broken("w10", "a write that changes nothing is seen", BrokenHistories::noisy));
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
                return Committed.of(
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

    private static Rig forgetful(Rig.Settings settings) {
        return new Rig(settings) {
            @Override
            History<byte[]> history(long namespace) {
                return new RetainedHistory(namespace) {
                    @Override
                    boolean isNeeded(long revision) {
                        return false;
                    }
                };
            }
        };
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

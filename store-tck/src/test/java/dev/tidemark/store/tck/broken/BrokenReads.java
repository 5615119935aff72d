package dev.tidemark.store.tck.broken;

import dev.tidemark.codec.Codec;
import dev.tidemark.codec.CodecException;
import dev.tidemark.store.Entry;
import dev.tidemark.store.ListOptions;
import dev.tidemark.store.OutcomeUnknownException;
import dev.tidemark.store.Page;
import dev.tidemark.store.SetResult;
import dev.tidemark.store.Snapshot;
import dev.tidemark.store.Store;
import dev.tidemark.store.StoreClosedException;
import dev.tidemark.store.StoreOptions;
import dev.tidemark.store.StoreTimeoutException;
import dev.tidemark.store.StoreUnavailableException;
import dev.tidemark.store.Watch;
import dev.tidemark.store.WatchOptions;
import dev.tidemark.store.WriteBatch;
import dev.tidemark.store.WriteSummary;
import dev.tidemark.store.spi.Commit;
import dev.tidemark.store.spi.Engine;
import dev.tidemark.store.spi.EngineSnapshot;
import dev.tidemark.store.spi.History;
import dev.tidemark.store.spi.KeyRange;
import dev.tidemark.store.spi.Op;
import dev.tidemark.store.spi.Stored;
import dev.tidemark.store.tck.samples.MapEngine;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Stores that break K8 to K14. */
final class BrokenReads {
    private BrokenReads() {}

    static Stream<Broken> all() {
        return Stream.of(
                Broken.store("k8", "a page repeats the last key of the one before", BrokenReads::repeating),
                Broken.store("k8", "a count forgets the options", BrokenReads::miscounting),
                new Broken("k8", "a snapshot shows each moment anew", BrokenReads::moving),
                Broken.store("k8", "a snapshot can't be closed", BrokenReads::unclosable),
                new Broken("k8", "one entry behind a full page is missing", BrokenReads::endingEarly),
                new Broken("k9", "a read may be old", BrokenReads::stale),
                new Broken("k9", "nothing is there after a restart", BrokenReads::forgetful),
                new Broken("k9", "a kind without keys is back after a restart", BrokenReads::reviving),
                new Broken("k10", "validators don't see batches", BrokenReads::unvalidated),
                Broken.store("k11", "a closed store still reads", BrokenReads::undead),
                Broken.store("k11", "the interrupt flag is lost", BrokenReads::deaf),
                new Broken("k11", "a timeout is reported as an outage", BrokenReads::misreported),
                new Broken("k12", "an unknown outcome is tried again", BrokenReads::retrying),
                new Broken("k12", "an unknown outcome is reported as a failure", BrokenReads::guessing),
                Broken.store("k13", "an undecodable value is not named", BrokenReads::unnamed),
                Broken.watch("k13", "an undecodable value ends a watch", BrokenReads::fragile),
                new Broken("k14", "all namespaces read the same entries", BrokenReads::leakingReads),
                new Broken("k14", "all namespaces watch the same changes", BrokenReads::leakingWatches));
    }

    private static <V> Store<V> repeating(Store<V> store) {
        return new ForwardingStore<>(store) {
            @Override
            public Page<String> keys(String kind, ListOptions options) {
                String after = options.after();
                return store.keys(
                        kind,
                        after == null
                                ? options
                                : new ListOptions(options.prefix(), after, options.to(), null, options.limit()));
            }
        };
    }

    private static <V> Store<V> miscounting(Store<V> store) {
        return new ForwardingStore<>(store) {
            @Override
            public long count(String kind, ListOptions options) {
                return store.count(kind);
            }
        };
    }

    private static <V> Store<V> unclosable(Store<V> store) {
        return new ForwardingStore<>(store) {
            @Override
            public Snapshot<V> snapshot() {
                Snapshot<V> snapshot = store.snapshot();
                return new Snapshot<>() {
                    @Override
                    public long revision() {
                        return snapshot.revision();
                    }

                    @Override
                    public List<String> kinds() {
                        return snapshot.kinds();
                    }

                    @Override
                    public Stream<Entry<V>> stream(String kind, ListOptions options) {
                        return snapshot.stream(kind, options);
                    }

                    @Override
                    public void close() {}
                };
            }
        };
    }

    private static Rig moving(Rig.Settings settings) {
        return new Rig(settings) {
            @Override
            public EngineSnapshot<byte[]> snapshot(long namespace) {
                return new ForwardingSnapshot(super.snapshot(namespace), this::checkOpen) {
                    @Override
                    public List<String> keys(String kind, KeyRange range, int limit) {
                        return data().snapshot(namespace).keys(kind, range, limit);
                    }

                    @Override
                    public EngineSnapshot.Page<byte[]> page(String kind, KeyRange range, int limit) {
                        return data().snapshot(namespace).page(kind, range, limit);
                    }
                };
            }
        };
    }

    /** Remembers what it read of a key for the next read of it. */
    private static Rig stale(Rig.Settings settings) {
        return new Rig(settings) {
            private final Map<String, Stored<byte[]>> cache = new ConcurrentHashMap<>();

            @Override
            public @Nullable Stored<byte[]> get(long namespace, String kind, String key) {
                Stored<byte[]> cached = cache.remove(kind + "/" + key);
                if (cached != null) {
                    return cached;
                }
                Stored<byte[]> stored = super.get(namespace, kind, key);
                if (stored != null) {
                    cache.put(kind + "/" + key, stored);
                }
                return stored;
            }
        };
    }

    private static Rig forgetful(Rig.Settings settings) {
        return new Rig(settings) {
            private final MapEngine own = new MapEngine(Duration.ofSeconds(10));

            @Override
            Engine<byte[]> data() {
                return own;
            }

            @Override
            History<byte[]> history(long namespace) {
                return own.namespace(namespace);
            }
        };
    }

    private static Rig reviving(Rig.Settings settings) {
        long atOpening = settings.disk().data.namespace(0).newest();
        return new Rig(settings) {
            @Override
            public EngineSnapshot<byte[]> snapshot(long namespace) {
                return new ForwardingSnapshot(super.snapshot(namespace), this::checkOpen) {
                    @Override
                    public List<String> kinds() {
                        Set<String> kinds = new TreeSet<>(view().kinds());
                        history(namespace)
                                .after(0, (int) atOpening)
                                .changes()
                                .forEach(change -> kinds.add(change.kind()));
                        return List.copyOf(kinds);
                    }
                };
            }
        };
    }

    private static Rig endingEarly(Rig.Settings settings) {
        return new Rig(settings) {
            @Override
            public EngineSnapshot<byte[]> snapshot(long namespace) {
                return new ForwardingSnapshot(super.snapshot(namespace), this::checkOpen) {
                    @Override
                    public EngineSnapshot.Page<byte[]> page(String kind, KeyRange range, int limit) {
                        EngineSnapshot.Page<byte[]> page = view().page(kind, range, limit);
                        return new EngineSnapshot.Page<>(page.entries(), view().count(kind, range) <= limit + 1L);
                    }
                };
            }
        };
    }

    private static Rig unvalidated(Rig.Settings settings) {
        return new Rig(settings) {
            @Override
            <V> Store<V> decorate(Store<V> store, Codec<V> codec, StoreOptions<V> options) {
                if (options.validators("fruit").isEmpty()) {
                    return store;
                }
                Store<V> plain = store(codec, StoreOptions.<V>defaults().withNamespace(options.namespace()));
                return new ForwardingStore<>(store) {
                    @Override
                    public WriteSummary write(WriteBatch<V> batch) {
                        return plain.write(batch);
                    }
                };
            }
        };
    }

    private static <V> Store<V> undead(Store<V> store) {
        return new ForwardingStore<>(store) {
            @Override
            public Optional<V> get(String kind, String key) {
                try {
                    return store.get(kind, key);
                } catch (StoreClosedException closed) {
                    return Optional.empty();
                }
            }
        };
    }

    private static <V> Store<V> deaf(Store<V> store) {
        return new ForwardingStore<>(store) {
            @Override
            public SetResult set(String kind, String key, V value) {
                Thread.interrupted();
                return store.set(kind, key, value);
            }
        };
    }

    private static Rig misreported(Rig.Settings settings) {
        return new Rig(settings) {
            @Override
            public Commit<byte[]> write(long namespace, List<Op<byte[]>> operations) {
                try {
                    return super.write(namespace, operations);
                } catch (StoreTimeoutException timeout) {
                    throw new StoreUnavailableException("the disk is slow", timeout);
                }
            }
        };
    }

    private static Rig retrying(Rig.Settings settings) {
        return new Rig(settings) {
            @Override
            public Commit<byte[]> write(long namespace, List<Op<byte[]>> operations) {
                try {
                    return super.write(namespace, operations);
                } catch (OutcomeUnknownException unknown) {
                    return data().write(namespace, operations);
                }
            }
        };
    }

    private static Rig guessing(Rig.Settings settings) {
        return new Rig(settings) {
            @Override
            public Commit<byte[]> write(long namespace, List<Op<byte[]>> operations) {
                try {
                    return super.write(namespace, operations);
                } catch (OutcomeUnknownException unknown) {
                    throw new StoreUnavailableException("the write failed", unknown);
                }
            }
        };
    }

    private static <V> Store<V> unnamed(Store<V> store) {
        return new ForwardingStore<>(store) {
            @Override
            public Optional<V> get(String kind, String key) {
                try {
                    return store.get(kind, key);
                } catch (CodecException failure) {
                    throw new CodecException("undecodable", failure);
                }
            }
        };
    }

    private static <V> Watch<V> fragile(dev.tidemark.store.WatchableStore<V> store, WatchOptions options) {
        return new ForwardingWatch<>(store.watch(options)) {
            @Override
            public Optional<dev.tidemark.store.Change<V>> poll(Duration timeout) throws InterruptedException {
                try {
                    return watch.poll(timeout);
                } catch (CodecException failure) {
                    watch.close();
                    throw failure;
                }
            }
        };
    }

    private static Rig leakingReads(Rig.Settings settings) {
        return new Rig(settings) {
            @Override
            public EngineSnapshot<byte[]> snapshot(long namespace) {
                return super.snapshot(0);
            }
        };
    }

    private static Rig leakingWatches(Rig.Settings settings) {
        return new Rig(settings) {
            @Override
            History<byte[]> history(long namespace) {
                return super.history(0);
            }
        };
    }
}

package dev.tidemark.store.tck.broken;

import dev.tidemark.codec.Codec;
import dev.tidemark.store.Condition;
import dev.tidemark.store.ListOptions;
import dev.tidemark.store.SetResult;
import dev.tidemark.store.Store;
import dev.tidemark.store.StoreOptions;
import dev.tidemark.store.WriteSummary;
import dev.tidemark.store.spi.Commit;
import dev.tidemark.store.spi.EngineSnapshot;
import dev.tidemark.store.spi.KeyRange;
import dev.tidemark.store.spi.Op;
import dev.tidemark.store.spi.Outcome;
import dev.tidemark.store.spi.Stored;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Exchanger;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Stores that break N1 to N3 and K1 to K6. */
final class BrokenWrites {
    private BrokenWrites() {}

    static Stream<Broken> all() {
        return Stream.of(
                Broken.store("n1", "an unpaired surrogate becomes a question mark", BrokenWrites::replacing),
                Broken.store("n1", "keys lose the space around them", BrokenWrites::trimming),
                Broken.store("n1", "keys with one hash code are the same", BrokenWrites::colliding),
                new Broken("n2", "keys are in the order of UTF-16", BrokenWrites::inStringOrder),
                Broken.store("n2", "a range of no keys is refused for its order in UTF-16", BrokenWrites::suspicious),
                Broken.store("n3", "null is not a NullPointerException", BrokenWrites::complainingOfNull),
                new Broken("n3", "values of any size are written", BrokenWrites::unlimited),
                new Broken(
                        "k1",
                        "versions begin at 0",
                        settings -> reading(
                                settings,
                                stored -> Stored.of(
                                        stored.kind(),
                                        stored.key(),
                                        stored.value(),
                                        stored.version() - 1,
                                        stored.tag(),
                                        stored.updatedAt()))),
                new Broken("k1", "an entry keeps the time of its creation", BrokenWrites::timedOnce),
                new Broken("k1", "a tag is the version", settings -> reading(settings, BrokenWrites::taggedByVersion)),
                new Broken(
                        "k2",
                        "an unchanged value is written again",
                        settings -> writing(settings, BrokenWrites::evenIfEqual)),
                new Broken("k2", "a predicate of sameness is not asked", BrokenWrites::withoutPredicate),
                new Broken("k2", "values with one hash code are the same", BrokenWrites::hashing),
                Broken.store("k3", "an update reads, then writes", BrokenWrites::losingUpdates),
                Broken.store("k4", "a merge writes key by key", BrokenWrites::mergingOneByOne),
                Broken.store("k5", "a delete reads, then deletes", BrokenWrites::deletingTwice),
                new Broken(
                        "k6", "a condition on a tag is ignored", settings -> writing(settings, BrokenWrites::untagged)),
                new Broken("k6", "a tag comes back with a recreated key", BrokenWrites::tagsThatComeBack));
    }

    private static <V> Store<V> replacing(Store<V> store) {
        return new ForwardingStore<>(store) {
            @Override
            public SetResult set(String kind, String key, V value) {
                return store.set(kind, replaced(key), value);
            }

            @Override
            public Optional<V> get(String kind, String key) {
                return store.get(kind, replaced(key));
            }

            private String replaced(String key) {
                return new String(key.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
            }
        };
    }

    private static <V> Store<V> trimming(Store<V> store) {
        return new ForwardingStore<>(store) {
            @Override
            public long create(String kind, String key, V value) {
                return store.create(kind, key.isBlank() ? key : key.strip(), value);
            }
        };
    }

    private static <V> Store<V> colliding(Store<V> store) {
        Map<Integer, String> known = new ConcurrentHashMap<>();
        return new ForwardingStore<>(store) {
            @Override
            public long create(String kind, String key, V value) {
                return store.create(kind, known.computeIfAbsent(key.hashCode(), hash -> key), value);
            }
        };
    }

    private static <V> Store<V> suspicious(Store<V> store) {
        return new ForwardingStore<>(store) {
            @Override
            public long count(String kind, ListOptions options) {
                String from = options.from();
                String to = options.to();
                if (from != null && to != null && from.compareTo(to) > 0 && store.count(kind) == 0) {
                    throw new IllegalArgumentException("the range ends before it starts");
                }
                return store.count(kind, options);
            }
        };
    }

    private static Rig inStringOrder(Rig.Settings settings) {
        return new Rig(settings) {
            @Override
            public EngineSnapshot<byte[]> snapshot(long namespace) {
                return new ForwardingSnapshot(super.snapshot(namespace), this::checkOpen) {
                    @Override
                    public List<String> keys(String kind, KeyRange range, int limit) {
                        return view().keys(kind, range, Integer.MAX_VALUE).stream()
                                .sorted()
                                .limit(limit)
                                .toList();
                    }

                    @Override
                    public Page<byte[]> page(String kind, KeyRange range, int limit) {
                        List<Stored<byte[]>> entries = new ArrayList<>(
                                view().page(kind, range, Integer.MAX_VALUE).entries());
                        entries.sort(Comparator.comparing(Stored::key));
                        return new Page<>(entries, true);
                    }
                };
            }
        };
    }

    private static <V> Store<V> complainingOfNull(Store<V> store) {
        return new ForwardingStore<>(store) {
            @Override
            public SetResult set(String kind, String key, V value) {
                if (value == null) {
                    throw new IllegalArgumentException("no value");
                }
                return store.set(kind, key, value);
            }
        };
    }

    private static Rig unlimited(Rig.Settings settings) {
        return new Rig(settings) {
            @Override
            public <V> Store<V> store(Codec<V> codec, StoreOptions<V> options) {
                return super.store(codec, options.withMaxValueBytes(Integer.MAX_VALUE));
            }
        };
    }

    private static Rig withoutPredicate(Rig.Settings settings) {
        return new Rig(settings) {
            @Override
            public <V> Store<V> store(Codec<V> codec, StoreOptions<V> options) {
                return super.store(codec, StoreOptions.<V>defaults().withNamespace(options.namespace()));
            }
        };
    }

    private static Rig reading(Rig.Settings settings, UnaryOperator<Stored<byte[]>> broken) {
        return new Rig(settings) {
            @Override
            public @Nullable Stored<byte[]> get(long namespace, String kind, String key) {
                Stored<byte[]> stored = super.get(namespace, kind, key);
                return stored == null ? null : broken.apply(stored);
            }
        };
    }

    private static Stored<byte[]> taggedByVersion(Stored<byte[]> stored) {
        return Stored.of(
                stored.kind(), stored.key(), stored.value(), stored.version(), stored.version(), stored.updatedAt());
    }

    private static Rig timedOnce(Rig.Settings settings) {
        Map<String, Instant> created = new ConcurrentHashMap<>();
        return reading(
                settings,
                stored -> Stored.of(
                        stored.kind(),
                        stored.key(),
                        stored.value(),
                        stored.version(),
                        stored.tag(),
                        created.computeIfAbsent(stored.kind() + "/" + stored.key(), key -> stored.updatedAt())));
    }

    private static Rig hashing(Rig.Settings settings) {
        return new Rig(settings) {
            @Override
            public Commit<byte[]> write(long namespace, List<Op<byte[]>> operations) {
                return super.write(
                        namespace,
                        operations.stream().map(op -> compared(namespace, op)).toList());
            }

            private Op<byte[]> compared(long namespace, Op<byte[]> op) {
                Stored<byte[]> present = get(namespace, op.kind(), op.key());
                return op instanceof Op.Put<byte[]> put
                                && present != null
                                && Arrays.hashCode(present.value()) == Arrays.hashCode(put.value())
                        ? new Op.Put<>(put.kind(), put.key(), present.value(), put.condition(), put.evenIfEqual())
                        : op;
            }
        };
    }

    private static Rig writing(Rig.Settings settings, UnaryOperator<Op<byte[]>> broken) {
        return new Rig(settings) {
            @Override
            public Commit<byte[]> write(long namespace, List<Op<byte[]>> operations) {
                return super.write(namespace, operations.stream().map(broken).toList());
            }
        };
    }

    private static Op<byte[]> evenIfEqual(Op<byte[]> op) {
        return op instanceof Op.Put<byte[]> put
                ? new Op.Put<>(put.kind(), put.key(), put.value(), put.condition(), true)
                : op;
    }

    private static Op<byte[]> untagged(Op<byte[]> op) {
        return op instanceof Op.Put<byte[]> put && put.condition() instanceof Condition.Tag
                ? new Op.Put<>(put.kind(), put.key(), put.value(), Condition.ANY, put.evenIfEqual())
                : op;
    }

    /** The tag of a key is its version, in what is returned and in what is expected. */
    private static Rig tagsThatComeBack(Rig.Settings settings) {
        return new Rig(settings) {
            @Override
            public @Nullable Stored<byte[]> get(long namespace, String kind, String key) {
                Stored<byte[]> stored = super.get(namespace, kind, key);
                return stored == null ? null : taggedByVersion(stored);
            }

            @Override
            public Commit<byte[]> write(long namespace, List<Op<byte[]>> operations) {
                List<Op<byte[]>> real = new ArrayList<>();
                for (Op<byte[]> op : operations) {
                    real.add(translated(op, super.get(namespace, op.kind(), op.key())));
                }
                Commit<byte[]> commit = super.write(namespace, real);
                List<Outcome<byte[]>> outcomes = new ArrayList<>();
                for (int i = 0; i < operations.size(); i++) {
                    Outcome<byte[]> outcome = commit.outcomes().get(i);
                    Stored<byte[]> stored = super.get(
                            namespace,
                            operations.get(i).kind(),
                            operations.get(i).key());
                    long tag = stored == null ? 0 : stored.version();
                    outcomes.add(Outcome.of(outcome.effect(), tag, outcome.deleted()));
                }
                return new Commit<>(commit.revision(), outcomes);
            }
        };
    }

    private static Op<byte[]> translated(Op<byte[]> op, @Nullable Stored<byte[]> present) {
        return op instanceof Op.Put<byte[]> put
                        && put.condition() instanceof Condition.Tag tag
                        && present != null
                        && present.version() == tag.expected()
                ? new Op.Put<>(put.kind(), put.key(), put.value(), Condition.tag(present.tag()), put.evenIfEqual())
                : op;
    }

    private static <V> Store<V> losingUpdates(Store<V> store) {
        return new ForwardingStore<>(store) {
            @Override
            public V update(String kind, String key, UnaryOperator<V> change) {
                V value = change.apply(store.get(kind, key).orElseThrow());
                store.set(kind, key, value);
                return value;
            }
        };
    }

    private static <V> Store<V> mergingOneByOne(Store<V> store) {
        return new ForwardingStore<>(store) {
            @Override
            public WriteSummary setAll(String kind, Map<String, ? extends V> values) {
                WriteSummary last = store.setAll(kind, Map.of());
                for (Map.Entry<String, ? extends V> entry : values.entrySet()) {
                    last = store.setAll(kind, Map.of(entry.getKey(), entry.getValue()));
                }
                return last;
            }
        };
    }

    /** Two callers that delete at one time meet between their reads and their deletes. */
    private static <V> Store<V> deletingTwice(Store<V> store) {
        Exchanger<String> meeting = new Exchanger<>();
        return new ForwardingStore<>(store) {
            @Override
            public Optional<V> delete(String kind, String key) {
                Optional<V> value = store.get(kind, key);
                try {
                    meeting.exchange(key, 5, TimeUnit.MILLISECONDS);
                } catch (TimeoutException alone) {
                    return store.delete(kind, key);
                } catch (InterruptedException interrupt) {
                    Thread.currentThread().interrupt();
                }
                Optional<V> deleted = store.delete(kind, key);
                return value.isPresent() ? value : deleted;
            }
        };
    }
}

package dev.tidemark.store.tck.broken;

import dev.tidemark.store.Condition;
import dev.tidemark.store.ConflictException;
import dev.tidemark.store.Store;
import dev.tidemark.store.WriteBatch;
import dev.tidemark.store.WriteSummary;
import dev.tidemark.store.spi.Commit;
import dev.tidemark.store.spi.Op;
import dev.tidemark.store.spi.Stored;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Stores that break K7. */
final class BrokenBatches {
    private BrokenBatches() {}

    static Stream<Broken> all() {
        return Stream.of(
                Broken.store("k7", "a batch writes line by line", BrokenBatches::batchingOneByOne),
                new Broken("k7", "a batch can be read before its last key is written", BrokenBatches::readableEarly),
                new Broken("k7", "a failed condition blames another key", BrokenBatches::blaming));
    }

    private static <V> Store<V> batchingOneByOne(Store<V> store) {
        return new ForwardingStore<>(store) {
            @Override
            public WriteSummary write(WriteBatch<V> batch) {
                WriteSummary last = store.write(new WriteBatch<>());
                for (WriteBatch.Step<V> step : batch.steps()) {
                    last = store.write(one(step));
                }
                return last;
            }
        };
    }

    private static <V> WriteBatch<V> one(WriteBatch.Step<V> step) {
        WriteBatch<V> batch = new WriteBatch<>();
        long tag = step.condition() instanceof Condition.Tag expected ? expected.expected() : 0;
        V value = step.value();
        if (value != null && step.condition() == Condition.ABSENT) {
            return batch.create(step.kind(), step.key(), value);
        } else if (value != null) {
            return tag == 0
                    ? batch.set(step.kind(), step.key(), value)
                    : batch.replace(step.kind(), step.key(), value, tag);
        } else if (step.action() == WriteBatch.Action.DELETE) {
            return tag == 0 ? batch.delete(step.kind(), step.key()) : batch.delete(step.kind(), step.key(), tag);
        }
        return tag == 0 ? batch.requireAbsent(step.kind(), step.key()) : batch.require(step.kind(), step.key(), tag);
    }

    private static Rig blaming(Rig.Settings settings) {
        return new Rig(settings) {
            @Override
            public Commit<byte[]> write(long namespace, List<Op<byte[]>> operations) {
                try {
                    return super.write(namespace, operations);
                } catch (ConflictException conflict) {
                    Op<byte[]> first = operations.get(0);
                    Op<byte[]> last = operations.get(operations.size() - 1);
                    throw (conflict.key().equals(first.key()) ? last : first).conflict(null);
                }
            }
        };
    }

    /** Of a batch that is about to be written, what can be read already. */
    private static final class Early {
        final Op.Put<byte[]> put;
        final CountDownLatch othersRead = new CountDownLatch(1);
        volatile boolean read;

        Early(Op.Put<byte[]> put) {
            this.put = put;
        }

        /** Waits for a reader of this key to read another one, too; but not for long, since most tests have none. */
        void await() {
            try {
                boolean unused = othersRead.await(50, TimeUnit.MILLISECONDS);
            } catch (InterruptedException interrupt) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Shows the first value of a batch while the batch is being written. */
    private static Rig readableEarly(Rig.Settings settings) {
        return new Rig(settings) {
            private volatile @Nullable Early early;

            @Override
            public Commit<byte[]> write(long namespace, List<Op<byte[]>> operations) {
                if (operations.size() > 1 && operations.get(0) instanceof Op.Put<byte[]> first) {
                    Early shown = new Early(first);
                    early = shown;
                    shown.await();
                    early = null;
                }
                return super.write(namespace, operations);
            }

            @Override
            public @Nullable Stored<byte[]> get(long namespace, String kind, String key) {
                Early shown = early;
                Stored<byte[]> stored = super.get(namespace, kind, key);
                if (shown == null || stored == null) {
                    return stored;
                }
                if (key.equals(shown.put.key())) {
                    shown.read = true;
                    return Stored.of(kind, key, shown.put.value(), stored.version(), stored.tag(), stored.updatedAt());
                }
                if (shown.read) {
                    shown.othersRead.countDown();
                }
                return stored;
            }
        };
    }
}

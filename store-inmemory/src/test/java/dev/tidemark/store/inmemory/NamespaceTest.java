package dev.tidemark.store.inmemory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.tidemark.store.Condition;
import dev.tidemark.store.spi.Deadline;
import dev.tidemark.store.spi.Op;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class NamespaceTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Namespace namespace =
            new Namespace(0, InMemoryOptions.defaults().withHistorySize(10));

    @Test
    void aSnapshotIsReleasedWhileAWriterWrites() throws InterruptedException {
        SlowToCompare present = new SlowToCompare();
        put(present);
        Thread writer = new Thread(() -> put("next"));
        writer.start();
        try {
            present.compared.await();
            assertTimeoutPreemptively(PATIENCE, () -> namespace.release(namespace.hold()));
        } finally {
            present.goOn.countDown();
            writer.join();
        }
    }

    @Test
    void nothingStaysOfWhatSnapshotsHeld() {
        put("first");
        long first = namespace.hold();
        delete();
        long second = namespace.hold();
        put("second");
        long third = namespace.hold();
        put("third");
        delete();
        namespace.release(second);
        assertThat(namespace.cells("kind").get("key").asOf(first).value()).isEqualTo("first");
        assertThat(namespace.cells("kind").get("key").asOf(third).value()).isEqualTo("second");
        namespace.release(third);
        assertThat(namespace.cells("kind").get("key").asOf(first).value()).isEqualTo("first");
        namespace.release(first);
        assertThat(namespace.kinds()).isEmpty();
    }

    @Test
    void whatASnapshotHeldGoesWithTheTransactionBesideWhichItIsReleased() {
        put("first");
        long first = namespace.hold();
        delete();
        Namespace.Transaction transaction = namespace.begin(Deadline.after(PATIENCE));
        assertTimeoutPreemptively(PATIENCE, () -> namespace.release(first));
        assertThat(namespace.kinds()).containsExactly("kind");
        transaction.end();
        assertThat(namespace.kinds()).isEmpty();
    }

    @Test
    void k2_whatIsBeingComparedCannotWrite() {
        List<Runnable> writes = List.of(
                () -> put("inner"),
                () -> namespace.write(new Op.Delete<>("kind", "other", Condition.ANY)),
                () -> namespace.begin(Deadline.after(PATIENCE)).end());
        for (Runnable write : writes) {
            put(new WritesWhenCompared(write));
            long before = namespace.hold();
            assertThatThrownBy(() -> put("next")).isInstanceOf(IllegalStateException.class);
            assertThat(namespace.hold()).isEqualTo(before);
            delete();
        }
    }

    private void put(Object value) {
        namespace.write(List.of(new Op.Put<>("kind", "key", value, Condition.ANY, false)));
    }

    private void delete() {
        namespace.write(List.of(new Op.Delete<>("kind", "key", Condition.ANY)));
    }

    private static final class SlowToCompare {
        final CountDownLatch compared = new CountDownLatch(1);
        final CountDownLatch goOn = new CountDownLatch(1);

        @Override
        public boolean equals(Object other) {
            compared.countDown();
            try {
                goOn.await();
            } catch (InterruptedException interrupt) {
                Thread.currentThread().interrupt();
            }
            return false;
        }

        @Override
        public int hashCode() {
            return 1;
        }
    }

    private static final class WritesWhenCompared {
        private final Runnable write;

        WritesWhenCompared(Runnable write) {
            this.write = write;
        }

        @Override
        public boolean equals(Object other) {
            write.run();
            return false;
        }

        @Override
        public int hashCode() {
            return 1;
        }
    }
}

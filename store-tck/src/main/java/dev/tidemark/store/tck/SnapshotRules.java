package dev.tidemark.store.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.codec.Codec;
import dev.tidemark.store.Change;
import dev.tidemark.store.Entry;
import dev.tidemark.store.ListOptions;
import dev.tidemark.store.Page;
import dev.tidemark.store.Snapshot;
import dev.tidemark.store.Store;
import dev.tidemark.store.Watch;
import dev.tidemark.store.WatchOptions;
import dev.tidemark.store.WriteBatch;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** K8: a snapshot, and every listing, shows one moment. */
abstract class SnapshotRules extends Rules {
    /** How many writes a listing has beside it; so many fit into the buffer of a watch. */
    private static final int BESIDE_A_LISTING = 1_000;

    private static final int MANY = 2_000;

    SnapshotRules(StoreTck tck) {
        super(tck);
    }

    private static Map<String, Sample> many(int number) {
        return IntStream.range(0, MANY)
                .boxed()
                .collect(Collectors.toMap(i -> String.format("%05d", i), i -> sample(number)));
    }

    @Test
    void k8_aSnapshotShowsItsMoment() {
        store.setAll(KIND, many(1));
        try (Snapshot<Sample> snapshot = store.snapshot()) {
            store.setAll(KIND, many(2));
            store.delete(KIND, "00000");
            store.set(KIND, "new", sample(2));
            store.set("other", "key", sample(2));
            assertThat(snapshot.kinds()).containsExactly(KIND);
            try (Stream<Entry<Sample>> entries = snapshot.stream(KIND)) {
                assertThat(entries)
                        .hasSize(MANY)
                        .allMatch(entry -> entry.value().number() == 1);
            }
        }
        assertThat(store.count(KIND)).isEqualTo(MANY);
    }

    /** Listings and replays are read a page of some power of two at a time. */
    @Test
    void k8_nothingIsMissingWhereAPageEnds() throws Exception {
        for (int page : List.of(256, 512, 1024)) {
            for (int size = page - 1; size <= page + 1; size++) {
                store.setAll(KIND, samples(size));
                assertThat(store.list(KIND).items()).hasSize(size);
                assertThat(store.keys(KIND)).hasSize(size);
                Watch<Sample> watch = watch(WatchOptions.defaults().withInitialReplay());
                assertThat(next(watch, size)).extracting(Change::replayed).containsOnly(true);
                assertThat(watch.isSynced()).as("the end of the replay").isTrue();
            }
        }
    }

    @Test
    void k8_aStreamShowsOneMomentThoughItIsReadLater() {
        store.setAll(KIND, many(1));
        try (Snapshot<Sample> snapshot = store.snapshot();
                Stream<Entry<Sample>> entries = snapshot.stream(KIND)) {
            Iterator<Entry<Sample>> iterator = entries.iterator();
            for (int i = 0; i < MANY; i++) {
                if (i % 400 == 0) {
                    store.setAll(KIND, many(i + 2));
                    store.delete(KIND, String.format("%05d", MANY - 1));
                }
                assertThat(iterator.next().value()).as("entry %d", i).isEqualTo(sample(1));
            }
            assertThat(iterator.hasNext()).isFalse();
        }
    }

    @Test
    void k8_aStreamTakesOptions() {
        store.setAll(KIND, many(1));
        ListOptions options =
                ListOptions.defaults().withPrefix("01").withFrom("01005").withLimit(700);
        try (Snapshot<Sample> snapshot = store.snapshot();
                Stream<Entry<Sample>> entries = snapshot.stream(KIND, options)) {
            assertThat(entries.map(Entry::key))
                    .isEqualTo(store.keys(KIND, options).items())
                    .hasSize(700);
        }
    }

    @Test
    @Needs(Capability.ENCODING)
    void k8_aStreamDecodesAsItIsRead() {
        store.setAll(KIND, many(1));
        AtomicInteger decoded = new AtomicInteger();
        Store<Sample> counting = backend.store(new Counting(tck.codec(), decoded));
        try (Snapshot<Sample> snapshot = counting.snapshot();
                Stream<Entry<Sample>> entries = snapshot.stream(KIND)) {
            assertThat(entries.limit(3)).hasSize(3);
        }
        assertThat(decoded.get()).as("values decoded for three").isBetween(3, MANY / 2);
    }

    @Test
    void k8_listThenWatchMissesNothing() throws Exception {
        AtomicBoolean done = new AtomicBoolean();
        AtomicInteger writes = new AtomicInteger();
        Semaphore allowed = new Semaphore(0);
        Future<Integer> writer = crew.start(() -> {
            while (!done.get()) {
                allowed.acquire();
                store.set(KIND, "key" + writes.get() % 50, sample(writes.incrementAndGet()));
            }
            return writes.get();
        });
        try {
            for (int round = 0; round < 20 || (writes.get() < 50 && !writer.isDone()); round++) {
                allowed.drainPermits();
                allowed.release(BESIDE_A_LISTING);
                listThenWatch();
            }
        } finally {
            done.set(true);
            allowed.release();
        }
        assertThat(crew.await(writer)).as("writes beside the listings").isGreaterThanOrEqualTo(50);
    }

    private void listThenWatch() throws InterruptedException {
        long revision;
        Map<String, Sample> state;
        try (Snapshot<Sample> snapshot = store.snapshot();
                Stream<Entry<Sample>> entries = snapshot.stream(KIND)) {
            revision = snapshot.revision();
            state = entries.collect(Collectors.toMap(Entry::key, Entry::value));
        }
        try (var watch = store.watch(WatchOptions.defaults().withStartAfter(revision))) {
            Page<Entry<Sample>> later = store.list(KIND);
            long at = revision;
            while (at < later.revision()) {
                Change<Sample> change = next(watch);
                assertThat(change.revision()).isGreaterThan(at);
                at = change.revision();
                state.put(change.key(), change.value());
            }
            assertThat(state).isEqualTo(later.items().stream().collect(Collectors.toMap(Entry::key, Entry::value)));
        }
    }

    @Test
    void k8_everyListingShowsOneMoment() throws Exception {
        store.set(KIND, "0000", sample(0));
        AtomicBoolean done = new AtomicBoolean();
        Future<Integer> reader = crew.start(() -> {
            int reads = 0;
            while (!done.get() || reads < 20) {
                assertThat(store.keys(KIND)).hasSize(1);
                assertThat(store.values(KIND)).hasSize(1);
                assertThat(store.list(KIND).items()).hasSize(1);
                assertThat(store.count(KIND)).isEqualTo(1);
                assertThat(store.kinds()).containsExactly(KIND);
                reads++;
            }
            return reads;
        });
        try {
            for (int i = 1; i <= 500; i++) {
                store.write(new WriteBatch<Sample>().delete(KIND, name(i - 1)).set(KIND, name(i), sample(i)));
            }
        } finally {
            done.set(true);
        }
        assertThat(crew.await(reader)).as("rounds of reads").isGreaterThanOrEqualTo(20);
    }

    @Test
    void k8_aLongListingShowsOneMoment() throws Exception {
        store.setAll(KIND, many(0));
        AtomicBoolean done = new AtomicBoolean();
        Future<Integer> reader = crew.start(() -> {
            int reads = 0;
            while (!done.get() || reads < 5) {
                List<Sample> values = store.values(KIND);
                assertThat(values).hasSize(MANY).containsOnly(values.get(0));
                reads++;
            }
            return reads;
        });
        try {
            for (int i = 1; i <= 15; i++) {
                store.setAll(KIND, many(i));
            }
        } finally {
            done.set(true);
        }
        assertThat(crew.await(reader)).as("reads beside the writes").isGreaterThanOrEqualTo(5);
    }

    @Test
    void k8_aClosedSnapshotClosesAgain() {
        Snapshot<Sample> snapshot = store.snapshot();
        snapshot.close();
        snapshot.close();
        assertThat(store.set(KIND, "key", sample(1))).isNotNull();
    }

    @Test
    void k8_aClosedSnapshotIsNotReadAnyMore() {
        store.setAll(KIND, samples(1_000));
        Snapshot<Sample> snapshot = store.snapshot();
        Iterator<Entry<Sample>> begun = snapshot.stream(KIND).iterator();
        assertThat(begun.next().value()).isEqualTo(sample(0));
        snapshot.close();
        store.setAll(KIND, Map.of("000000", sample(-1)));
        assertThatThrownBy(snapshot::kinds).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> snapshot.stream(KIND).toList()).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> begun.forEachRemaining(entry -> {})).isInstanceOf(IllegalStateException.class);
    }

    private static String name(int number) {
        return String.format("%04d", number % 7);
    }

    private record Counting(Codec<Sample> codec, AtomicInteger decoded) implements Codec<Sample> {
        @Override
        public byte[] encode(Sample value) {
            return codec.encode(value);
        }

        @Override
        public Sample decode(byte[] bytes) {
            decoded.incrementAndGet();
            return codec.decode(bytes);
        }
    }
}

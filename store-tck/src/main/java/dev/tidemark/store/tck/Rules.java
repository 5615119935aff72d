package dev.tidemark.store.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.store.Backend;
import dev.tidemark.store.Change;
import dev.tidemark.store.Entry;
import dev.tidemark.store.ListOptions;
import dev.tidemark.store.Snapshot;
import dev.tidemark.store.Store;
import dev.tidemark.store.StoreOptions;
import dev.tidemark.store.Watch;
import dev.tidemark.store.WatchOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;

/**
 * What the tests of every rule start from: an empty store, open, and closed afterwards with everything else the test
 * {@linkplain #own opened}.
 */
abstract class Rules extends Resources {
    static final String KIND = "fruit";

    final StoreTck tck;

    Backend backend;
    Store<Sample> store;

    // JUnit sets the rest before each test.
    @SuppressWarnings("NullAway.Init")
    Rules(StoreTck tck) {
        super(tck.patience());
        this.tck = tck;
    }

    /** Opens the backend that the tests of a rule start with. */
    Backend open() {
        return tck.openBackend(directory);
    }

    @BeforeEach
    final void openStore() {
        backend = own(open());
        store = tck.openStore(backend, StoreOptions.defaults());
    }

    /** Closes the backend and opens it again on the same data. */
    final void reopen() {
        backend.close();
        openStore();
    }

    final Store<Sample> store(StoreOptions<Sample> options) {
        return tck.openStore(backend, options);
    }

    static Sample sample(int number) {
        return new Sample("sample", number);
    }

    /** Values numbered from 0, by keys that are in the order of the numbers. */
    static Map<String, Sample> samples(int count) {
        return IntStream.range(0, count)
                .boxed()
                .collect(Collectors.toMap(i -> String.format("%06d", i), Rules::sample));
    }

    final Entry<Sample> entry(String key) {
        Optional<Entry<Sample>> entry = store.entry(KIND, key);
        assertThat(entry).as("entry %s/%s", KIND, key).isPresent();
        return entry.orElseThrow();
    }

    /** The revision at which the store stands. */
    final long revision() {
        return revision(store);
    }

    static long revision(Store<?> store) {
        try (Snapshot<?> snapshot = store.snapshot()) {
            return snapshot.revision();
        }
    }

    final Watch<Sample> watch(WatchOptions options) {
        return own(store.watch(options));
    }

    /** A watch of everything from now on. */
    final Watch<Sample> watch() {
        return watch(WatchOptions.defaults());
    }

    final Change<Sample> next(Watch<Sample> watch) throws InterruptedException {
        return watch.poll(tck.patience())
                .orElseThrow(() -> new AssertionError("no change came within " + tck.patience()));
    }

    final List<Change<Sample>> next(Watch<Sample> watch, int count) throws InterruptedException {
        List<Change<Sample>> changes = new ArrayList<>();
        while (changes.size() < count) {
            changes.add(next(watch));
        }
        return changes;
    }

    /**
     * The changes that a watch delivers up to now: those before one that this method makes, of a key named {@code end} in
     * {@code kind}. So that nothing comes is shown without waiting for it.
     */
    final List<Change<Sample>> rest(Watch<Sample> watch, String kind) throws InterruptedException {
        long mark = store.upsert(
                        kind, "end", before -> sample(before.map(Sample::number).orElse(0) + 1))
                .number();
        List<Change<Sample>> changes = new ArrayList<>();
        Change<Sample> change = next(watch);
        while (!(change.key().equals("end") && change.value().number() == mark)) {
            changes.add(change);
            change = next(watch);
        }
        return changes;
    }

    final List<Change<Sample>> rest(Watch<Sample> watch) throws InterruptedException {
        return rest(watch, KIND);
    }

    final void assertNothingHappened(Watch<Sample> watch, ThrowingRunnable deed) throws Exception {
        long revision = revision();
        List<Entry<Sample>> entries = store.list(KIND).items();
        deed.run();
        assertThat(revision()).as("the revision of the store").isEqualTo(revision);
        assertThat(store.list(KIND, ListOptions.defaults()).items()).isEqualTo(entries);
        assertThat(rest(watch)).as("changes that a watch sees").isEmpty();
    }
}

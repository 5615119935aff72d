package dev.tidemark.store.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import dev.tidemark.event.AggregateId;
import dev.tidemark.event.EventBatch;
import dev.tidemark.event.EventConflictException;
import dev.tidemark.event.ExpectedVersion;
import dev.tidemark.store.Change;
import dev.tidemark.store.Entry;
import dev.tidemark.store.Store;
import dev.tidemark.store.StoreOptions;
import dev.tidemark.store.Watch;
import dev.tidemark.store.WatchOptions;
import dev.tidemark.store.WriteBatch;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** E16: what becomes of the entries that a transaction writes. */
abstract class TransactionalEntryRules extends EventRules {
    private static final String KIND = "balance";

    Store<Sample> store;

    // JUnit sets the rest before each test.
    @SuppressWarnings("NullAway.Init")
    TransactionalEntryRules(EventStoreTck tck) {
        super(tck);
    }

    @BeforeEach
    final void openStore() {
        store = backend.store(tck.codec());
    }

    /** A view that compares values by itself has to find what was written before it, in the same transaction. */
    @Test
    void e16_writesOfAViewWithItsOwnSamenessBuildOnEachOtherToo() {
        Store<Sample> byName = backend.store(
                tck.codec(),
                StoreOptions.<Sample>defaults().withSameValue((a, b) -> a.name().equals(b.name())));
        store.set(KIND, "changed", new Sample("old", 1));
        store.set(KIND, "gone", new Sample("old", 1));
        long gone = store.entry(KIND, "gone").orElseThrow().tag();
        backend.transact(transaction -> {
            transaction.write(
                    store,
                    new WriteBatch<Sample>()
                            .create(KIND, "created", new Sample("new", 1))
                            .set(KIND, "changed", new Sample("new", 1))
                            .delete(KIND, "gone"));
            transaction.write(
                    byName,
                    new WriteBatch<Sample>()
                            .set(KIND, "created", new Sample("new", 2))
                            .set(KIND, "changed", new Sample("old", 2))
                            .create(KIND, "gone", new Sample("old", 2)));
            transaction.write(byName, new WriteBatch<Sample>().set(KIND, "changed", new Sample("old", 3)));
            return true;
        });
        assertEntry("created", new Sample("new", 1), 1);
        assertEntry("changed", new Sample("old", 2), 3);
        assertEntry("gone", new Sample("old", 2), 1);
        assertThat(store.entry(KIND, "gone").orElseThrow().tag()).isNotEqualTo(gone);
    }

    private void assertEntry(String key, Sample value, long version) {
        assertThat(store.entry(KIND, key)).hasValueSatisfying(entry -> {
            assertThat(entry.value()).isEqualTo(value);
            assertThat(entry.version()).as("version of %s", key).isEqualTo(version);
        });
    }

    @Test
    void e16_whatWasRolledBackLeavesNoTrace() throws Exception {
        AggregateId aggregate = aggregate();
        events.append(aggregate, ExpectedVersion.NONE, sample(1));
        store.set(KIND, "there", sample(1));
        store.set(KIND, "gone", sample(1));
        Entry<Sample> there = store.entry(KIND, "there").orElseThrow();
        try (Watch<Sample> watch = store.watch(WatchOptions.defaults().withKinds(KIND))) {
            assertThatThrownBy(() -> backend.transact(transaction -> {
                        transaction.write(
                                store,
                                new WriteBatch<Sample>()
                                        .create(KIND, "new", sample(2))
                                        .set(KIND, "there", sample(2))
                                        .delete(KIND, "gone"));
                        transaction.write(events, new EventBatch().append(aggregate, ExpectedVersion.NONE, sample(2)));
                        return true;
                    }))
                    .isInstanceOf(EventConflictException.class);
            assertThat(store.entry(KIND, "there")).contains(there);
            assertThat(store.replace(KIND, "there", sample(2), there.tag())).isNotEqualTo(there.tag());
            store.create(KIND, "new", sample(2));
            assertThat(store.delete(KIND, "gone")).contains(sample(1));
            assertEntry("there", sample(2), 2);
            assertEntry("new", sample(2), 1);
            List<Change<Sample>> changes = new ArrayList<>();
            while (changes.size() < 3) {
                watch.poll(tck.patience()).ifPresentOrElse(changes::add, () -> fail("a change is missing"));
            }
            assertThat(changes).extracting(Change::key).containsExactly("there", "new", "gone");
        }
    }
}

package dev.tidemark.store.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.store.Change;
import dev.tidemark.store.Entry;
import dev.tidemark.store.ListOptions;
import dev.tidemark.store.WatchOptions;
import dev.tidemark.store.WriteBatch;
import dev.tidemark.store.WriteSummary;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** K1: values, entries, and the one line of revisions. */
abstract class EntryRules extends Rules {
    EntryRules(StoreTck tck) {
        super(tck);
    }

    @Test
    void k1_anAbsentKeyIsEmpty() {
        assertThat(store.get(KIND, "key")).isEmpty();
        assertThat(store.entry(KIND, "key")).isEmpty();
        store.set(KIND, "key", sample(1));
        assertThat(store.get(KIND, "Key")).isEmpty();
        assertThat(store.get("Fruit", "key")).isEmpty();
    }

    @Test
    void k1_anEntryHoldsWhatWasWritten() {
        Sample value = new Sample("with \u0001 \uD83D\uDE00 \"quotes\" and\nlines", Integer.MIN_VALUE);
        store.set(KIND, "key", value);
        assertThat(store.get(KIND, "key")).contains(value);
        Entry<Sample> entry = entry("key");
        assertThat(entry.kind()).isEqualTo(KIND);
        assertThat(entry.key()).isEqualTo("key");
        assertThat(entry.value()).isEqualTo(value);
        assertThat(entry.updatedAt()).isAfter(Instant.EPOCH);
        assertThat(store.list(KIND).items()).containsExactly(entry);
    }

    @Test
    void k1_theTimeOfAnEntryIsThatOfItsLastWrite() {
        store.set(KIND, "key", sample(0));
        Instant created = entry("key").updatedAt();
        await("a write has a later time than one before it", () -> {
            store.update(KIND, "key", value -> sample(value.number() + 1));
            return entry("key").updatedAt().isAfter(created);
        });
    }

    @Test
    void k1_largeAndEmptyValuesComeBack() {
        List<Sample> values = List.of(new Sample("", 0), new Sample("x".repeat(1_000_000), 1), sample(2));
        for (Sample value : values) {
            store.set(KIND, "key" + value.number(), value);
        }
        assertThat(store.values(KIND)).isEqualTo(values);
    }

    @Test
    void k1_theVersionCountsWritesSinceTheKeyWasCreated() {
        for (int life = 0; life < 3; life++) {
            for (int version = 1; version <= 4; version++) {
                store.set(KIND, "key", sample(version));
                assertThat(entry("key").version()).isEqualTo(version);
            }
            store.delete(KIND, "key");
        }
    }

    @Test
    void k1_everyWayOfWritingCountsTheVersion() {
        long tag = store.create(KIND, "key", sample(1));
        store.replace(KIND, "key", sample(2), tag);
        store.update(KIND, "key", value -> sample(3));
        store.upsert(KIND, "key", value -> sample(4));
        store.setAll(KIND, Map.of("key", sample(5)));
        store.write(new WriteBatch<Sample>().set(KIND, "key", sample(6)));
        assertThat(entry("key").version()).isEqualTo(6);
    }

    @Test
    void k1_aTagIsNeverUsedAgain() {
        Set<Long> tags = new HashSet<>();
        for (int life = 0; life < 10; life++) {
            for (int write = 0; write < 10; write++) {
                store.set(KIND, "key", sample(write));
                assertThat(tags.add(entry("key").tag()))
                        .as("tag %d is new", entry("key").tag())
                        .isTrue();
            }
            store.delete(KIND, "key");
        }
    }

    @Test
    @Needs(Capability.DURABILITY)
    void k1_aTagIsNotUsedAgainAfterARestart() {
        Set<Long> tags = new HashSet<>();
        for (int life = 0; life < 5; life++) {
            store.set(KIND, "key", sample(1));
            assertThat(tags.add(entry("key").tag())).isTrue();
            store.delete(KIND, "key");
            reopen();
        }
    }

    @Test
    void k1_otherKeysDoNotTouchAnEntry() {
        store.set(KIND, "key", sample(1));
        Entry<Sample> before = entry("key");
        store.set(KIND, "other", sample(1));
        store.set("other", "key", sample(2));
        store.delete("other", "key");
        assertThat(entry("key")).isEqualTo(before);
    }

    @Test
    void k1_revisionsAreOneLineOverAllKinds() throws Exception {
        var watch = watch();
        assertThat(revision()).isZero();
        long last = 0;
        for (int i = 0; i < 20; i++) {
            store.set("kind" + i % 3, "key" + i % 5, sample(i));
            Change<Sample> change = next(watch);
            assertThat(change.revision()).isGreaterThan(last).isEqualTo(revision());
            last = change.revision();
        }
    }

    @Test
    void k1_listingsAndBatchesSayAtWhichRevisionTheyStand() throws Exception {
        var watch = watch();
        WriteSummary summary =
                store.write(new WriteBatch<Sample>().set(KIND, "a", sample(1)).set("other", "b", sample(2)));
        long revision = next(watch, 2).get(1).revision();
        assertThat(summary.revision()).isEqualTo(revision);
        assertThat(store.list(KIND).revision()).isEqualTo(revision);
        assertThat(store.keys(KIND, ListOptions.defaults()).revision()).isEqualTo(revision);
        assertThat(store.values("nothing", ListOptions.defaults()).revision()).isEqualTo(revision);
        assertThat(watch.revision()).isEqualTo(revision);
        assertThat(store.setAll(KIND, Map.of("c", sample(3))).revision())
                .isEqualTo(next(watch).revision());
    }

    @Test
    @Needs(Capability.DURABILITY)
    void k1_revisionsSurviveARestart() throws Exception {
        long before = 0;
        for (int i = 0; i < 4; i++) {
            store.set(KIND, "key", sample(i));
            assertThat(revision()).isGreaterThan(before);
            before = revision();
            reopen();
            assertThat(revision()).isEqualTo(before);
        }
        store.delete(KIND, "key");
        long deleted = revision();
        reopen();
        assertThat(revision()).isEqualTo(deleted).isGreaterThan(before);
        var watch = watch(WatchOptions.defaults().withStartAfter(before));
        assertThat(next(watch).revision()).isEqualTo(deleted);
    }
}

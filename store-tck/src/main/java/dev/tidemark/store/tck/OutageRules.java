package dev.tidemark.store.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.store.Change;
import dev.tidemark.store.Entry;
import dev.tidemark.store.OutcomeUnknownException;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.StoreTimeoutException;
import dev.tidemark.store.StoreUnavailableException;
import dev.tidemark.store.Watch;
import dev.tidemark.store.WatchOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** W8: outages end no watch; nothing is lost by them and nothing repeated. */
@Needs(Capability.OUTAGE)
abstract class OutageRules extends Rules {
    private static final WatchOptions LARGE = WatchOptions.defaults().withBufferSize(100_000);
    private static final int OUTAGES = 4;

    /** How many writes there may be by the end of each outage, lest a buffer overflow while the test is kept from running. */
    private static final int PACE = 20_000;

    OutageRules(StoreTck tck) {
        super(tck);
    }

    /** Writes once the database can be reached again. */
    private void writeWhenBack(String key, Sample value) {
        long end = System.nanoTime() + tck.patience().toNanos();
        while (true) {
            try {
                store.set(KIND, key, value);
                return;
            } catch (StoreUnavailableException | StoreTimeoutException | OutcomeUnknownException still) {
                assertThat(System.nanoTime()).as("still away: %s", still).isLessThan(end);
            }
        }
    }

    @Test
    void w8_anOutageEndsNoWatchAndLosesNothing() throws Exception {
        long start = revision();
        List<Watch<Sample>> watches = new ArrayList<>(List.of(watch(LARGE), watch(LARGE.withInitialReplay())));
        Watch<Sample> bystander = watch(LARGE.withKinds("nothing"));
        Set<String> acknowledged = ConcurrentHashMap.newKeySet();
        Set<String> unknown = ConcurrentHashMap.newKeySet();
        AtomicInteger allowed = new AtomicInteger();
        AtomicBoolean done = new AtomicBoolean();
        List<Future<Integer>> writers = IntStream.range(0, 3)
                .mapToObj(writer -> crew.start(() -> write(writer, allowed, done, acknowledged, unknown)))
                .toList();
        for (int i = 0; i < OUTAGES; i++) {
            int enough = acknowledged.size() + 4;
            allowed.addAndGet(PACE);
            await("writes get through", () -> acknowledged.size() >= enough);
            writeWhenBack("before", sample(i));
            try (Fault outage = tck.cutOff(directory)) {
                assertRefused();
                assertThat(bystander.poll(Duration.ofMillis(100)))
                        .as("time passes")
                        .isEmpty();
            }
            writeWhenBack("after", sample(i));
            watches.add(watch(LARGE.withStartAfter(start)));
        }
        done.set(true);
        for (Future<Integer> writer : writers) {
            crew.await(writer);
        }
        assertComplete(watches, acknowledged, unknown);
    }

    private void assertComplete(List<Watch<Sample>> watches, Set<String> acknowledged, Set<String> unknown)
            throws InterruptedException {
        List<Change<Sample>> history = rest(watch(LARGE.withStartAfter(0)));
        Replica replica = new Replica();
        history.forEach(replica::apply);
        assertThat(acknowledged).as("writes that returned").hasSizeGreaterThan(3 * OUTAGES);
        Set<String> stored = history.stream().map(Change::key).collect(Collectors.toSet());
        assertThat(stored).containsAll(acknowledged);
        stored.removeAll(acknowledged);
        stored.removeAll(unknown);
        assertThat(stored).as("neither acknowledged nor unknown").isSubsetOf("before", "after");
        for (Watch<Sample> watch : watches) {
            assertThat(next(watch, history.size())).isEqualTo(history);
        }
    }

    private void assertRefused() {
        try {
            store.set(KIND, "away", sample(1));
            throw new AssertionError("a write went through, though the database is cut off");
        } catch (StoreUnavailableException | StoreTimeoutException | OutcomeUnknownException named) {
            assertThat(named).hasMessageNotContaining("password");
        }
    }

    private int write(
            int writer, AtomicInteger allowed, AtomicBoolean done, Set<String> acknowledged, Set<String> unknown) {
        int attempts = 0;
        while (!done.get()) {
            if (acknowledged.size() + unknown.size() >= allowed.get()) {
                Thread.onSpinWait();
                continue;
            }
            String key = "key" + writer + "-" + attempts++;
            try {
                store.set(KIND, key, sample(attempts));
                acknowledged.add(key);
            } catch (OutcomeUnknownException mayBe) {
                unknown.add(key);
            } catch (StoreUnavailableException | StoreTimeoutException away) {
                Thread.onSpinWait();
            }
        }
        return attempts;
    }

    @Test
    void w8_aWatchThatIsCatchingUpSurvivesAnOutage() throws Exception {
        store.setAll(KIND, samples(3_000));
        Watch<Sample> watch = watch(WatchOptions.defaults().withStartAfter(0));
        List<Change<Sample>> changes = next(watch, 10);
        try (Fault outage = tck.cutOff(directory)) {
            assertRefused();
            watch.poll(Duration.ofMillis(1)).ifPresent(changes::add);
        }
        changes.addAll(next(watch, 3_000 - changes.size()));
        assertThat(changes.stream().map(change -> change.value().number()))
                .containsExactlyElementsOf(IntStream.range(0, 3_000).boxed().toList());
    }

    @Test
    void w8_aReplaySurvivesAnOutage() throws Exception {
        store.setAll(KIND, samples(3_000));
        Watch<Sample> watch = watch(WatchOptions.defaults().withInitialReplay());
        List<Change<Sample>> changes = next(watch, 10);
        try (Fault outage = tck.cutOff(directory)) {
            assertRefused();
            watch.poll(Duration.ofMillis(1)).ifPresent(changes::add);
        }
        writeWhenBack("000001", sample(-1));
        store.delete(KIND, changes.get(0).key());
        store.delete(KIND, "000999");
        store.set(KIND, "new", sample(-2));
        Map<String, Sample> seen = new HashMap<>();
        changes.forEach(change -> apply(change, seen));
        long end = System.nanoTime() + tck.patience().toNanos();
        while (!watch.isSynced() || watch.revision() < revision()) {
            assertThat(System.nanoTime()).as("still behind: %s", seen).isLessThan(end);
            watch.poll(Duration.ofMillis(1)).ifPresent(change -> apply(change, seen));
        }
        assertThat(seen)
                .isEqualTo(store.list(KIND).items().stream().collect(Collectors.toMap(Entry::key, Entry::value)));
    }

    private static void apply(Change<Sample> change, Map<String, Sample> seen) {
        if (change.type() == Change.Type.DELETED) {
            assertThat(seen.remove(change.key())).isEqualTo(change.value());
        } else {
            seen.put(change.key(), change.value());
        }
    }

    @Test
    void w8_readsWorkAgainAfterAnOutage() {
        store.setAll(KIND, samples(100));
        List<Entry<Sample>> entries = store.list(KIND).items();
        try (Fault outage = tck.cutOff(directory)) {
            assertThat(outcomeOfRead()).isIn("refused", "done");
        }
        writeWhenBack("000000", sample(0));
        assertThat(store.list(KIND).items()).isEqualTo(entries);
    }

    private String outcomeOfRead() {
        try {
            return store.get(KIND, "000001").isPresent() ? "done" : "lost";
        } catch (StoreUnavailableException | StoreTimeoutException away) {
            return "refused";
        } catch (StoreException other) {
            return other.toString();
        }
    }
}

package dev.tidemark.store.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.store.Change;
import dev.tidemark.store.Watch;
import dev.tidemark.store.WatchOptions;
import dev.tidemark.store.WriteBatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** W5: what a watch selects, and what a deletion carries. */
abstract class FilterRules extends Rules {
    private static final WatchOptions ALL = WatchOptions.defaults();

    FilterRules(StoreTck tck) {
        super(tck);
    }

    private record Case(WatchOptions options, Predicate<Change<Sample>> selects) {}

    private static Map<String, Case> cases() {
        Map<String, Case> cases = new LinkedHashMap<>();
        cases.put("all", new Case(ALL, change -> true));
        for (Change.Type type : Change.Type.values()) {
            cases.put(type.name(), new Case(ALL.withTypes(type), change -> change.type() == type));
        }
        cases.put(
                "two types",
                new Case(
                        ALL.withTypes(Change.Type.CREATED, Change.Type.DELETED),
                        change -> change.type() != Change.Type.UPDATED));
        cases.put(
                "a kind",
                new Case(ALL.withKinds("kind1"), change -> change.kind().equals("kind1")));
        cases.put(
                "two kinds",
                new Case(
                        ALL.withKinds("kind1", "kind2"),
                        change -> !change.kind().equals("kind0")));
        cases.put("a kind that is not there", new Case(ALL.withKinds("nothing"), change -> false));
        cases.put(
                "a prefix",
                new Case(ALL.withPrefix("key1"), change -> change.key().startsWith("key1")));
        cases.put("no prefix", new Case(ALL.withPrefix(""), change -> true));
        cases.put("a key", new Case(ALL.withKey("key1"), change -> change.key().equals("key1")));
        cases.put("a key of another prefix", new Case(ALL.withKey("key1").withPrefix("x"), change -> false));
        cases.put(
                "a key of a prefix",
                new Case(
                        ALL.withKey("key10").withPrefix("key1"),
                        change -> change.key().equals("key10")));
        cases.put(
                "a bit of each",
                new Case(
                        ALL.withKinds("kind1").withPrefix("key1").withTypes(Change.Type.UPDATED),
                        change -> change.kind().equals("kind1")
                                && change.key().startsWith("key1")
                                && change.type() == Change.Type.UPDATED));
        return cases;
    }

    @Test
    void w5_aLiveWatchSelectsWhatItsFiltersSay() throws Exception {
        Watch<Sample> everything = watch(ALL.withBufferSize(100_000));
        List<Watch<Sample>> watches = new ArrayList<>();
        List<Map.Entry<String, Case>> cases = List.copyOf(cases().entrySet());
        cases.forEach(each -> watches.add(watch(each.getValue().options.withBufferSize(100_000))));
        Writers.start(crew, store, 4, 100).await();
        List<Change<Sample>> changes = rest(everything, "marks");
        assertThat(changes).as("changes made").hasSizeGreaterThan(200);
        for (int i = 0; i < cases.size(); i++) {
            assertSelects(cases.get(i).getKey(), watches.get(i), cases.get(i).getValue(), changes);
        }
    }

    @Test
    void w5_aResumedWatchSelectsWhatItsFiltersSay() throws Exception {
        long start = revision();
        Writers.start(crew, store, 4, 100).await();
        List<Change<Sample>> changes = rest(watch(ALL.withStartAfter(start)), "marks");
        for (Map.Entry<String, Case> each : cases().entrySet()) {
            Watch<Sample> watch = watch(each.getValue().options.withStartAfter(start));
            assertSelects(each.getKey(), watch, each.getValue(), changes);
        }
    }

    @Test
    void w5_aReplaySelectsWhatItsFiltersSay() throws Exception {
        Writers.start(crew, store, 4, 100).await();
        long revision = revision();
        List<Change<Sample>> state = store.kinds().stream()
                .flatMap(kind -> store.list(kind).items().stream())
                .map(entry -> new Change<>(
                        Change.Type.CREATED,
                        entry.kind(),
                        entry.key(),
                        entry.value(),
                        entry.version(),
                        revision,
                        entry.updatedAt(),
                        true))
                .toList();
        assertThat(state).as("what is there").hasSizeGreaterThan(3);
        for (Map.Entry<String, Case> each : cases().entrySet()) {
            Watch<Sample> watch = watch(each.getValue().options.withInitialReplay());
            assertSelects(each.getKey(), watch, each.getValue(), state);
            assertThat(watch.poll(Duration.ZERO)).as(each.getKey()).isEqualTo(Optional.empty());
            assertThat(watch.isSynced()).as(each.getKey()).isTrue();
        }
    }

    private void assertSelects(String name, Watch<Sample> watch, Case each, List<Change<Sample>> changes)
            throws InterruptedException {
        List<Change<Sample>> selected = changes.stream().filter(each.selects).toList();
        assertThat(next(watch, selected.size())).as(name).isEqualTo(selected);
    }

    @Test
    void w5_nothingElseIsDelivered() throws Exception {
        Watch<Sample> watch = watch(ALL.withKinds(KIND).withPrefix("e").withTypes(Change.Type.CREATED));
        Watch<Sample> ofKey = own(store.watch(KIND, ALL.withKey("end")));
        store.set(KIND, "a", sample(1));
        store.set("other", "e", sample(1));
        store.set(KIND, "e", sample(1));
        store.set(KIND, "e", sample(2));
        store.delete(KIND, "e");
        store.set(KIND, "endless", sample(3));
        store.delete(KIND, "f");
        store.set(KIND, "en", sample(4));
        assertThat(rest(watch)).extracting(Change::value).containsExactly(sample(1), sample(3), sample(4));
        assertThat(next(ofKey).key()).isEqualTo("end");
    }

    @Test
    void w5_aDeletionCarriesTheDeletedValue() throws Exception {
        long tag = store.create(KIND, "a", sample(1));
        store.set(KIND, "b", sample(2));
        store.set(KIND, "b", sample(3));
        store.set(KIND, "c", sample(4));
        Watch<Sample> watch = watch(ALL.withTypes(Change.Type.DELETED));
        store.delete(KIND, "a", tag);
        store.delete(KIND, "b");
        store.write(new WriteBatch<Sample>().delete(KIND, "c"));
        List<Change<Sample>> deletions = next(watch, 3);
        assertThat(deletions).extracting(Change::value).containsExactly(sample(1), sample(3), sample(4));
        assertThat(deletions).extracting(Change::version).containsExactly(1L, 2L, 1L);
        assertThat(deletions).extracting(Change::type).containsOnly(Change.Type.DELETED);
        assertThat(deletions).extracting(Change::key).containsExactly("a", "b", "c");
    }

    @Test
    void w5_filtersAreExact() throws Exception {
        for (String key : NamingRules.EXOTIC) {
            store.set(KIND, key, sample(1));
        }
        for (String prefix : List.of("%", "_", "a", "\uD83D\uDE00", "\uffff", "\\", "'")) {
            Watch<Sample> watch = watch(ALL.withPrefix(prefix).withInitialReplay());
            List<String> expected = NamingRules.EXOTIC.stream()
                    .filter(key -> key.startsWith(prefix))
                    .sorted(OrderRules.BY_CODE_POINT)
                    .toList();
            assertThat(next(watch, expected.size())).extracting(Change::key).isEqualTo(expected);
            assertThat(watch.isSynced()).isTrue();
        }
    }

    @Test
    void w5_aWatchNeedsATypeAndValidNames() {
        assertThatThrownBy(() -> watch(new WatchOptions(Set.of(), null, "", Set.of(), false, null, 1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> watch(ALL.withKinds(""))).isInstanceOf(IllegalArgumentException.class);
    }
}

package dev.tidemark.store.tck.broken;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The suite fails for every store that breaks a rule, in a test that cites the rule. */
class BrokenStoresTest {

    /** The suite, run against the store that is broken at the moment. */
    static final class Subject extends RigTckTest {
        private static volatile @Nullable Broken subject;

        @Override
        Rig rig(Rig.Settings settings) {
            return Objects.requireNonNull(subject).rig().open(settings);
        }

        @Override
        protected Duration patience() {
            return Duration.ofSeconds(2);
        }
    }

    private static List<Broken> stores() {
        return Stream.of(
                        BrokenWrites.all(),
                        BrokenBatches.all(),
                        BrokenReads.all(),
                        BrokenWatches.all(),
                        BrokenHistories.all())
                .flatMap(stores -> stores)
                .toList();
    }

    @TestFactory
    Stream<DynamicTest> aBrokenStoreFailsOnTheRuleThatItBreaks() {
        return stores().stream().map(store -> dynamicTest(store.toString(), () -> assertFails(store)));
    }

    private static void assertFails(Broken store) {
        Predicate<String> citing =
                Pattern.compile("([nkw]\\d+_)*" + store.rule() + "_.*").asMatchPredicate();
        Subject.subject = store;
        Suites.Outcome outcome = Suites.runUntilOneFails(Subject.class, citing);
        assertThat(outcome.run()).as("tests that cite the rule").isNotEmpty();
        assertThat(outcome.failed()).as("failure among %s", outcome.run()).isPresent();
    }

    @Test
    void everyRuleHasABrokenStore() {
        Stream<String> rules =
                Stream.of(rules("n", 3), rules("k", 14), rules("w", 10)).flatMap(each -> each);
        assertThat(stores().stream().map(Broken::rule).collect(Collectors.toSet()))
                .containsExactlyInAnyOrderElementsOf(rules.toList());
    }

    private static Stream<String> rules(String letter, int count) {
        return IntStream.rangeClosed(1, count).mapToObj(number -> letter + number);
    }
}

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
import org.junit.platform.testkit.engine.Event;

/** The suite fails for every event store that breaks a rule, in a test that cites the rule. */
class BrokenEventStoresTest {
    private static final int RULES = 19;

    /** Among the tests of a rule there may be some that wait for what never comes. */
    private static final Duration SHORT = Duration.ofSeconds(2);

    /** All tests but a random one have to pass. */
    private static final Duration LONG = Duration.ofMinutes(1);

    /** The suite, run against the event store that is broken at the moment. */
    static final class Subject extends EventRigTckTest {
        private static volatile @Nullable BrokenEvents subject;
        private static volatile Duration patience = Duration.ZERO;

        @Override
        EventRig rig() {
            return Objects.requireNonNull(subject).rig().get();
        }

        @Override
        protected Duration patience() {
            return patience;
        }
    }

    private static List<BrokenEvents> stores() {
        return Stream.of(
                        BrokenEventWrites.all(),
                        BrokenEventNames.all(),
                        BrokenEventTransactions.all(),
                        BrokenEventReads.all(),
                        BrokenEventRaces.all())
                .flatMap(stores -> stores)
                .toList();
    }

    @TestFactory
    Stream<DynamicTest> aBrokenEventStoreFailsOnTheRuleThatItBreaks() {
        return stores().stream().map(store -> dynamicTest(store.toString(), () -> assertFails(store)));
    }

    private static void assertFails(BrokenEvents store) {
        Subject.subject = store;
        Subject.patience = SHORT;
        Suites.Outcome outcome = Suites.runUntilOneFails(Subject.class, citing(store));
        assertThat(outcome.run()).as("tests that cite the rule").isNotEmpty();
        assertThat(outcome.failed()).as("failure among %s", outcome.run()).isPresent();
    }

    /** Their names cite two rules. */
    @TestFactory
    Stream<DynamicTest> onlyRandomQueriesFindOutWhatGoesWrongWhereThingsComeTogether() {
        return BrokenEventQueries.all().map(store -> dynamicTest(store.toString(), () -> assertFailsAtRandom(store)));
    }

    private static void assertFailsAtRandom(BrokenEvents store) {
        Subject.subject = store;
        Subject.patience = LONG;
        Stream<Event> failed = Suites.run(Subject.class, citing(store)).stream().filter(Suites::failed);
        assertThat(failed.map(event -> event.getTestDescriptor().getDisplayName()))
                .isNotEmpty()
                .allMatch(name -> name.matches("(e\\d+_){2}.*"));
    }

    private static Predicate<String> citing(BrokenEvents store) {
        return Pattern.compile("(e\\d+_)*" + store.rule() + "_.*").asMatchPredicate();
    }

    @Test
    void everyRuleHasABrokenEventStore() {
        assertThat(stores().stream().map(BrokenEvents::rule).collect(Collectors.toSet()))
                .containsExactlyInAnyOrderElementsOf(IntStream.rangeClosed(1, RULES)
                        .mapToObj(number -> "e" + number)
                        .toList());
    }
}

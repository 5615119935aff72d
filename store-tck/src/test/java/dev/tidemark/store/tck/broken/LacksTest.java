package dev.tidemark.store.tck.broken;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.store.Backend;
import dev.tidemark.store.tck.Capability;
import dev.tidemark.store.tck.Lacks;
import dev.tidemark.store.tck.StoreTck;
import dev.tidemark.store.tck.samples.MapBackend;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.Event;
import org.junit.platform.testkit.engine.Events;

/** What a backend lacks fails, unless it is declared; then it is skipped by name. */
class LacksTest {
    static class Undeclared extends StoreTck {
        @Override
        protected Backend openBackend(Path directory) {
            return new MapBackend();
        }

        @Override
        protected Duration patience() {
            return Duration.ofSeconds(2);
        }
    }

    @Lacks(value = Capability.DURABILITY, because = "the maps are gone")
    @Lacks(value = Capability.SHARING, because = "the maps are mine")
    @Lacks(value = Capability.SHARED_WATCH, because = "the maps are mine")
    @Lacks(value = Capability.RETENTION, because = "all history is kept")
    @Lacks(value = Capability.STALL, because = "nothing stalls")
    @Lacks(value = Capability.OUTAGE, because = "nothing breaks")
    @Lacks(value = Capability.LOST_ACKNOWLEDGEMENT, because = "nothing is lost")
    static final class Declared extends Undeclared {}

    @Lacks(value = Capability.SHARING, because = "a disk is in use by one rig at a time")
    @Lacks(value = Capability.SHARED_WATCH, because = "a disk is in use by one rig at a time")
    static final class Unshared extends RigTckTest {
        @Override
        Rig rig(Rig.Settings settings) {
            if (!settings.disk().rigs.isEmpty()) {
                throw new IllegalStateException("the disk is in use");
            }
            return super.rig(settings);
        }

        @Override
        void lacksNothing() {}
    }

    /** One test or group of tests for each capability that the maps lack. */
    private static boolean isAboutACapability(String name) {
        return List.of(
                        "k9_everythingIsThereAfterARestart",
                        "k9_aWriteIsVisibleToLaterReadsOfOtherBackends",
                        "w1_aWatchSeesTheChangesOfOtherBackendsInOrder",
                        "w6_theBoundaryItselfIsWatchable",
                        "k11_aWriteThatCanNotGoOnTimesOut",
                        "w8_readsWorkAgainAfterAnOutage",
                        "k12_aLostAcknowledgementIsAnUnknownOutcome")
                .contains(name);
    }

    @Test
    void whatIsLackingFails() {
        Events tests = Suites.run(Undeclared.class, LacksTest::isAboutACapability);
        assertThat(tests.failed().count()).isEqualTo(7);
        assertThat(tests.skipped().count()).isZero();
    }

    @Test
    void whoseTestFailsIsToldHowToDeclareIt() {
        Events tests = Suites.run(Undeclared.class, LacksTest::isAboutACapability);
        assertThat(tests.failed().stream().map(LacksTest::trace))
                .hasSize(7)
                .allSatisfy(trace -> assertThat(trace).containsOnlyOnce("@Lacks(value = Capability."))
                .anySatisfy(trace -> assertThat(trace).contains("needs SHARING"));
    }

    private static String trace(Event failed) {
        StringWriter trace = new StringWriter();
        failed.getRequiredPayload(TestExecutionResult.class)
                .getThrowable()
                .orElseThrow()
                .printStackTrace(new PrintWriter(trace));
        return trace.toString();
    }

    @Test
    void whatIsDeclaredIsSkippedByName() {
        List<Event> all =
                Suites.runAll(Declared.class, LacksTest::isAboutACapability).list();
        assertThat(all.stream().filter(Suites::failed)).isEmpty();
        assertThat(all.stream().flatMap(event -> event.getPayload(String.class).stream()))
                .contains(
                        "lacks DURABILITY: the maps are gone",
                        "lacks SHARING: the maps are mine",
                        "lacks RETENTION: all history is kept",
                        "lacks STALL: nothing stalls",
                        "lacks OUTAGE: nothing breaks",
                        "lacks LOST_ACKNOWLEDGEMENT: nothing is lost")
                .hasSizeGreaterThanOrEqualTo(7);
    }

    @Test
    void aTestOfALackIsSkippedWhereNothingLacks() {
        Events tests = Suites.run(Undeclared.class, name -> name.startsWith("k9_withoutDurability"));
        assertThat(tests.skipped().count()).isEqualTo(1);
        assertThat(Suites.run(Declared.class, name -> name.startsWith("k9_withoutDurability"))
                        .succeeded()
                        .count())
                .isEqualTo(1);
    }

    @Test
    void noTestSharesADirectoryUnlessItIsAboutThat() {
        Events tests = Suites.run(Unshared.class, name -> true);
        assertThat(tests.failed().stream()).isEmpty();
        assertThat(tests.succeeded().count()).isGreaterThan(150);
    }
}

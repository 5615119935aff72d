package dev.tidemark.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.tidemark.benchmarks.harness.Bench;
import dev.tidemark.benchmarks.harness.Callers;
import dev.tidemark.benchmarks.harness.Contender;
import dev.tidemark.benchmarks.harness.Goal;
import dev.tidemark.benchmarks.harness.Harness;
import dev.tidemark.benchmarks.harness.Profile;
import dev.tidemark.benchmarks.harness.Round;
import dev.tidemark.benchmarks.harness.Row;
import dev.tidemark.benchmarks.harness.Row.Verdict;
import dev.tidemark.benchmarks.harness.Spread;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;

class HarnessTest {
    private final List<String> turns = new ArrayList<>();

    /** Does nothing but note its turn; its figures are those of the rounds, the one that doesn't count first. */
    private Contender contender(String name, double... figures) {
        return new Contender() {
            @Override
            public double[] run(Round round) {
                turns.add(name);
                return new double[] {figures[round.number()]};
            }

            @Override
            public void close() {
                turns.add(name + " closed");
            }
        };
    }

    private static Row only(List<Row> rows) {
        assertThat(rows).hasSize(1);
        return rows.get(0);
    }

    @Test
    void contendersTakeTurnsAndTheFirstRoundDoesNotCount() throws Exception {
        Bench bench = Bench.of("work", "/s", contender("a", 0, 10, 20, 30, 40, 50))
                .against("b", contender("b", 7, 10, 10, 10, 10, 10), new Goal.AtLeast(3));

        Row row = only(practising(() -> 0, 1).run(bench));

        assertThat(turns)
                .containsExactly("a", "b", "b", "a", "a", "b", "b", "a", "a", "b", "b", "a", "a closed", "b closed");
        assertThat(row.ratio()).isEqualTo(new Spread(3, 1, 5));
        assertThat(row.ours()).isEqualTo(30);
        assertThat(row.reference()).isEqualTo(10);
        assertThat(row.verdict()).isEqualTo(Verdict.MET);
        assertThat(row.fallsShort()).isFalse();
    }

    @Test
    void practisesUntilTheCompilersRest() throws Exception {
        AtomicLong compiled = new AtomicLong();
        Bench bench = Bench.of("work", "/s", contender("a", 0, 1, 1, 1, 1, 1))
                .against("b", contender("b", 0, 1, 1, 1, 1, 1), new Goal.None());

        practising(() -> turns.size() < 4 ? compiled.addAndGet(60_000) : compiled.get(), 1)
                .run(bench);

        assertThat(turns).startsWith("a", "a", "a", "a", "b", "b", "a");
    }

    @Test
    void practisesForFiveSecondsAtMost() throws Exception {
        AtomicLong compiled = new AtomicLong();
        Bench bench = Bench.of("work", "/s", contender("a", 0, 1, 1, 1, 1, 1))
                .against("b", contender("b", 0, 1, 1, 1, 1, 1), new Goal.None());

        practising(() -> compiled.addAndGet(60_000), 2_000).run(bench);

        assertThat(turns).startsWith("a", "a", "a", "b", "b", "b", "b", "a");
    }

    /** A harness for turns that take so long. */
    private Harness practising(LongSupplier compiledMillis, long turnMillis) {
        return new Harness(Profile.QUICK, compiledMillis, () -> turns.size() * turnMillis * 1_000_000);
    }

    @Test
    void everyRivalHasARowAndItsGoal() throws Exception {
        Bench bench = Bench.of("work", "ms", contender("a", 1, 4, 4, 4, 4, 4))
                .against("b", contender("b", 1, 2, 2, 2, 2, 2), new Goal.AtMost(1.5))
                .against("c", contender("c", 1, 8, 8, 8, 8, 8), new Goal.AtMost(1.5))
                .against("d", contender("d", 1, 1, 1, 1, 1, 1), new Goal.None());

        List<Row> rows = practising(() -> 0, 1).run(bench);

        assertThat(rows).extracting(Row::rival).containsExactly("b", "c", "d");
        assertThat(rows).extracting(Row::verdict).containsExactly(Verdict.SHORT, Verdict.MET, Verdict.OPEN);
    }

    @Test
    void aRivalThatTakesNoTimeHasAFigureButNoRatio() throws Exception {
        Bench bench = Bench.of("work", "ms", contender("a", 1, 4, 4, 4, 4, 4))
                .against("b", contender("b", 1, 1, 1, -1, -2, -3), new Goal.None());

        Row row = only(practising(() -> 0, 1).run(bench));

        assertThat(row.reference()).isEqualTo(-1);
        assertThat(row.ratio()).isEqualTo(Spread.NONE);
    }

    @Test
    void aSmokeRunJudgesNothing() throws Exception {
        Bench bench =
                Bench.of("work", "/s", contender("a", 0, 1)).against("b", contender("b", 0, 100), new Goal.AtLeast(1));

        assertThat(only(new Harness(Profile.SMOKE).run(bench)).verdict()).isEqualTo(Verdict.OPEN);
    }

    @Test
    void aContenderThatFailsIsARowThatFails() throws Exception {
        Contender broken = round -> {
            throw new IllegalStateException("no disk");
        };
        Bench bench = Bench.of("work", "/s", contender("a", 0, 1)).against("b", broken, new Goal.None());

        Row row = only(new Harness(Profile.SMOKE).run(bench));

        assertThat(row.verdict()).isEqualTo(Verdict.FAILED);
        assertThat(row.fallsShort()).isTrue();
        assertThat(row.remark()).contains("no disk");
        assertThat(turns).contains("a closed");
    }

    @Test
    void callersAreCountedOnlyWhileTheyAreMeasured() throws Exception {
        AtomicLong calls = new AtomicLong();
        Round round = new Round(1, Profile.SMOKE, Duration.ofMillis(50), Duration.ofSeconds(1));

        double rate = Callers.rate(3, round, number -> random -> calls.incrementAndGet());

        double counted = rate * round.measured().toNanos() / 1e9;
        assertThat(counted).isPositive().isLessThan((double) calls.get());
    }

    @Test
    void whatACallerThrowsComesOut() {
        Semaphore closed = new Semaphore(0);
        Callers.Caller failing = new Callers.Caller() {
            @Override
            public void call(SplittableRandom random) {
                throw new IllegalStateException("no answer");
            }

            @Override
            public void close() {
                closed.release();
            }
        };

        assertThat(catchThrowable(() -> Callers.rate(2, new Round(1, Profile.SMOKE), number -> failing)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("no answer");
        assertThat(closed.availablePermits()).isEqualTo(2);
    }
}

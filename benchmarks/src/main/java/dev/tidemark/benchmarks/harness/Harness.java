package dev.tidemark.benchmarks.harness;

import dev.tidemark.benchmarks.harness.Bench.Rival;
import dev.tidemark.benchmarks.harness.Row.Verdict;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.LongSupplier;

/** Runs benches, one after the other, the contenders of each in turn. */
public final class Harness {
    /** At the most, and the turn in which it is over. */
    private static final Duration PRACTICE = Duration.ofSeconds(5);

    private static final double COMPILERS_SHARE = 0.1;

    private final Profile profile;
    private final LongSupplier compiledMillis;
    private final LongSupplier nanoTime;

    /** A harness that takes so much time. */
    public Harness(Profile profile) {
        this(profile, ManagementFactory.getCompilationMXBean()::getTotalCompilationTime, System::nanoTime);
    }

    /** The same; {@code compiledMillis} tells how long the compilers of this JVM have worked, {@code nanoTime} how late it is. */
    public Harness(Profile profile, LongSupplier compiledMillis, LongSupplier nanoTime) {
        this.profile = profile;
        this.compiledMillis = compiledMillis;
        this.nanoTime = nanoTime;
    }

    /** Runs a bench; one that breaks off gives rows that say why. */
    public List<Row> run(Bench bench) throws InterruptedException {
        try {
            return rows(bench, measure(bench));
        } catch (InterruptedException interrupt) {
            throw interrupt;
        } catch (Exception failure) {
            return failed(bench, failure);
        }
    }

    /** Figures by contender, ours first; by round; by measure. */
    private List<List<double[]>> measure(Bench bench) throws Exception {
        List<Contender> contenders = new ArrayList<>(List.of(bench.ours()));
        bench.rivals().forEach(rival -> contenders.add(rival.contender()));
        try {
            return measure(contenders, bench.isOnce() ? 1 : profile.rounds());
        } finally {
            for (Contender contender : contenders) {
                contender.close();
            }
        }
    }

    private List<List<double[]>> measure(List<Contender> contenders, int rounds) throws Exception {
        if (profile.isPractised() && rounds > 1) {
            for (Contender contender : contenders) {
                practise(contender);
            }
        }
        List<List<double[]>> figures = new ArrayList<>();
        contenders.forEach(contender -> figures.add(new ArrayList<>()));
        for (int number = 1; number <= rounds; number++) {
            List<double[]> turns = takeTurns(contenders, new Round(number, profile));
            for (int i = 0; i < turns.size(); i++) {
                figures.get(i).add(turns.get(i));
            }
        }
        return figures;
    }

    /** Turns that don't count, until the compilers are nearly done: what they take is taken from those who are measured. */
    private void practise(Contender contender) throws Exception {
        long end = nanoTime.getAsLong() + PRACTICE.toNanos();
        boolean compiled = false;
        while (!compiled && nanoTime.getAsLong() - end < 0) {
            long before = compiledMillis.getAsLong();
            long start = nanoTime.getAsLong();
            contender.run(new Round(0, profile));
            double millis = (nanoTime.getAsLong() - start) / 1e6;
            compiled = compiledMillis.getAsLong() - before <= millis * COMPILERS_SHARE;
        }
    }

    /** Every other round runs backwards, so that nobody always comes after the same one. */
    private static List<double[]> takeTurns(List<Contender> contenders, Round round) throws Exception {
        List<double[]> figures = new ArrayList<>(Collections.nCopies(contenders.size(), new double[0]));
        for (int i = 0; i < contenders.size(); i++) {
            int turn = round.number() % 2 == 0 ? i : contenders.size() - 1 - i;
            figures.set(turn, contenders.get(turn).run(round));
        }
        return figures;
    }

    private List<Row> rows(Bench bench, List<List<double[]>> figures) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < bench.rivals().size(); i++) {
            for (int measure = 0; measure < bench.measures().size(); measure++) {
                double[] ours = column(figures.get(0), measure);
                double[] theirs = column(figures.get(i + 1), measure);
                rows.add(row(bench, bench.rivals().get(i), measure, ours, theirs));
            }
        }
        return rows;
    }

    private static double[] column(List<double[]> rounds, int measure) {
        return rounds.stream().mapToDouble(figures -> figures[measure]).toArray();
    }

    private Row row(Bench bench, Rival rival, int measure, double[] ours, double[] theirs) {
        Goal goal = rival.goals().get(measure);
        Spread ratio = ratio(ours, theirs);
        return new Row(
                bench.rowName(measure),
                rival.name(),
                bench.measures().get(measure).unit(),
                Spread.of(ours).median(),
                Spread.of(theirs).median(),
                ratio,
                goal,
                verdict(goal, ratio),
                "");
    }

    /** Nothing is a multiple of no time at all, or of less. */
    private static Spread ratio(double[] ours, double[] theirs) {
        double[] ratios = new double[ours.length];
        for (int round = 0; round < ours.length; round++) {
            if (theirs[round] <= 0) {
                return Spread.NONE;
            }
            ratios[round] = ours[round] / theirs[round];
        }
        return Spread.of(ratios);
    }

    private Verdict verdict(Goal goal, Spread ratio) {
        if (goal instanceof Goal.None || !profile.isPractised()) {
            return Verdict.OPEN;
        }
        return goal.isMet(ratio.median()) ? Verdict.MET : Verdict.SHORT;
    }

    private static List<Row> failed(Bench bench, Exception failure) {
        List<Row> rows = new ArrayList<>();
        for (Rival rival : bench.rivals()) {
            for (int measure = 0; measure < bench.measures().size(); measure++) {
                String unit = bench.measures().get(measure).unit();
                Goal goal = rival.goals().get(measure);
                rows.add(new Row(
                        bench.rowName(measure),
                        rival.name(),
                        unit,
                        Double.NaN,
                        Double.NaN,
                        Spread.NONE,
                        goal,
                        Verdict.FAILED,
                        String.valueOf(failure)));
            }
        }
        return rows;
    }
}

package dev.tidemark.benchmarks.harness;

import java.util.ArrayList;
import java.util.List;

/**
 * One piece of work and all who do it.
 *
 * @param name what is done
 * @param measures what each round measures; one row each, for each rival
 * @param ours our way
 * @param rivals the other ways
 * @param isOnce whether one round is enough, since there is nothing to time
 */
public record Bench(String name, List<Measure> measures, Contender ours, List<Rival> rivals, boolean isOnce) {

    /**
     * A figure that a round gives.
     *
     * @param name added to that of the bench; empty if there is only one
     * @param unit its unit
     */
    public record Measure(String name, String unit) {}

    /**
     * Somebody else who does the work.
     *
     * @param name what the others use
     * @param contender their way
     * @param goals what we have to reach against them, for each measure
     */
    public record Rival(String name, Contender contender, List<Goal> goals) {}

    /** A bench with one measure, so far without rivals. */
    public static Bench of(String name, String unit, Contender ours) {
        return new Bench(name, List.of(new Measure("", unit)), ours, List.of(), false);
    }

    /** Adds a rival. */
    public Bench against(String rival, Contender contender, Goal... goals) {
        List<Rival> more = new ArrayList<>(rivals);
        more.add(new Rival(rival, contender, List.of(goals)));
        return new Bench(name, measures, ours, List.copyOf(more), isOnce);
    }

    /** The name of a row. */
    public String rowName(int measure) {
        String suffix = measures.get(measure).name();
        return suffix.isEmpty() ? name : name + ", " + suffix;
    }
}

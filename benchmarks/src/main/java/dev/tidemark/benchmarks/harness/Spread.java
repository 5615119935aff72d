package dev.tidemark.benchmarks.harness;

import java.util.Arrays;

/**
 * What several rounds gave.
 *
 * @param median the middle one
 * @param min the smallest
 * @param max the largest
 */
public record Spread(double median, double min, double max) {

    /** The spread of no figures. */
    public static final Spread NONE = new Spread(Double.NaN, Double.NaN, Double.NaN);

    /** The spread of at least one figure. */
    public static Spread of(double... figures) {
        double[] sorted = figures.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        double median = sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Spread(median, sorted[0], sorted[sorted.length - 1]);
    }
}

package dev.tidemark.benchmarks.harness;

/** One way of doing the work of a bench. What it needs for longer than a round, it makes in its first and keeps until it is closed. */
@FunctionalInterface
public interface Contender {

    /** Does the work of one round, and returns its figures: one for each measure of the bench. */
    double[] run(Round round) throws Exception;

    /** Gives back what was kept. */
    default void close() throws Exception {}
}

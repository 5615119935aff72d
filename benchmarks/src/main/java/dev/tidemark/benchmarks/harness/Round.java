package dev.tidemark.benchmarks.harness;

/**
 * One turn of every contender.
 *
 * @param number from 0; seeds what is random
 * @param profile how long to take
 */
public record Round(int number, Profile profile) {}

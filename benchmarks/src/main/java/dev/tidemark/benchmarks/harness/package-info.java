/**
 * How things are measured: rounds, contenders that take turns, and what comes of it.
 *
 * <p>A {@link dev.tidemark.benchmarks.harness.Bench} is one piece of work, done by us and by one rival or more. In every round each
 * {@link dev.tidemark.benchmarks.harness.Contender} does it once, on tables of its own, and the order turns from round to round. A
 * round gives a ratio; a row of the table is the median of these, with the smallest and the largest.
 */
@NullMarked
package dev.tidemark.benchmarks.harness;

import org.jspecify.annotations.NullMarked;

/**
 * Speed, measured against the limit and the peers: one command that prints one table.
 *
 * <p>{@link dev.tidemark.benchmarks.Main} runs what {@link dev.tidemark.benchmarks.Suite} lists, and writes down what came of it. The
 * method is in {@code harness}, the rows are in one package per family, and {@code docs/performance.md} explains both.
 */
@NullMarked
package dev.tidemark.benchmarks;

import org.jspecify.annotations.NullMarked;

/** What becomes of the figures: the table on the terminal, results.json, and the page with its plot. */
@NullMarked
package dev.tidemark.benchmarks.report;

import org.jspecify.annotations.NullMarked;

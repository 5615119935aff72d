/** Whether a million entries go through a small heap, by each way there is to read them all. */
@NullMarked
package dev.tidemark.benchmarks.heap;

import org.jspecify.annotations.NullMarked;

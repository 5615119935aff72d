/** The rows about memory alone: JMH measures them, in a JVM of their own for every turn. */
@NullMarked
package dev.tidemark.benchmarks.memory;

import org.jspecify.annotations.NullMarked;

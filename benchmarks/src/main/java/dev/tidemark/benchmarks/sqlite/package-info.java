/** The rows about SQLite, and those of the peers that keep data in a file as well. Every turn has a file of its own. */
@NullMarked
package dev.tidemark.benchmarks.sqlite;

import org.jspecify.annotations.NullMarked;

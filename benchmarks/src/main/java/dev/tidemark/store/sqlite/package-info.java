/** A window into the backend, since the benchmarks send its statements without it. */
@NullMarked
package dev.tidemark.store.sqlite;

import org.jspecify.annotations.NullMarked;

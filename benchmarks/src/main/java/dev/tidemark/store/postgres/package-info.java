/** A window into the backend, since the benchmarks send its statements without it. */
@NullMarked
package dev.tidemark.store.postgres;

import org.jspecify.annotations.NullMarked;

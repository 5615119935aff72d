/**
 * Typed key/value stores whose watch never misses a change.
 *
 * <p>A {@link dev.tidemark.store.Backend} owns what is expensive: connections, the writer, threads. Any number of
 * {@link dev.tidemark.store.Store} views share it. A store reads ({@link dev.tidemark.store.ReadableStore}), writes
 * ({@link dev.tidemark.store.WritableStore}) and watches ({@link dev.tidemark.store.WatchableStore}); every committed change has
 * a <em>revision</em>, one strictly increasing line of numbers per namespace, and a {@link dev.tidemark.store.Watch} delivers
 * the changes in exactly that order.
 */
@NullMarked
package dev.tidemark.store;

import org.jspecify.annotations.NullMarked;

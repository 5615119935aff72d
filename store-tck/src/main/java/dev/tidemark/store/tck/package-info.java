/**
 * The contract of stores and event stores, as suites that run.
 *
 * <p>The author of a backend extends {@link dev.tidemark.store.tck.StoreTck}, and
 * {@link dev.tidemark.store.tck.EventStoreTck} if it keeps events, and says how to open it; the author of a codec
 * extends {@link dev.tidemark.store.tck.CodecTck}. The names of the tests cite the rules of the contract:
 * {@code w3_overflowEndsTheWatch} fails when rule W3 is broken. What a backend can't do it declares, with the reason
 * ({@link dev.tidemark.store.tck.Lacks}), and the tests that need it show up as skipped for that reason.
 *
 * <p>Inside, each rule has a class of its own, named for it, and {@code StoreTck} gathers them as nested classes. Tests are
 * package-private, so that a subclass elsewhere can't override one away unnoticed.
 */
@NullMarked
package dev.tidemark.store.tck;

import org.jspecify.annotations.NullMarked;

/**
 * What the author of a backend builds on.
 *
 * <p>A backend implements {@link dev.tidemark.store.spi.Engine}: get, snapshot, an atomic write, and the history of committed
 * changes. Everything typed ({@link dev.tidemark.store.spi.Stores}: names, codecs, validators, atomic updates, adapters) and
 * everything about watching ({@link dev.tidemark.store.spi.WatchHub}: order, replay, resume, overflow, close) is written once,
 * here, on top of it. {@link dev.tidemark.store.spi.GroupCommit} turns concurrent writes into few transactions.
 */
@NullMarked
package dev.tidemark.store.spi;

import org.jspecify.annotations.NullMarked;

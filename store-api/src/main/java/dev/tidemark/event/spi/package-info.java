/**
 * What the author of a backend's event store builds on.
 *
 * <p>A backend implements {@link dev.tidemark.event.spi.EventEngine} for a table: an atomic write, find, query, delete, the events
 * behind a position, and the checkpoints of subscriptions; and {@link dev.tidemark.event.spi.TransactionEngine} for transactions over
 * entries and events. Everything typed ({@link dev.tidemark.event.spi.EventStores}: codecs, names, upcasters, idempotent appends,
 * streams, hooks, subscriptions) is written once, here, on top of them. What a query selects and how it sorts is defined by
 * {@link dev.tidemark.event.spi.Selection}, which an engine runs, or compiles to SQL that means the same.
 */
@NullMarked
package dev.tidemark.event.spi;

import org.jspecify.annotations.NullMarked;

/**
 * Events, appended once and never changed, in the order of their commits.
 *
 * <p>An {@link dev.tidemark.event.EventStore} is opened from a {@link dev.tidemark.store.Backend} and keeps
 * {@link dev.tidemark.event.Event}s, whose data {@link dev.tidemark.event.EventTypes} turn into bytes and back. An event may belong
 * to an {@linkplain dev.tidemark.event.AggregateId aggregate} at a version; {@code append} makes sure that these follow each other
 * and that nobody else was faster. Every stored event has a <em>position</em>, one strictly increasing line of numbers in commit
 * order: {@link dev.tidemark.event.EventQuery queries} read what is there, and subscriptions follow that line without a gap.
 */
@NullMarked
package dev.tidemark.event;

import org.jspecify.annotations.NullMarked;

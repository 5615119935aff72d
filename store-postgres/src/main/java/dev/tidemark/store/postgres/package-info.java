/**
 * Stores in PostgreSQL, whose watches see the changes of every process.
 *
 * <p>Entries are rows of one table, changes rows of another, the outbox. What makes watching exact is that the revision of a change
 * is drawn in commit order: a lock that is taken last, after all row locks, and let go by the commit itself stands between drawing
 * it and anybody else's. So a reader needs one number for a cursor, and no gap has to be explained. Notifications only wake
 * readers up; losing one delays, and nothing more.
 *
 * <p>Nor is a revision ever given twice, not even by a server that has lost commits: each one begins beyond what the last one drew. So
 * a reader whose place the history does not know has seen what was lost, and is told.
 *
 * <p>{@link dev.tidemark.store.postgres.PostgresBackend} is the front door.
 */
@NullMarked
package dev.tidemark.store.postgres;

import org.jspecify.annotations.NullMarked;

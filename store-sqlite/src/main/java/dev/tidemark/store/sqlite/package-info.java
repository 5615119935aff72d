/**
 * A store in one SQLite file.
 *
 * <p>SQLite lets one connection write while others read, each reader seeing one moment of the file. This backend is built
 * around that: one session writes, and group commit makes each of its transactions carry the writes of all callers that wait, so
 * that full durability is paid once for many; a few sessions serve short reads; and snapshots, which may be held for long, have
 * sessions of their own.
 *
 * <p>Every transaction draws the revisions of its changes from a counter in the file while it holds the file's write lock, and
 * appends the changes to a history table. So the history has no gap and its order is the order of commits, whichever process
 * wrote, and a watch is nothing but reading that table behind a cursor.
 */
@NullMarked
package dev.tidemark.store.sqlite;

import org.jspecify.annotations.NullMarked;

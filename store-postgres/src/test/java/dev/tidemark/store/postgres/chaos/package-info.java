/**
 * Processes that write and processes that watch, while the server, its connections and the processes themselves are made to fail; and
 * a judgement afterwards.
 *
 * <p>A {@link dev.tidemark.store.postgres.chaos.Cluster} is one {@link dev.tidemark.store.postgres.chaos.Server} with a {@link
 * dev.tidemark.store.postgres.chaos.Wire} before it and the processes around it. Every {@link
 * dev.tidemark.store.postgres.chaos.WriterProcess} puts on record what it asks for before it asks, and what came of it; every {@link
 * dev.tidemark.store.postgres.chaos.WatcherProcess} each change that it sees. {@link dev.tidemark.store.postgres.chaos.Faults} befall
 * them; between two of them everybody has to get on. In the end a {@link dev.tidemark.store.postgres.chaos.Verdict} compares the
 * records with the tables.
 *
 * <p>Beside the watches that stay there can be {@link dev.tidemark.store.postgres.chaos.Visitor}s, which open one watch after the other,
 * so that faults meet replays; and the history can be compacted all the time. Which of these is up to the {@link
 * dev.tidemark.store.postgres.chaos.Scene}. Whatever is compacted, the {@link dev.tidemark.store.postgres.chaos.Database} keeps.
 *
 * <p>Faults lose no commits. Servers that do are the matter of {@link dev.tidemark.store.postgres.chaos.LostCommitsTest}.
 */
package dev.tidemark.store.postgres.chaos;

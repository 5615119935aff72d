package dev.tidemark.benchmarks;

import dev.tidemark.benchmarks.harness.Bench;
import dev.tidemark.benchmarks.harness.Growth;
import dev.tidemark.benchmarks.harness.Profile;
import dev.tidemark.benchmarks.heap.Heap;
import dev.tidemark.benchmarks.memory.MapGrowth;
import dev.tidemark.benchmarks.memory.MemoryGrowth;
import dev.tidemark.benchmarks.memory.MemoryRows;
import dev.tidemark.benchmarks.postgres.BulkWriting;
import dev.tidemark.benchmarks.postgres.Etcd;
import dev.tidemark.benchmarks.postgres.EventRows;
import dev.tidemark.benchmarks.postgres.Latency;
import dev.tidemark.benchmarks.postgres.PostgresGrowth;
import dev.tidemark.benchmarks.postgres.PostgresHeap;
import dev.tidemark.benchmarks.postgres.Processes;
import dev.tidemark.benchmarks.postgres.Reading;
import dev.tidemark.benchmarks.postgres.Server;
import dev.tidemark.benchmarks.postgres.Watching;
import dev.tidemark.benchmarks.postgres.Writing;
import dev.tidemark.benchmarks.sqlite.DataFiles;
import dev.tidemark.benchmarks.sqlite.SqliteGrowth;
import dev.tidemark.benchmarks.sqlite.SqliteHeap;
import dev.tidemark.benchmarks.sqlite.SqliteRows;
import java.util.ArrayList;
import java.util.List;

/** All benches, in the order of the table. Making them costs nothing; each takes what it needs when it runs. */
final class Suite {
    private Suite() {}

    static List<Bench> benches(DataFiles files, Server server, Etcd etcd, Profile profile) {
        List<Bench> benches = new ArrayList<>();
        benches.addAll(MemoryRows.benches());
        benches.addAll(SqliteRows.benches(files));
        benches.addAll(Reading.benches(server));
        benches.addAll(Writing.benches(server, etcd));
        benches.addAll(Processes.benches(server));
        benches.addAll(BulkWriting.benches(server));
        benches.addAll(Watching.benches(server));
        benches.addAll(Latency.benches(server, etcd));
        benches.addAll(EventRows.benches(server));
        benches.addAll(Growth.benches("memory", new MemoryGrowth(), profile));
        benches.add(MapGrowth.bench());
        benches.addAll(Growth.benches("SQLite", new SqliteGrowth(files), profile));
        benches.addAll(Growth.benches("PostgreSQL", new PostgresGrowth(server), profile));
        benches.add(Heap.bench("SQLite", new SqliteHeap(files)));
        benches.add(Heap.bench("PostgreSQL", new PostgresHeap(server)));
        return benches;
    }
}

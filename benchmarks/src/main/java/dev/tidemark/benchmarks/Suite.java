package dev.tidemark.benchmarks;

import dev.tidemark.benchmarks.harness.Bench;
import dev.tidemark.benchmarks.postgres.BulkWriting;
import dev.tidemark.benchmarks.postgres.Latency;
import dev.tidemark.benchmarks.postgres.Processes;
import dev.tidemark.benchmarks.postgres.Reading;
import dev.tidemark.benchmarks.postgres.Server;
import dev.tidemark.benchmarks.postgres.Watching;
import dev.tidemark.benchmarks.postgres.Writing;
import dev.tidemark.benchmarks.sqlite.Files;
import dev.tidemark.benchmarks.sqlite.SqliteRows;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** All benches, in the order of the table. Making them costs nothing; each takes what it needs when it runs. */
final class Suite {
    private Suite() {}

    static List<Bench> benches(Path directory, Server server) {
        List<Bench> benches = new ArrayList<>();
        benches.addAll(SqliteRows.benches(new Files(directory)));
        benches.addAll(Reading.benches(server));
        benches.addAll(Writing.benches(server));
        benches.addAll(Processes.benches(server));
        benches.addAll(BulkWriting.benches(server));
        benches.addAll(Watching.benches(server));
        benches.addAll(Latency.benches(server));
        return benches;
    }
}

package dev.tidemark.benchmarks;

import dev.tidemark.benchmarks.harness.Bench;
import dev.tidemark.benchmarks.postgres.BulkWriting;
import dev.tidemark.benchmarks.postgres.Reading;
import dev.tidemark.benchmarks.postgres.Server;
import dev.tidemark.benchmarks.postgres.Writing;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** All benches, in the order of the table. Making them costs nothing; each takes what it needs when it runs. */
final class Suite {
    private Suite() {}

    static List<Bench> benches(Path directory, Server server) {
        List<Bench> benches = new ArrayList<>();
        benches.addAll(Reading.benches(server));
        benches.addAll(Writing.benches(server));
        benches.addAll(BulkWriting.benches(server));
        return benches;
    }
}

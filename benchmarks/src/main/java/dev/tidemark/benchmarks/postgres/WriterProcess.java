package dev.tidemark.benchmarks.postgres;

import dev.tidemark.benchmarks.harness.Callers;
import dev.tidemark.benchmarks.harness.Callers.Caller;
import dev.tidemark.benchmarks.harness.Data;
import dev.tidemark.benchmarks.harness.Profile;
import dev.tidemark.benchmarks.harness.Round;
import dev.tidemark.store.postgres.PostgresBackend;
import dev.tidemark.store.postgres.PostgresOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/**
 * Callers in a process of their own. For each line with a URI, a profile and a number of the round it opens the backend, says so, waits
 * for a line, and answers with the rate.
 */
final class WriterProcess {
    static final int CALLERS = 8;

    private WriterProcess() {}

    public static void main(String[] arguments) throws Exception {
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            String[] words = line.split(" ", -1);
            try (PostgresBackend backend =
                    PostgresBackend.open(PostgresOptions.of(words[0]).withTimeout(Schema.TIMEOUT))) {
                System.out.println("ready");
                if (input.readLine() == null) {
                    throw new IOException("nobody said go");
                }
                Round round = new Round(Integer.parseInt(words[2]), Profile.named(words[1]));
                Caller caller = Writing.setter(backend.store(Data.CODEC));
                System.out.println(Callers.rate(CALLERS, round, number -> caller));
            }
        }
    }
}

package dev.tidemark.benchmarks;

import dev.tidemark.benchmarks.harness.Bench;
import dev.tidemark.benchmarks.harness.Harness;
import dev.tidemark.benchmarks.harness.Row;
import dev.tidemark.benchmarks.postgres.Etcd;
import dev.tidemark.benchmarks.postgres.Server;
import dev.tidemark.benchmarks.report.Machine;
import dev.tidemark.benchmarks.report.Report;
import dev.tidemark.benchmarks.sqlite.DataFiles;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The command {@code benchmarks/run}. Exits with 0 when every row reaches its goal, 1 when one does not, 2 when misused. */
public final class Main {
    private final Options options;
    private final PrintStream out;
    private final PrintStream progress;

    Main(Options options, PrintStream out, PrintStream progress) {
        this.options = options;
        this.out = out;
        this.progress = progress;
    }

    /** Runs benches; the directory with the sources is the working directory. */
    public static void main(String[] arguments) throws Exception {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        PrintStream err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
        Options options;
        try {
            options = Options.parse(List.of(arguments), Path.of("").toAbsolutePath());
        } catch (IllegalArgumentException wrong) {
            err.println(wrong.getMessage());
            err.println(Options.USAGE);
            System.exit(2);
            return;
        }
        System.exit(new Main(options, out, err).run());
    }

    int run() throws Exception {
        Path target = Files.createDirectories(options.root().resolve("benchmarks/target"));
        Path directory = Files.createTempDirectory(target, "run-");
        try (Server server = Server.in(directory);
                Etcd etcd = Etcd.in(directory, System.getenv().getOrDefault("PATH", ""))) {
            DataFiles files = new DataFiles(directory);
            List<Bench> benches = Suite.benches(files, server, etcd, options.profile()).stream()
                    .filter(bench -> options.only().matcher(bench.name()).find())
                    .toList();
            return report(
                    run(benches), Machine.describe(directory, server.settings(), files.settings(), etcd.settings()));
        } finally {
            delete(directory);
        }
    }

    /** Runs benches and tells of each when it is through. */
    List<Row> run(List<Bench> benches) throws InterruptedException {
        Harness harness = new Harness(options.profile());
        List<Row> rows = new ArrayList<>();
        for (Bench bench : benches) {
            long start = System.nanoTime();
            List<Row> more = harness.run(bench);
            rows.addAll(more);
            progress.printf("%s (%.1f s)%n", bench.name(), (System.nanoTime() - start) / 1e9);
        }
        return rows;
    }

    /** Writes everything down, and returns the exit code. */
    int report(List<Row> rows, Machine machine) throws IOException {
        Report report = new Report(options.profile(), machine, rows);
        out.print(report.text());
        Path root = options.root();
        Files.writeString(root.resolve("benchmarks/results.json"), report.json());
        if (options.isPublished()) {
            report.publish(root.resolve("docs"));
        }
        List<Row> tooShort = rows.stream().filter(Row::fallsShort).toList();
        for (Row row : tooShort) {
            String why = row.remark().isEmpty() ? "" : ": " + row.remark();
            progress.println("falls short: " + row.operation() + " against " + row.rival() + why);
        }
        return tooShort.isEmpty() ? 0 : 1;
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}

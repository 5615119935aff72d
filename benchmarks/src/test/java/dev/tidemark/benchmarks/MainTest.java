package dev.tidemark.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.benchmarks.harness.Bench;
import dev.tidemark.benchmarks.harness.Contender;
import dev.tidemark.benchmarks.harness.Goal;
import dev.tidemark.benchmarks.harness.Row;
import dev.tidemark.benchmarks.report.Machine;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.PatternSyntaxException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class MainTest {
    private final ByteArrayOutputStream table = new ByteArrayOutputStream();
    private final ByteArrayOutputStream progress = new ByteArrayOutputStream();

    @TempDir
    Path root;

    @BeforeEach
    void layOut() throws Exception {
        Files.createDirectories(root.resolve("benchmarks"));
        Files.createDirectories(root.resolve("docs"));
        Files.copy(Path.of("../docs/performance.md"), root.resolve("docs/performance.md"));
    }

    private Main command(String... arguments) {
        return new Main(
                Options.parse(List.of(arguments), root),
                new PrintStream(table, true, StandardCharsets.UTF_8),
                new PrintStream(progress, true, StandardCharsets.UTF_8));
    }

    private static Contender always(double figure) {
        return round -> new double[] {figure};
    }

    private JsonNode results() throws Exception {
        return new ObjectMapper()
                .readTree(root.resolve("benchmarks/results.json").toFile());
    }

    @Test
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    void everyRowRuns() throws Exception {
        int exit = command("smoke").run();

        assertThat(progress.toString(StandardCharsets.UTF_8)).doesNotContain("falls short");
        assertThat(exit).isZero();
        JsonNode results = results();
        assertThat(results.get("PostgreSQL").asText()).contains("fsync = on", "synchronous_commit = on");
        assertThat(results.get("SQLite").asText()).contains("journal_mode = wal", "synchronous = 2");
        for (JsonNode row : results.get("rows")) {
            assertThat(row.fieldNames())
                    .toIterable()
                    .containsExactly(
                            "operation",
                            "against",
                            "unit",
                            "ours",
                            "reference",
                            "ratio",
                            "min",
                            "max",
                            "goal",
                            "verdict",
                            "remark");
            assertThat(row.get("verdict").asText()).as(row.toString()).isEqualTo("OPEN");
            assertThat(table.toString(StandardCharsets.UTF_8))
                    .contains(row.get("operation").asText());
        }
        assertThat(results.get("rows")).hasSizeGreaterThan(50);
    }

    @Test
    void aRowThatFallsShortIsNamedAndFailsTheRun() throws Exception {
        Main main = command("quick");
        List<Row> rows = main.run(List.of(
                Bench.of("slow work", "/s", always(1)).against("others", always(2), new Goal.AtLeast(0.8)),
                Bench.of("fast work", "/s", always(9)).against("others", always(2), new Goal.AtLeast(0.8))));

        int exit = main.report(rows, new Machine(Map.of("JDK", "\"17\"")));

        assertThat(exit).isEqualTo(1);
        assertThat(progress.toString(StandardCharsets.UTF_8))
                .contains("falls short: slow work against others")
                .doesNotContain("falls short: fast work");
        assertThat(table.toString(StandardCharsets.UTF_8)).contains("0.50", "SHORT", "4.50", "met");
        assertThat(results().get("rows").get(0).get("verdict").asText()).isEqualTo("SHORT");
    }

    @Test
    void aWholeRunIsPublishedAgainAndAgain() throws Exception {
        Path page = root.resolve("docs/performance.md");
        Main main = command();
        List<Row> rows = main.run(
                List.of(Bench.of("work", "/s", always(3)).against("<others>", always(2), new Goal.AtLeast(1))));

        assertThat(main.report(rows, new Machine(Map.of()))).isZero();
        String once = Files.readString(page);
        assertThat(main.report(rows, new Machine(Map.of()))).isZero();

        assertThat(once).contains("| work | <others> | 3.00/s | 2.00/s | 1.50 | 1.50–1.50 | ≥ 1 | met |");
        assertThat(Files.readString(page)).isEqualTo(once);
        assertThat(Files.readString(root.resolve("docs/performance.svg"))).contains("work : &lt;others>");
    }

    @Test
    void aPartOfTheRowsIsNotPublished() throws Exception {
        Main main = command("--only", "work");

        main.report(List.of(), new Machine(Map.of()));

        assertThat(root.resolve("docs/performance.svg")).doesNotExist();
        assertThat(root.resolve("benchmarks/results.json")).exists();
    }

    @Test
    void whatIsNoProfileIsRefused() {
        assertThatThrownBy(() -> command("fast")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> command("--only")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> command("--only", "(")).isInstanceOf(PatternSyntaxException.class);
    }
}

package dev.tidemark.benchmarks.report;

import dev.tidemark.benchmarks.harness.Profile;
import dev.tidemark.benchmarks.harness.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Everything a run has found.
 *
 * @param profile how much time it took
 * @param machine where it ran
 * @param rows what it measured
 */
public record Report(Profile profile, Machine machine, List<Row> rows) {
    private static final String BEGIN = "<!-- figures: begin -->\n";
    private static final String END = "<!-- figures: end -->\n";

    /** The table for a terminal. */
    public String text() {
        List<List<String>> lines = new ArrayList<>(List.of(Figures.COLUMNS));
        rows.forEach(row -> lines.add(Figures.cells(row)));
        int[] widths = new int[Figures.COLUMNS.size()];
        for (List<String> line : lines) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], line.get(i).length());
            }
        }
        StringBuilder text = new StringBuilder();
        facts().forEach((name, value) ->
                text.append(name).append(": ").append(value).append('\n'));
        text.append('\n');
        for (List<String> line : lines) {
            StringBuilder cells = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                cells.append(line.get(i))
                        .append(" ".repeat(widths[i] - line.get(i).length() + 2));
            }
            text.append(cells.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }

    /** The same for programs. */
    public String json() {
        Map<String, Object> json = new LinkedHashMap<>(facts());
        json.put("rows", rows.stream().map(Report::json).toList());
        return Json.of(json);
    }

    private static Map<String, Object> json(Row row) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("operation", row.operation());
        json.put("against", row.rival());
        json.put("unit", row.unit());
        json.put("ours", row.ours());
        json.put("reference", row.reference());
        json.put("ratio", row.ratio().median());
        json.put("min", row.ratio().min());
        json.put("max", row.ratio().max());
        json.put("goal", row.goal().text());
        json.put("verdict", row.verdict().name());
        json.put("remark", row.remark());
        return json;
    }

    /** Draws the plot, and writes the table into the page where the last one was. */
    public void publish(Path docs) throws IOException {
        Files.writeString(docs.resolve("performance.svg"), Plot.of(rows));
        Path page = docs.resolve("performance.md");
        String text = Files.readString(page);
        int begin = text.indexOf(BEGIN);
        int end = text.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new IOException(page + " has no place for figures: " + BEGIN.strip() + " … " + END.strip());
        }
        Files.writeString(page, text.substring(0, begin + BEGIN.length()) + markdown() + text.substring(end));
    }

    private String markdown() {
        StringBuilder text = new StringBuilder("\n");
        facts().forEach((name, value) ->
                text.append("- ").append(name).append(": ").append(value).append('\n'));
        text.append("\n| ").append(String.join(" | ", Figures.COLUMNS)).append(" |\n");
        text.append("|---|---|--:|--:|--:|--:|--:|---|\n");
        rows.forEach(row ->
                text.append("| ").append(String.join(" | ", Figures.cells(row))).append(" |\n"));
        return text.append('\n').toString();
    }

    private Map<String, String> facts() {
        Map<String, String> facts = new LinkedHashMap<>(machine.facts());
        facts.put("profile", profile + ", " + profile.rounds() + (profile.rounds() == 1 ? " round" : " rounds"));
        return facts;
    }
}

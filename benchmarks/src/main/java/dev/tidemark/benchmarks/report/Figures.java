package dev.tidemark.benchmarks.report;

import dev.tidemark.benchmarks.harness.Row;
import dev.tidemark.benchmarks.harness.Spread;
import java.util.List;
import java.util.Locale;

/** Rows in the words and digits that people read. */
final class Figures {
    static final List<String> COLUMNS =
            List.of("operation", "against", "ours", "theirs", "ratio", "min–max", "goal", "verdict");

    private Figures() {}

    static List<String> cells(Row row) {
        return List.of(
                row.operation(),
                row.rival(),
                figure(row.ours(), row.unit()),
                figure(row.reference(), row.unit()),
                ratio(row.ratio().median()),
                spread(row.ratio()),
                row.goal().text(),
                verdict(row));
    }

    static String verdict(Row row) {
        return switch (row.verdict()) {
            case MET -> "met";
            case SHORT -> "SHORT";
            case OPEN -> "";
            case FAILED -> "FAILED";
        };
    }

    static String ratio(double ratio) {
        return Double.isFinite(ratio) ? String.format(Locale.ROOT, ratio < 10 ? "%.2f" : "%.1f", ratio) : "–";
    }

    private static String spread(Spread spread) {
        return Double.isFinite(spread.median()) ? ratio(spread.min()) + "–" + ratio(spread.max()) : "–";
    }

    /** Three digits that count, or a whole number. */
    private static String figure(double figure, String unit) {
        if (!Double.isFinite(figure)) {
            return "–";
        }
        String format = figure < 10 ? "%.2f" : figure < 100 ? "%.1f" : "%,.0f";
        return String.format(Locale.ROOT, format, figure).replace(',', ' ') + (unit.startsWith("/") ? "" : " ") + unit;
    }
}

package dev.tidemark.benchmarks.report;

import dev.tidemark.benchmarks.harness.Goal;
import dev.tidemark.benchmarks.harness.Row;
import java.util.List;
import java.util.Locale;

/** The ratios as a picture: a bar per row on a logarithmic scale, its spread, and a tick where the goal is. */
final class Plot {
    private static final int ROW_HEIGHT = 20;
    private static final int LABELS = 470;
    private static final int WIDTH = 960;
    private static final int TOP = 40;
    private static final double LOWEST = 0.1;
    private static final double HIGHEST = 100;

    private final StringBuilder svg = new StringBuilder();

    private Plot() {}

    static String of(List<Row> rows) {
        List<Row> measured = rows.stream()
                .filter(row -> Double.isFinite(row.ratio().median()))
                .toList();
        Plot plot = new Plot();
        plot.draw(measured);
        return plot.svg.toString();
    }

    private void draw(List<Row> rows) {
        int height = TOP + rows.size() * ROW_HEIGHT + 20;
        add(
                "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 %d %d' font-family='sans-serif' font-size='11'>",
                WIDTH, height);
        add("<rect width='%d' height='%d' fill='white'/>", WIDTH, height);
        add(
                "<text x='8' y='16' font-size='13'>Ours divided by theirs: the bar ends at the median, the line spans all rounds,"
                        + " the tick is the goal</text>");
        for (double mark : new double[] {0.1, 0.3, 1, 3, 10, 30, 100}) {
            String stroke = mark == 1 ? "#444" : "#ddd";
            add(
                    "<line x1='%1$.1f' x2='%1$.1f' y1='%2$d' y2='%3$d' stroke='%4$s'/>",
                    x(mark), TOP - 8, height - 16, stroke);
            add("<text x='%.1f' y='%d' text-anchor='middle' fill='#666'>%s</text>", x(mark), height - 4, label(mark));
        }
        for (int i = 0; i < rows.size(); i++) {
            draw(rows.get(i), TOP + i * ROW_HEIGHT);
        }
        add("</svg>");
    }

    private void draw(Row row, int y) {
        double left = Math.min(x(1), x(row.ratio().median()));
        double right = Math.max(x(1), x(row.ratio().median()));
        int middle = y + ROW_HEIGHT / 2;
        add(
                "<text x='%d' y='%d' text-anchor='end'>%s</text>",
                LABELS - 8, middle + 4, escaped(row.operation() + " : " + row.rival()));
        add(
                "<rect x='%.1f' y='%d' width='%.1f' height='%d' fill='%s'/>",
                left, y + 4, Math.max(1, right - left), 12, colour(row));
        add(
                "<line x1='%.1f' x2='%.1f' y1='%3$d' y2='%3$d' stroke='#222'/>",
                x(row.ratio().min()), x(row.ratio().max()), middle);
        double goal = goal(row.goal());
        if (Double.isFinite(goal)) {
            add(
                    "<line x1='%1$.1f' x2='%1$.1f' y1='%2$d' y2='%3$d' stroke='#000' stroke-width='2'/>",
                    x(goal), y + 2, y + 18);
        }
    }

    private static double goal(Goal goal) {
        return goal instanceof Goal.AtLeast least
                ? least.ratio()
                : goal instanceof Goal.AtMost most ? most.ratio() : Double.NaN;
    }

    private static String colour(Row row) {
        return switch (row.verdict()) {
            case MET -> "#5a9e6f";
            case SHORT, FAILED -> "#c8553d";
            case OPEN -> "#9aa5b1";
        };
    }

    private static double x(double ratio) {
        double within = Math.min(HIGHEST, Math.max(LOWEST, ratio));
        return LABELS + (WIDTH - LABELS - 20) * Math.log(within / LOWEST) / Math.log(HIGHEST / LOWEST);
    }

    private static String label(double mark) {
        return mark < 1 ? String.valueOf(mark) : String.valueOf((long) mark);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;");
    }

    private void add(String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}

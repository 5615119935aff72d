package dev.tidemark.benchmarks.harness;

import java.util.Locale;

/** What a row must reach. */
public sealed interface Goal {

    /** Whether a row does. */
    boolean isMet(double ratio);

    /** The goal in the words of the table. */
    String text();

    /** Our figure divided by the rival's. */
    record AtLeast(double ratio) implements Goal {
        @Override
        public boolean isMet(double reached) {
            return reached >= ratio;
        }

        @Override
        public String text() {
            return "≥ " + number(ratio);
        }
    }

    /** Our figure divided by the rival's, where less is better. */
    record AtMost(double ratio) implements Goal {
        @Override
        public boolean isMet(double reached) {
            return reached <= ratio;
        }

        @Override
        public String text() {
            return "≤ " + number(ratio);
        }
    }

    /** No goal: published all the same. */
    record None() implements Goal {
        @Override
        public boolean isMet(double reached) {
            return true;
        }

        @Override
        public String text() {
            return "";
        }
    }

    private static String number(double value) {
        return value == Math.rint(value) ? String.valueOf((long) value) : String.format(Locale.ROOT, "%.2f", value);
    }
}

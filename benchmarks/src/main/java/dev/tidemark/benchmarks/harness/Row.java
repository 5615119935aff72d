package dev.tidemark.benchmarks.harness;

/**
 * A line of the table.
 *
 * @param operation what was done
 * @param rival what it was compared with
 * @param unit the unit of both figures
 * @param ours our figure, the median of all rounds
 * @param reference theirs
 * @param ratio ours divided by theirs
 * @param goal what was to be reached
 * @param verdict whether it was
 * @param remark why there are no figures, or empty
 */
public record Row(
        String operation,
        String rival,
        String unit,
        double ours,
        double reference,
        Spread ratio,
        Goal goal,
        Verdict verdict,
        String remark) {

    /** What came of a row. */
    public enum Verdict {
        /** The goal is reached. */
        MET,
        /** It is not. */
        SHORT,
        /** There is none, or the run was too short to tell. */
        OPEN,
        /** It could not be measured. */
        FAILED
    }

    /** Whether the run must not count as a success. */
    public boolean fallsShort() {
        return verdict == Verdict.SHORT || verdict == Verdict.FAILED;
    }
}

package dev.tidemark.benchmarks.harness;

import java.time.Duration;
import java.util.Locale;

/** How much time a run takes. */
public enum Profile {
    /** Shows that every row runs, and judges none. */
    SMOKE(1, false, Duration.ofMillis(50), Duration.ofMillis(100), 100),
    /** About ten minutes. */
    QUICK(5, true, Duration.ofMillis(200), Duration.ofMillis(500), 1),
    /** As long as it takes. */
    FULL(9, true, Duration.ofSeconds(1), Duration.ofSeconds(4), 1);

    private final int rounds;
    private final boolean practised;
    private final Duration warmUp;
    private final Duration measured;
    private final int divisor;

    Profile(int rounds, boolean practised, Duration warmUp, Duration measured, int divisor) {
        this.rounds = rounds;
        this.practised = practised;
        this.warmUp = warmUp;
        this.measured = measured;
        this.divisor = divisor;
    }

    /** The profile of that name. */
    public static Profile named(String name) {
        for (Profile profile : values()) {
            if (profile.toString().equals(name)) {
                return profile;
            }
        }
        throw new IllegalArgumentException("there is no profile '" + name + "'");
    }

    /** How many rounds count. */
    public int rounds() {
        return rounds;
    }

    /** Whether a round that doesn't count goes before the others, for the compilers' sake, and whether goals are judged. */
    public boolean isPractised() {
        return practised;
    }

    /** How long callers call before they are counted. */
    public Duration warmUp() {
        return warmUp;
    }

    /** How long they are counted. */
    public Duration measured() {
        return measured;
    }

    /** A number of rows or of changes; a smoke run makes do with fewer. */
    public int size(int rows) {
        return Math.max(Math.min(1, rows), rows / divisor);
    }

    /** The sizes at which growth is measured, of those given in ascending order: the largest alone, or all if there is time. */
    public int[] steps(int... sizes) {
        return this == FULL ? sizes : new int[] {sizes[sizes.length - 1]};
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}

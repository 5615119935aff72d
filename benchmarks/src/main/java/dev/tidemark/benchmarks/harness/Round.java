package dev.tidemark.benchmarks.harness;

import java.time.Duration;

/**
 * One turn of every contender.
 *
 * @param number from 0; seeds what is random
 * @param profile how long to take
 * @param warmUp how long callers call before they are counted
 * @param measured how long they are counted
 */
public record Round(int number, Profile profile, Duration warmUp, Duration measured) {

    /** A round that takes as long as the profile says. */
    public Round(int number, Profile profile) {
        this(number, profile, profile.warmUp(), profile.measured());
    }

    /** Half of the time, and hardly a warm-up, for those who go on with what they had in the round before. */
    public Round shorter() {
        return new Round(number, profile, warmUp.dividedBy(5), measured.dividedBy(2));
    }
}

package dev.tidemark.store.postgres.chaos;

import java.util.Random;

/** The keys that writers fight for, and those that they seldom share. */
final class Keys {
    static final String HOT = "hot|kind";
    static final String WIDE = "wide";
    static final int HOT_KEYS = 20;
    static final int WIDE_KEYS = 5_000;

    /** Behind all others, and always there: so a replay that lost its snapshot shows something of the next, and tells its revision. */
    static final String LAST = "the last";

    private Keys() {}

    static String hot(int number) {
        return "key %02d".formatted(number % HOT_KEYS);
    }

    static String wide(int number) {
        return "key-%04d".formatted(number % WIDE_KEYS);
    }

    static String kind(Random random) {
        return random.nextInt(5) < 3 ? HOT : WIDE;
    }

    static String of(String kind, Random random) {
        return kind.equals(HOT) ? hot(random.nextInt(HOT_KEYS)) : wide(random.nextInt(WIDE_KEYS));
    }
}

package dev.tidemark.event;

import dev.tidemark.store.spi.Names;

/** The rules of names of events and aggregates. */
final class EventNames {
    /** In characters (code points), as the columns of the table count them. */
    private static final int MAX_LENGTH = 255;

    private EventNames() {}

    static String check(String what, String name) {
        if (name == null) {
            throw new NullPointerException(what + " must not be null");
        }
        if (name.isEmpty()) {
            throw new IllegalArgumentException(what + " must not be empty");
        }
        Names.checkBound(what, name);
        int length = name.codePointCount(0, name.length());
        if (length > MAX_LENGTH) {
            throw new IllegalArgumentException(
                    what + " must have at most " + MAX_LENGTH + " characters, but has " + length);
        }
        return name;
    }
}

package dev.tidemark.store.sqlite;

import dev.tidemark.store.spi.GroupCommit;
import java.util.Arrays;

/** The threads that write just now. */
final class Writers {
    private Writers() {}

    /** How many of them are in that method of {@link GroupCommit}. */
    static long in(String method) {
        return Thread.getAllStackTraces().values().stream()
                .filter(stack -> Arrays.stream(stack)
                        .anyMatch(frame -> frame.getMethodName().equals(method)
                                && frame.getClassName().equals(GroupCommit.class.getName())))
                .count();
    }
}

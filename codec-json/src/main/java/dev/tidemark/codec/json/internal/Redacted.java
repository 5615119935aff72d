package dev.tidemark.codec.json.internal;

import org.jspecify.annotations.Nullable;

/** Stands in for an exception whose message may quote the value: it has its class name and its stack, not its words. */
final class Redacted extends Exception {
    private static final long serialVersionUID = 1L;

    private static final int MAX_CAUSES = 8;

    private Redacted(Throwable original, @Nullable Redacted cause) {
        super(original.getClass().getName() + " (message withheld, it may quote the value)", cause, false, true);
        setStackTrace(original.getStackTrace());
    }

    static Redacted of(Throwable original) {
        return of(original, MAX_CAUSES);
    }

    private static Redacted of(Throwable original, int causes) {
        Throwable cause = original.getCause();
        return new Redacted(original, cause == null || causes == 0 ? null : of(cause, causes - 1));
    }
}

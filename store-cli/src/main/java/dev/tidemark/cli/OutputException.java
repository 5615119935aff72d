package dev.tidemark.cli;

import java.io.IOException;

/** Standard output can't be written. */
final class OutputException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean readerIsGone;

    OutputException(IOException cause) {
        super("can't write to standard output: " + cause.getMessage(), cause);
        String reason = String.valueOf(cause.getMessage());
        this.readerIsGone = reason.contains("Broken pipe") || reason.contains("pipe is being closed");
    }

    /** Whether the reader of a pipe has simply seen enough, as {@code head} does. */
    boolean readerIsGone() {
        return readerIsGone;
    }
}

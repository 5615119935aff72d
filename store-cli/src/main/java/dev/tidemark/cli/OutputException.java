package dev.tidemark.cli;

import java.io.IOException;

/** Standard output can't be written. */
final class OutputException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    OutputException(IOException cause) {
        super("can't write to standard output: " + cause.getMessage(), cause);
    }

    /** Whether the reader of a pipe has simply seen enough, as {@code head} does. */
    boolean readerIsGone() {
        String reason = String.valueOf(getCause().getMessage());
        return reason.contains("Broken pipe") || reason.contains("pipe is being closed");
    }

    @Override
    public synchronized IOException getCause() {
        return (IOException) super.getCause();
    }
}

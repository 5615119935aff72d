package dev.tidemark.cli;

import org.jspecify.annotations.Nullable;

/** What the user gave can't be used; the message is meant for them. */
final class InputException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String message;

    InputException(String message) {
        this(message, null);
    }

    InputException(String message, @Nullable Throwable cause) {
        super(message, cause);
        this.message = message;
    }

    @Override
    public String getMessage() {
        return message;
    }

    /** Something is wrong with a line of a file, counted from 1. */
    static InputException atLine(long line, String reason, @Nullable Throwable cause) {
        return new InputException("line " + line + ": " + reason, cause);
    }
}

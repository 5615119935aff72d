package dev.tidemark.cli;

import dev.tidemark.codec.CodecException;
import dev.tidemark.event.AppendIdReusedException;
import dev.tidemark.event.EventConflictException;
import dev.tidemark.event.UndecodableEventException;
import dev.tidemark.store.ConflictException;
import dev.tidemark.store.HistoryCompactedException;
import dev.tidemark.store.KeyNotFoundException;
import dev.tidemark.store.RevisionAheadException;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.ValidationException;
import dev.tidemark.store.ValueTooLargeException;
import dev.tidemark.store.WatchOverflowException;

/** What a script learns from the end of a command; the one place where failures become numbers. */
final class ExitCode {
    static final int FINE = 0;
    static final int NOT_FOUND_OR_CONFLICT = 1;
    static final int BAD_INPUT = 2;
    static final int STORE_UNAVAILABLE = 3;
    static final int CHANGES_MISSED = 4;

    /** A mistake of this program, as sysexits.h has it. */
    static final int BUG = 70;

    /** What a shell sees of a program that SIGINT ended. */
    static final int INTERRUPTED = 130;

    /** What a shell sees of a program that wrote into a pipe nobody reads. */
    static final int READER_GONE = 141;

    private ExitCode() {}

    static int of(Throwable failure) {
        if (failure instanceof OutputException output) {
            return output.readerIsGone() ? READER_GONE : BAD_INPUT;
        }
        if (failure instanceof KeyNotFoundException
                || failure instanceof ConflictException
                || failure instanceof EventConflictException
                || failure instanceof AppendIdReusedException
                || failure instanceof DemoException) {
            return NOT_FOUND_OR_CONFLICT;
        }
        if (failure instanceof HistoryCompactedException
                || failure instanceof WatchOverflowException
                || failure instanceof RevisionAheadException) {
            return CHANGES_MISSED;
        }
        return isBadInput(failure) ? BAD_INPUT : failure instanceof StoreException ? STORE_UNAVAILABLE : BUG;
    }

    private static boolean isBadInput(Throwable failure) {
        return failure instanceof InputException
                || failure instanceof IllegalArgumentException
                || failure instanceof CodecException
                || failure instanceof UndecodableEventException
                || failure instanceof ValidationException
                || failure instanceof ValueTooLargeException
                || failure instanceof OutOfMemoryError;
    }
}

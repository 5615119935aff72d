package dev.tidemark.store.sqlite;

import dev.tidemark.store.OutcomeUnknownException;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.StoreUnavailableException;
import java.sql.SQLException;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** What SQLite's error codes mean for a caller. */
final class Failures {
    private static final int PRIMARY = 0xff;

    private Failures() {}

    /** Whether another connection holds a lock, so that trying again is worth while. */
    static boolean isBusy(SQLException failure) {
        return is(failure, SQLiteErrorCode.SQLITE_BUSY) || is(failure, SQLiteErrorCode.SQLITE_LOCKED);
    }

    static boolean isInterrupt(SQLException failure) {
        return is(failure, SQLiteErrorCode.SQLITE_INTERRUPT);
    }

    /** Whether there simply was no transaction to end: SQLite rolls some failed ones back by itself. */
    static boolean isNoTransaction(SQLException failure) {
        return code(failure) == SQLiteErrorCode.SQLITE_ERROR.code;
    }

    /** Whether the connection can be used again; a new one is made otherwise. */
    static boolean isHarmless(SQLException failure) {
        return isBusy(failure)
                || isInterrupt(failure)
                || is(failure, SQLiteErrorCode.SQLITE_FULL)
                || is(failure, SQLiteErrorCode.SQLITE_TOOBIG)
                || is(failure, SQLiteErrorCode.SQLITE_CONSTRAINT);
    }

    /** Whether someone's file, not someone's mistake, is at fault. */
    static boolean isNoDatabase(SQLException failure) {
        return is(failure, SQLiteErrorCode.SQLITE_NOTADB) || is(failure, SQLiteErrorCode.SQLITE_CORRUPT);
    }

    /** A failure outside of a commit: nothing was written. */
    static StoreException of(SQLException failure, String file) {
        return switch (primary(failure)) {
            case SQLITE_FULL ->
                new StoreUnavailableException(
                        file + ": the disk is full, nothing was written; free some space and try again", failure);
            case SQLITE_READONLY ->
                new StoreUnavailableException(file + ": the file or its directory is read-only", failure);
            case SQLITE_NOTADB -> new StoreUnavailableException(file + ": not a SQLite database", failure);
            case SQLITE_CORRUPT ->
                new StoreUnavailableException(file + ": the database is corrupt; restore it from a backup", failure);
            case SQLITE_CANTOPEN, SQLITE_PERM, SQLITE_AUTH ->
                new StoreUnavailableException(
                        file + ": can't be opened; check the permissions of the file and its directory", failure);
            case SQLITE_IOERR -> new StoreUnavailableException(file + ": reading or writing the file failed", failure);
            case SQLITE_BUSY, SQLITE_LOCKED, SQLITE_PROTOCOL ->
                new StoreUnavailableException(file + ": another process is in the way; try again", failure);
            case SQLITE_NOMEM -> new StoreUnavailableException(file + ": SQLite is out of memory", failure);
            default -> new StoreException(file + ": " + primary(failure), failure);
        };
    }

    /**
     * A failed commit. When a page could not be written the log has no valid commit record. Of any other failure, a failed sync
     * above all, nobody can tell whether the record would be found after a crash.
     */
    static StoreException ofCommit(SQLException failure, String file) {
        boolean rolledBack = isBusy(failure)
                || is(failure, SQLiteErrorCode.SQLITE_FULL)
                || is(failure, SQLiteErrorCode.SQLITE_READONLY)
                || code(failure) == SQLiteErrorCode.SQLITE_IOERR_WRITE.code;
        return rolledBack
                ? of(failure, file)
                : new OutcomeUnknownException(
                        file + ": committing failed; the write may or may not have happened", failure);
    }

    private static boolean is(SQLException failure, SQLiteErrorCode code) {
        return (code(failure) & PRIMARY) == code.code;
    }

    private static SQLiteErrorCode primary(SQLException failure) {
        return SQLiteErrorCode.getErrorCode(code(failure) & PRIMARY);
    }

    /** The driver's {@link SQLException#getErrorCode} has lost the extended part. */
    private static int code(SQLException failure) {
        return failure instanceof SQLiteException precise ? precise.getResultCode().code : failure.getErrorCode();
    }
}

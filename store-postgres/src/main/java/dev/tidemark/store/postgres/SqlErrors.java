package dev.tidemark.store.postgres;

import dev.tidemark.store.OutcomeUnknownException;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.StoreInterruptedException;
import dev.tidemark.store.StoreUnavailableException;
import java.io.IOException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** What the failures of the driver mean. Messages take what the server says in a line, not its details, which may quote values. */
final class SqlErrors {
    private static final Set<String> GAVE_WAY = Set.of("40001", "40P01");
    private static final String UNIQUE_VIOLATION = "23505";
    private static final String QUERY_CANCELED = "57014";
    private static final String LOCK_NOT_AVAILABLE = "55P03";
    private static final String READ_ONLY = "25006";
    private static final String UNDEFINED_TABLE = "42P01";
    private static final String NO_PRIVILEGE = "42501";
    private static final String LIMIT_EXCEEDED = "54000";
    private static final Set<String> TRANSACTION_TIMED_OUT = Set.of("25P03", "25P04");
    private static final String NO_TRANSACTION = "25P01";
    private static final String IN_FAILED_TRANSACTION = "25P02";

    /** A prepared statement is missing, or there already. */
    private static final Set<String> OTHERS_STATEMENT = Set.of("26000", "42P05");

    private SqlErrors() {}

    static boolean isPrivilegeMissing(SQLException failure) {
        return state(failure).equals(NO_PRIVILEGE);
    }

    /** Whether the server rolled back for reasons that another try may not meet. */
    static boolean isCleanConflict(SQLException failure) {
        return gaveWay(failure) || state(failure).equals(UNIQUE_VIOLATION);
    }

    /** Whether rows of a table are in the way of a unique index; not so the server's own, where two make the same table at once. */
    static boolean isDuplicate(SQLException failure) {
        ServerErrorMessage said = failure instanceof PSQLException driver ? driver.getServerErrorMessage() : null;
        return state(failure).equals(UNIQUE_VIOLATION) && said != null && !"pg_catalog".equals(said.getSchema());
    }

    /** Whether the server rolled back only because of what others did at the same time. */
    static boolean gaveWay(SQLException failure) {
        return GAVE_WAY.contains(state(failure));
    }

    /** Whether the connection is of no use any more, or was never made. */
    static boolean isConnectionFailure(SQLException failure) {
        String state = state(failure);
        return state.startsWith("08")
                || state.startsWith("57P")
                || state.startsWith("53")
                || state.equals(READ_ONLY)
                || TRANSACTION_TIMED_OUT.contains(state)
                || failure instanceof SQLTransientConnectionException
                || (state.isEmpty() && hasIoCause(failure));
    }

    /** Whether the server said so itself before it did anything, so that the statement had no effect for sure. */
    static boolean isRefused(SQLException failure) {
        String state = state(failure);
        return state.equals(READ_ONLY) || state.startsWith("53") || state.equals("57P03");
    }

    /** Whether the statement was to end because it took too long. */
    static boolean isStopped(SQLException failure) {
        String state = state(failure);
        return state.equals(QUERY_CANCELED) || state.equals(LOCK_NOT_AVAILABLE);
    }

    /** Whether the server holds as many notifications as it can, since somebody who listens takes none of them. */
    static boolean isQueueFull(SQLException failure) {
        return state(failure).equals(LIMIT_EXCEEDED);
    }

    /** The failure of a call that wrote nothing. */
    static RuntimeException translated(SQLException failure, Calls.Call call) {
        boolean poolExhausted = failure instanceof SQLTransientConnectionException && failure.getCause() == null;
        if (poolExhausted) {
            return call.stopped(failure, "a pooled connection");
        }
        if (call.wasStopped() || Thread.currentThread().isInterrupted()) {
            return call.stopped(failure);
        }
        if (isStopped(failure)) {
            return call.stopped(failure);
        }
        if (isConnectionFailure(failure)) {
            return unavailable(failure);
        }
        return fatal(failure);
    }

    /** The failure of a statement that commits by itself. */
    static RuntimeException translatedCommit(SQLException failure, Calls.Call call) {
        if (isConnectionFailure(failure) && !isRefused(failure)) {
            return new OutcomeUnknownException(
                    "the connection broke while the write was being committed; it may or may not have happened",
                    failure);
        }
        return translated(failure, call);
    }

    /** The failure of a transaction of several statements, which can only be done anew as a whole. */
    static StoreUnavailableException overtaken(SQLException failure) {
        return new StoreUnavailableException(
                "PostgreSQL undid the transaction in favour of another one (" + messageOf(failure) + "); try it again",
                failure);
    }

    /** The failure of a call in the caller's own transaction, which is as the caller has made it. */
    static RuntimeException translatedJoined(SQLException failure, Calls.Call call) {
        return switch (state(failure)) {
            case READ_ONLY -> new StoreException("the caller's transaction is read-only", failure);
            case NO_TRANSACTION ->
                new StoreException(
                        "the caller's connection commits every statement by itself; call setAutoCommit(false) first",
                        failure);
            default -> translated(failure, call);
        };
    }

    static StoreUnavailableException unavailable(SQLException failure) {
        return new StoreUnavailableException("the PostgreSQL server can't be used now: " + messageOf(failure), failure);
    }

    static StoreInterruptedException interrupted(String waitingFor, @Nullable Throwable cause) {
        return new StoreInterruptedException("interrupted while waiting for " + waitingFor, cause);
    }

    private static StoreException fatal(SQLException failure) {
        String state = state(failure);
        if (state.equals(UNDEFINED_TABLE)) {
            return new StoreUnavailableException(
                    "tables are missing (" + messageOf(failure)
                            + "); open with SchemaMode.CREATE, or apply the schema by hand",
                    failure);
        }
        if (state.equals(NO_PRIVILEGE)) {
            return new StoreUnavailableException(
                    "a privilege is missing: " + messageOf(failure)
                            + "; docs/postgres.md lists those that a role needs",
                    failure);
        }
        if (state.equals(IN_FAILED_TRANSACTION)) {
            return new StoreException("the caller's transaction has failed before; roll it back", failure);
        }
        if (OTHERS_STATEMENT.contains(state)) {
            return new StoreException(
                    "PostgreSQL refused: " + messageOf(failure)
                            + "; if there is a proxy that pools transactions, add prepareThreshold=0 to the URI,"
                            + " as docs/postgres.md says",
                    failure);
        }
        return new StoreException(
                state.isEmpty()
                        ? "the driver refused: " + messageOf(failure)
                        : "PostgreSQL refused: " + messageOf(failure) + " (SQLSTATE " + state + ")",
                failure);
    }

    static String messageOf(SQLException failure) {
        Throwable root = failure;
        while (root.getCause() instanceof SQLException deeper && deeper != root) {
            root = deeper;
        }
        if (root.getCause() instanceof UnknownHostException unknown) {
            return "there is no host " + unknown.getMessage();
        }
        ServerErrorMessage said = root instanceof PSQLException driver ? driver.getServerErrorMessage() : null;
        String message = said == null ? root.getMessage() : said.getMessage();
        return String.valueOf(message);
    }

    static String state(SQLException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && sql.getSQLState() != null) {
                return sql.getSQLState();
            }
        }
        return "";
    }

    private static boolean hasIoCause(SQLException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof IOException) {
                return true;
            }
        }
        return false;
    }
}

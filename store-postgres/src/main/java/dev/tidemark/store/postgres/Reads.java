package dev.tidemark.store.postgres;

import dev.tidemark.store.spi.Deadline;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Short reads on the pool; since they change nothing, a broken connection only means another try. */
final class Reads {
    private final Calls calls;
    private final Connections connections;
    private final Duration timeout;

    /** A query. */
    interface Query<T> {
        T run(Connection connection) throws SQLException;
    }

    Reads(Calls calls, Connections connections, Duration timeout) {
        this.calls = calls;
        this.connections = connections;
        this.timeout = timeout;
    }

    <T> T read(String waitingFor, Query<T> query) {
        Deadline deadline = Deadline.after(timeout);
        Retries retries = new Retries(deadline, waitingFor);
        while (true) {
            Optional<T> result = tryOnce(deadline, waitingFor, query, retries);
            if (result.isPresent()) {
                return result.get();
            }
            retries.pause();
        }
    }

    /** Empty when it may be tried again. */
    private <T> Optional<T> tryOnce(Deadline deadline, String waitingFor, Query<T> query, Retries retries) {
        try {
            return calls.run(deadline, waitingFor, call -> run(call, query, retries));
        } catch (SQLException impossible) {
            throw SqlErrors.unavailable(impossible);
        }
    }

    private <T> Optional<T> run(Calls.Call call, Query<T> query, Retries retries) {
        Connections.@Nullable Lease lease = null;
        try {
            lease = connections.borrow(call);
            return Optional.of(query.run(call.attach(lease.connection())));
        } catch (SQLException failure) {
            boolean broken = SqlErrors.isConnectionFailure(failure);
            if (lease != null && broken) {
                lease.spoil();
            }
            if ((broken || SqlErrors.isCleanConflict(failure)) && !call.wasStopped() && retries.mayTryAgain()) {
                return Optional.empty();
            }
            throw SqlErrors.translated(failure, call);
        } finally {
            call.detach();
            if (lease != null) {
                if (call.wasStopped()) {
                    lease.spoil();
                }
                lease.close();
            }
        }
    }
}

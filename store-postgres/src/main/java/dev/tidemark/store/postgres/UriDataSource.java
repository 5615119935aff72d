package dev.tidemark.store.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Connections without a pool, by a URI that does not say when statements are to be prepared.
 *
 * <p>Where a proxy hands connections of the server out for a transaction each, a statement that one client has prepared there is met by
 * others under the same name: calls fail, or do what another client meant. PgBouncer tells its clients a process id of its own making,
 * so where that is not the server's, statements are planned each time. It takes a question to the server to find out, for which nobody's
 * deadline counts here; so the pool's threads ask, and others go by what they have found.
 */
final class UriDataSource extends PGSimpleDataSource {
    private static final long serialVersionUID = 1L;

    private final boolean asking;
    private final AtomicBoolean proxied;

    /**
     * Makes a data source that has yet to be told where to connect.
     *
     * @param asking whether each connection asks
     * @param proxied what those have found that ask; true before
     */
    UriDataSource(boolean asking, AtomicBoolean proxied) {
        this.asking = asking;
        this.proxied = proxied;
    }

    @Override
    public Connection getConnection(@Nullable String user, @Nullable String password) throws SQLException {
        Connection connection = super.getConnection(user, password);
        try {
            PGConnection driver = connection.unwrap(PGConnection.class);
            if (asking) {
                proxied.set(driver.getBackendPID() != serverProcess(connection));
            }
            if (proxied.get()) {
                driver.setPrepareThreshold(0);
            }
            return connection;
        } catch (SQLException | RuntimeException | Error failure) {
            Connections.close(connection);
            throw failure;
        }
    }

    private static int serverProcess(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_backend_pid()")) {
            row.next();
            return row.getInt(1);
        }
    }
}

package dev.tidemark.store.sqlite;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A connection for statements of the caller's, whose transaction somebody else ends. Nothing can be done with it any more then, and no
 * statement stays open: one that still reads would keep the connection at what it reads, and once another process has written, SQLite
 * lets nobody write from there.
 */
final class LentConnection {
    private static final Logger LOG = System.getLogger(LentConnection.class.getName());
    private static final Set<String> REFUSED =
            Set.of("close", "abort", "commit", "rollback", "setAutoCommit", "unwrap");
    private static final int MANY = 1_000;

    private final Connection connection;
    private final Connection lent;
    private final List<Statement> statements = new ArrayList<>();
    private int enough = MANY;
    private volatile boolean over;

    LentConnection(Connection connection) {
        this.connection = connection;
        this.lent = (Connection) Proxy.newProxyInstance(
                Connection.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                (proxy, method, arguments) -> invoke(method, arguments));
    }

    /** What the caller gets. */
    Connection lent() {
        return lent;
    }

    /** Takes it back, for the thread that it was lent to. */
    void end() {
        over = true;
        for (Statement statement : statements) {
            try {
                statement.close();
            } catch (SQLException failure) {
                LOG.log(Level.DEBUG, "a statement of the caller''s had failed: {0}", failure.getMessage());
            }
        }
        statements.clear();
    }

    @SuppressWarnings("NullAway") // what a method of a connection takes and returns may be null
    private @Nullable Object invoke(Method method, @Nullable Object[] arguments) throws Throwable {
        if (REFUSED.contains(method.getName())) {
            throw new SQLException("the transaction belongs to the backend, which will end it");
        }
        if (over && method.getDeclaringClass() != Object.class) {
            throw new SQLException("the transaction of this connection is over");
        }
        try {
            Object result = method.invoke(connection, arguments);
            if (result instanceof Statement statement) {
                remember(statement);
            }
            return result;
        } catch (InvocationTargetException thrown) {
            throw thrown.getCause();
        }
    }

    private void remember(Statement statement) throws SQLException {
        if (statements.size() == enough) {
            List<Statement> open = new ArrayList<>();
            for (Statement other : statements) {
                if (!other.isClosed()) {
                    open.add(other);
                }
            }
            statements.clear();
            statements.addAll(open);
            enough = open.size() + MANY;
        }
        statements.add(statement);
    }
}

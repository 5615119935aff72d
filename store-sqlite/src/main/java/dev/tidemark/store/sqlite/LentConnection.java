package dev.tidemark.store.sqlite;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
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

    private final Session session;
    private final Connection connection;
    private final Connection lent;
    private final List<Statement> statements = new ArrayList<>();
    private int enough = MANY;
    private volatile boolean over;

    LentConnection(Session session) {
        this.session = session;
        this.connection = session.connection();
        this.lent = proxy(Connection.class, this::invoke);
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

    private interface Handler {
        @Nullable
        Object invoke(Method method, @Nullable Object[] arguments) throws Throwable;
    }

    private static <T> T proxy(Class<T> type, Handler handler) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> handler.invoke(method, arguments)));
    }

    private @Nullable Object invoke(Method method, @Nullable Object[] arguments) throws Throwable {
        if (REFUSED.contains(method.getName())) {
            throw new SQLException("the transaction belongs to the backend, which will end it");
        }
        if (over && method.getDeclaringClass() != Object.class) {
            throw new SQLException("the transaction of this connection is over");
        }
        Object result = call(connection, method, arguments);
        if (result instanceof Statement statement) {
            remember(statement);
            return result instanceof PreparedStatement
                    ? proxy(PreparedStatement.class, (called, with) -> invoke(statement, called, with))
                    : proxy(Statement.class, (called, with) -> invoke(statement, called, with));
        }
        return result;
    }

    private @Nullable Object invoke(Statement statement, Method method, @Nullable Object[] arguments) throws Throwable {
        if (method.getName().equals("getConnection")) {
            return lent;
        }
        if (method.getName().startsWith("execute") && !over && session.isOver()) {
            throw new SQLException("the transaction is over, because something failed in it; nothing of it is written");
        }
        return call(statement, method, arguments);
    }

    @SuppressWarnings("NullAway") // what a method takes and returns may be null
    private static @Nullable Object call(Object target, Method method, @Nullable Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
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

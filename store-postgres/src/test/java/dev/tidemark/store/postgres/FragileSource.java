package dev.tidemark.store.postgres;

import java.io.PrintWriter;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.util.Deque;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.postgresql.core.TransactionState;
import org.postgresql.jdbc.PgConnection;

/**
 * A pool of the caller's, of which one call may fail: that of a number, counted over the calls of one thread. It notices what a pool
 * minds: connections that do not come back, or come back in the middle of something.
 */
final class FragileSource implements DataSource, AutoCloseable {
    private static final Set<String> CALLS = Set.of(
            "commit", "rollback", "setSavepoint", "releaseSavepoint", "isValid", "getAutoCommit", "setAutoCommit");

    /** What a call meets. */
    enum Fault {
        /** The connection breaks before the call is sent. */
        BROKEN,
        /** The connection breaks before the answer arrives. */
        UNANSWERED,
        /** The server ends the statement, and what it was part of. */
        CANCELLED,
        /** The thread has no stack left. */
        EXHAUSTED
    }

    private final PostgresServer.Database database;
    private final Deque<PgConnection> idle = new ConcurrentLinkedDeque<>();
    private final AtomicInteger lent = new AtomicInteger();
    private final AtomicInteger unfinished = new AtomicInteger();
    private Runnable afterCommit = () -> {};
    private boolean aborting = true;
    private volatile Thread counted;
    private Fault fault;
    private int calls;
    private int failing;
    private boolean writing;

    FragileSource(PostgresServer.Database database) {
        this.database = database;
    }

    /** From now on the calls of this thread count, and one of them fails; none if the number is negative. */
    void fail(int call, Fault fault) {
        this.counted = Thread.currentThread();
        this.calls = 0;
        this.failing = call;
        this.fault = fault;
        this.writing = false;
    }

    /** Ends that, and returns how many calls there were. */
    int calls() {
        counted = null;
        return calls;
    }

    /** Whether the call that failed could have changed anything. */
    boolean failedWriting() {
        return writing;
    }

    /** How many connections that thread was lent, and nobody has given back. */
    int lent() {
        return lent.get();
    }

    /** How many connections came back in the middle of a transaction. */
    int unfinished() {
        return unfinished.get();
    }

    /** Runs something when the next commit was done, and is not known yet. */
    void afterCommit(Runnable action) {
        afterCommit = action;
    }

    /** As some pools do, refuses to break connections off. */
    void refuseToAbort() {
        aborting = false;
    }

    private interface Action {
        Object run() throws SQLException;
    }

    private Object call(String text, PgConnection connection, Action action) throws SQLException {
        if (Thread.currentThread() != counted || calls++ != failing) {
            return action.run();
        }
        writing = text.matches("(?is).*\\b(insert|update|delete|commit)\\b.*");
        switch (fault) {
            case UNANSWERED -> action.run();
            case CANCELLED -> {
                spoilTransaction(connection);
                throw new SQLException("cancelled on purpose", "57014");
            }
            case EXHAUSTED -> throw new StackOverflowError("on purpose");
            default -> {}
        }
        connection.abort(Runnable::run);
        throw new SQLException("broken on purpose", "08006");
    }

    private static void spoilTransaction(PgConnection connection) throws SQLException {
        if (connection.getTransactionState() == TransactionState.IDLE) {
            return;
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute("SELECT 1/0");
        } catch (SQLException expected) {
            assert "22012".equals(expected.getSQLState());
        }
    }

    @Override
    public Connection getConnection() throws SQLException {
        PgConnection connection = idle.poll();
        while (connection != null && connection.isClosed()) {
            connection = idle.poll();
        }
        PgConnection open = connection == null ? database.connect().unwrap(PgConnection.class) : connection;
        return proxy(Connection.class, new Lent(open, Thread.currentThread() == counted));
    }

    private void takeBack(PgConnection connection) throws SQLException {
        if (connection.isClosed()) {
            return;
        }
        if (connection.getAutoCommit() && connection.getTransactionState() == TransactionState.IDLE) {
            idle.add(connection);
        } else {
            unfinished.incrementAndGet();
            connection.close();
        }
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(FragileSource.class.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private static Object invoke(Object target, Method method, Object[] arguments) throws SQLException {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException failure) {
            if (failure.getCause() instanceof SQLException reason) {
                throw reason;
            }
            throw new IllegalStateException(failure.getCause());
        } catch (IllegalAccessException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private final class Lent implements InvocationHandler {
        private final PgConnection connection;
        private final boolean counts;
        private boolean open = true;

        Lent(PgConnection connection, boolean counts) {
            this.connection = connection;
            this.counts = counts;
            lent.addAndGet(counts ? 1 : 0);
        }

        @Override
        public Object invoke(Object proxy, Method method, Object[] arguments) throws SQLException {
            String name = method.getName();
            switch (name) {
                case "close" -> {
                    if (open) {
                        open = false;
                        lent.addAndGet(counts ? -1 : 0);
                        takeBack(connection);
                    }
                    return null;
                }
                case "abort" -> {
                    if (!aborting) {
                        throw new SQLFeatureNotSupportedException("this pool breaks nothing off");
                    }
                }
                case "prepareStatement" -> {
                    Object statement = FragileSource.invoke(connection, method, arguments);
                    return proxy(PreparedStatement.class, new Sent(connection, statement, (String) arguments[0]));
                }
                case "createStatement" -> {
                    Object statement = FragileSource.invoke(connection, method, arguments);
                    return proxy(Statement.class, new Sent(connection, statement, ""));
                }
                default -> {}
            }
            if (!CALLS.contains(name)) {
                return FragileSource.invoke(connection, method, arguments);
            }
            Object result = call(name, connection, () -> FragileSource.invoke(connection, method, arguments));
            if (name.equals("commit")) {
                afterCommit.run();
            }
            return result;
        }
    }

    private final class Sent implements InvocationHandler {
        private final PgConnection connection;
        private final Object statement;
        private final String text;

        Sent(PgConnection connection, Object statement, String text) {
            this.connection = connection;
            this.statement = statement;
            this.text = text;
        }

        @Override
        public Object invoke(Object proxy, Method method, Object[] arguments) throws SQLException {
            return method.getName().startsWith("execute")
                    ? call(text, connection, () -> FragileSource.invoke(statement, method, arguments))
                    : FragileSource.invoke(statement, method, arguments);
        }
    }

    @Override
    public void close() throws SQLException {
        for (PgConnection connection : idle) {
            connection.close();
        }
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        return DriverManager.getConnection(database.uri(), user, password);
    }

    @Override
    public PrintWriter getLogWriter() {
        return null;
    }

    @Override
    public void setLogWriter(PrintWriter out) {}

    @Override
    public void setLoginTimeout(int seconds) {}

    @Override
    public int getLoginTimeout() {
        return 0;
    }

    @Override
    public Logger getParentLogger() {
        return Logger.getGlobal();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        throw new SQLFeatureNotSupportedException();
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
        return false;
    }
}

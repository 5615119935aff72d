package dev.tidemark.store.sqlite;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;
import org.sqlite.jdbc4.JDBC4Connection;

/** Connections of which some calls fail: those of two numbers, counted over the calls of one thread to all of them. */
final class FragileConnections implements Session.Connector {
    private static final String SCHEME = "jdbc:sqlite:";

    /** What a call meets. */
    enum Fault {
        BUSY(SQLiteErrorCode.SQLITE_BUSY, false),
        /** What reads or writes fails, and SQLite rolls back what it was part of. */
        BROKEN(SQLiteErrorCode.SQLITE_IOERR_READ, true),
        FULL(SQLiteErrorCode.SQLITE_FULL, true),
        NO_MEMORY(SQLiteErrorCode.SQLITE_NOMEM, true),
        CORRUPT(SQLiteErrorCode.SQLITE_CORRUPT, false),
        /** What was done is not known to have reached the disk. */
        UNSYNCED(SQLiteErrorCode.SQLITE_IOERR_FSYNC, false),
        /** The thread has no stack left, before and after it was done. */
        EXHAUSTED(null, false),
        EXHAUSTED_AFTER(null, false),
        /** The driver has a bug. */
        BUG(null, false),
        BUG_AFTER(null, false);

        private final SQLiteErrorCode code;
        private final boolean rollsBack;

        Fault(SQLiteErrorCode code, boolean rollsBack) {
            this.code = code;
            this.rollsBack = rollsBack;
        }

        private boolean isAfter() {
            return this == UNSYNCED || this == EXHAUSTED_AFTER || this == BUG_AFTER;
        }

        private SQLException thrown() throws SQLException {
            return switch (this) {
                case EXHAUSTED, EXHAUSTED_AFTER -> throw new StackOverflowError("on purpose");
                case BUG, BUG_AFTER -> throw new IllegalStateException("on purpose");
                default -> new SQLiteException("on purpose", code);
            };
        }
    }

    private final List<SQLiteConnection> all = new ArrayList<>();
    private volatile Thread counted;
    private Fault fault;
    private int calls;
    private Set<Integer> failing = Set.of();

    /** From now on the calls of this thread count, and those of these numbers fail. */
    void fail(Set<Integer> numbers, Fault met) {
        counted = Thread.currentThread();
        calls = 0;
        failing = numbers;
        fault = met;
    }

    /** Ends that, and returns how many calls there were. */
    int calls() {
        counted = null;
        return calls;
    }

    /** How many connections are open. */
    synchronized int open() throws SQLException {
        for (SQLiteConnection connection : List.copyOf(all)) {
            if (connection.isClosed()) {
                all.remove(connection);
            }
        }
        return all.size();
    }

    @Override
    public SQLiteConnection connect(String url, Properties properties) throws SQLException {
        return call(null, null, () -> {
            SQLiteConnection connection = new Fragile(url, properties);
            synchronized (this) {
                all.add(connection);
            }
            return connection;
        });
    }

    private interface Action<T> {
        T run() throws SQLException;
    }

    private <T> T call(Fragile connection, Object target, Action<T> action) throws SQLException {
        if (Thread.currentThread() != counted || !failing.contains(calls++)) {
            return action.run();
        }
        if (fault.isAfter()) {
            T done = action.run();
            if (done instanceof SQLiteConnection unused) {
                unused.close();
            }
        } else if (fault.rollsBack && connection != null) {
            connection.rollBack(target);
        }
        throw fault.thrown();
    }

    /** Nothing stays open because closing it failed. */
    private void close(Action<?> action) throws SQLException {
        action.run();
        call(null, null, () -> null);
    }

    private final class Fragile extends JDBC4Connection {
        Fragile(String url, Properties properties) throws SQLException {
            super(url, url.substring(SCHEME.length()), properties);
        }

        @Override
        public Statement createStatement(int type, int concurrency, int holdability) throws SQLException {
            Statement statement = super.createStatement(type, concurrency, holdability);
            return proxy(Statement.class, new Handler(this, statement));
        }

        @Override
        public PreparedStatement prepareStatement(String sql, int type, int concurrency, int holdability)
                throws SQLException {
            PreparedStatement statement =
                    call(this, this, () -> super.prepareStatement(sql, type, concurrency, holdability));
            return proxy(PreparedStatement.class, new Handler(this, statement));
        }

        @Override
        public void close() throws SQLException {
            FragileConnections.this.close(() -> {
                super.close();
                return null;
            });
        }

        private void rollBack(Object failing) throws SQLException {
            if (failing instanceof ResultSet rows) {
                rows.close();
            }
            try (Statement statement = super.createStatement(
                    ResultSet.TYPE_FORWARD_ONLY, ResultSet.CONCUR_READ_ONLY, ResultSet.CLOSE_CURSORS_AT_COMMIT)) {
                statement.execute("ROLLBACK");
            } catch (SQLException none) {
                if (!none.getMessage().contains("no transaction")) {
                    throw new AssertionError(none);
                }
            }
        }
    }

    private final class Handler implements InvocationHandler {
        private final Fragile connection;
        private final Object target;

        Handler(Fragile connection, Object target) {
            this.connection = connection;
            this.target = target;
        }

        @Override
        public Object invoke(Object proxy, Method method, Object[] arguments) throws SQLException {
            String name = method.getName();
            if (name.equals("close")) {
                FragileConnections.this.close(() -> invoke(method, arguments));
                return null;
            }
            if (!name.startsWith("execute") && !name.equals("next")) {
                return invoke(method, arguments);
            }
            Object result = call(connection, target, () -> invoke(method, arguments));
            return result instanceof ResultSet rows ? proxy(ResultSet.class, new Handler(connection, rows)) : result;
        }

        private Object invoke(Method method, Object[] arguments) throws SQLException {
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
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(
                Proxy.newProxyInstance(FragileConnections.class.getClassLoader(), new Class<?>[] {type}, handler));
    }
}

package dev.tidemark.store.sqlite;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;

/** A connection for statements of the caller's, whose transaction somebody else ends. */
final class LentConnection {
    private static final Set<String> REFUSED =
            Set.of("close", "abort", "commit", "rollback", "setAutoCommit", "unwrap");

    private LentConnection() {}

    static Connection of(Connection connection) {
        return (Connection) Proxy.newProxyInstance(
                Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    if (REFUSED.contains(method.getName())) {
                        throw new SQLException("the transaction belongs to the backend, which will end it");
                    }
                    try {
                        return method.invoke(connection, arguments);
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                });
    }
}

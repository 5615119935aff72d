package dev.tidemark.store.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Binds rows as one array per column, so that a statement for many rows has one text and one plan. */
final class Columns<T> {
    private final Connection connection;
    private final PreparedStatement statement;
    private final List<? extends T> rows;
    private int next;

    Columns(Connection connection, PreparedStatement statement, List<? extends T> rows) {
        this(connection, statement, 1, rows);
    }

    /** Binds from a parameter on. */
    Columns(Connection connection, PreparedStatement statement, int first, List<? extends T> rows) {
        this.connection = connection;
        this.statement = statement;
        this.next = first;
        this.rows = rows;
    }

    Columns<T> uuids(Function<? super T, @Nullable UUID> column) throws SQLException {
        return bind("uuid", rows.stream().map(column).toArray(UUID[]::new));
    }

    Columns<T> text(Function<? super T, @Nullable String> column) throws SQLException {
        return bind("text", rows.stream().map(column).toArray(String[]::new));
    }

    Columns<T> bytes(Function<? super T, byte[]> column) throws SQLException {
        return bind("bytea", rows.stream().map(column).toArray(byte[][]::new));
    }

    Columns<T> longs(Function<? super T, Long> column) throws SQLException {
        return bind("int8", rows.stream().map(column).toArray(Long[]::new));
    }

    Columns<T> ints(Function<? super T, @Nullable Integer> column) throws SQLException {
        return bind("int4", rows.stream().map(column).toArray(Integer[]::new));
    }

    private Columns<T> bind(String type, Object[] values) throws SQLException {
        statement.setArray(next++, connection.createArrayOf(type, values));
        return this;
    }
}

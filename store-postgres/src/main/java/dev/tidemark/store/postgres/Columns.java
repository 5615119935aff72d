package dev.tidemark.store.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Function;

/** Binds rows as one array per column, so that a statement for many rows has one text and one plan. */
final class Columns<T> {
    private final Connection connection;
    private final PreparedStatement statement;
    private final List<? extends T> rows;
    private int next = 1;

    Columns(Connection connection, PreparedStatement statement, List<? extends T> rows) {
        this.connection = connection;
        this.statement = statement;
        this.rows = rows;
    }

    Columns<T> text(Function<? super T, String> column) throws SQLException {
        return bind("text", rows.stream().map(column).toArray(String[]::new));
    }

    Columns<T> bytes(Function<? super T, byte[]> column) throws SQLException {
        return bind("bytea", rows.stream().map(column).toArray(byte[][]::new));
    }

    Columns<T> longs(Function<? super T, Long> column) throws SQLException {
        return bind("int8", rows.stream().map(column).toArray(Long[]::new));
    }

    Columns<T> ints(Function<? super T, Integer> column) throws SQLException {
        return bind("int4", rows.stream().map(column).toArray(Integer[]::new));
    }

    private Columns<T> bind(String type, Object[] values) throws SQLException {
        statement.setArray(next++, connection.createArrayOf(type, values));
        return this;
    }
}

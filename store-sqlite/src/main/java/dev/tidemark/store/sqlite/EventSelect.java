package dev.tidemark.store.sqlite;

import dev.tidemark.event.EventQuery;
import dev.tidemark.event.spi.StoredEvent;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** A query as SQL. */
final class EventSelect {
    /** Columns like {@link EventSql#COLUMNS}, without what an event can be ordered without. */
    private static final String PLACE =
            "position, id, name, time, aggregate_id, aggregate_name, aggregate_version, x'', NULL";

    /** A statement with its parameters, the limit excepted. */
    record Bound(String sql, List<Object> parameters) {

        EventRows.Page page(Session session, int limit) throws SQLException {
            try (ResultSet rows = execute(session, limit)) {
                return EventRows.read(rows, limit);
            }
        }

        ResultSet execute(Session session, int limit) throws SQLException {
            PreparedStatement statement = session.statement(sql);
            int next = 1;
            for (Object parameter : parameters) {
                statement.setObject(next++, parameter);
            }
            statement.setInt(next, limit);
            return statement.executeQuery();
        }
    }

    private final EventSql sql;
    private final EventFilter filter;
    private final EventOrder order;
    private final boolean byPosition;
    private final boolean byName;

    EventSelect(EventSql sql, EventQuery query) {
        this.sql = sql;
        this.filter = new EventFilter(query);
        this.order = new EventOrder(query);
        this.byPosition = query.sorts().isEmpty() && !filter.isSelective();
        this.byName = query.names().size() == 1;
    }

    /** Whether the results come in the order in which SQLite finds them at no cost: {@link #between} is the way to read them. */
    boolean isByPosition() {
        return byPosition;
    }

    /**
     * The events behind a position up to another, by position. The index of names is in the order of positions for a single name; any other
     * index would have SQLite collect and sort everything anew for each page.
     */
    Bound between(long after, long end) {
        List<String> conditions = new ArrayList<>(List.of("position > ?", "position <= ?"));
        List<Object> parameters = new ArrayList<>(List.of(after, end));
        conditions.addAll(filter.conditions());
        parameters.addAll(filter.parameters());
        String from = byName ? sql.table : sql.table + " NOT INDEXED";
        return select(EventSql.COLUMNS, from, conditions, parameters, "position");
    }

    /** The first events in the order of the query. */
    Bound first(long end) {
        return ordered(EventSql.COLUMNS, end, List.of());
    }

    /** The places in the table of the events that follow one in the order of the query. */
    Bound placesAfter(StoredEvent last, long end) {
        return ordered(PLACE, end, List.of(last));
    }

    private Bound ordered(String columns, long end, List<StoredEvent> last) {
        List<String> conditions = new ArrayList<>(filter.conditions());
        List<Object> parameters = new ArrayList<>(filter.parameters());
        conditions.add("+position <= ?");
        parameters.add(end);
        last.forEach(event -> order.addAfter(event, conditions, parameters));
        return select(columns, sql.table, conditions, parameters, order.orderBy());
    }

    private static Bound select(
            String columns, String from, List<String> conditions, List<Object> parameters, String orderBy) {
        String sql = "SELECT " + columns + " FROM " + from + " WHERE " + String.join(" AND ", conditions) + " ORDER BY "
                + orderBy + " LIMIT ?";
        return new Bound(sql, parameters);
    }
}

package dev.tidemark.store.postgres;

import dev.tidemark.event.EventQuery;
import dev.tidemark.event.spi.EventCursor;
import dev.tidemark.event.spi.StoredEvent;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The results of a query, each page a statement of its own that starts where the one before ended; nothing is held in between. The
 * newest position of the first page confines the others to what was committed then.
 */
final class PostgresEventCursor implements EventCursor {
    private static final int FIRST_ROWS = 128;
    private static final int MOST_ROWS = 2_048;
    private static final EventColumns COLUMNS = new EventColumns(1);

    /** How statements are run. */
    interface Runner {
        <T> T run(String waitingFor, Reads.Query<T> query);

        void checkOpen();
    }

    private final EventSql sql;
    private final Runner runner;
    private final EventFilter filter;
    private final EventOrder order;
    private final boolean unstamped;
    private final Deque<StoredEvent> read = new ArrayDeque<>();
    private @Nullable StoredEvent last;
    private int rows = FIRST_ROWS;
    private long newest;
    private boolean complete;

    /** A page as it came. */
    private record Page(List<StoredEvent> events, long newest, boolean complete) {}

    private PostgresEventCursor(EventSql sql, Runner runner, EventQuery query, boolean unstamped) {
        this.sql = sql;
        this.runner = runner;
        this.filter = EventFilter.of(query);
        this.order = EventOrder.of(query, unstamped);
        this.unstamped = unstamped;
    }

    /**
     * Opens a query and reads its first page.
     *
     * @param unstamped whether events without a position, which are those of an open transaction, belong to it
     */
    static PostgresEventCursor open(EventSql sql, Runner runner, EventQuery query, boolean unstamped) {
        PostgresEventCursor cursor = new PostgresEventCursor(sql, runner, query, unstamped);
        cursor.readPage();
        return cursor;
    }

    @Override
    public List<StoredEvent> next(int limit) {
        if (read.isEmpty() && !complete) {
            readPage();
        } else {
            runner.checkOpen();
        }
        List<StoredEvent> page = new ArrayList<>(Math.min(limit, read.size()));
        while (page.size() < limit && !read.isEmpty()) {
            page.add(read.remove());
        }
        return page;
    }

    private void readPage() {
        Page page = runner.run("events", this::readPage);
        if (last == null) {
            newest = page.newest();
        }
        read.addAll(page.events());
        complete = page.complete();
        last = read.peekLast();
        rows = Math.min(MOST_ROWS, rows * 4);
    }

    private Page readPage(Connection connection) throws SQLException {
        EventFilter behind = filter.copy();
        if (last != null) {
            behind.and(unstamped ? "(position IS NULL OR position <= ?)" : "position <= ?", newest);
            order.addBehind(last, behind);
        }
        boolean descending = order.isByVersion(true);
        // Most histories fit into the first page, for which sorting is the shortest way.
        boolean inParts = descending || (last != null && order.isByVersion(false));
        if (inParts && behind.isOfOneAggregate()) {
            return readHistory(connection, behind, descending);
        }
        String found = sql.rows(behind.text());
        // Few rows: sorting these is cheap, and walking an index that happens to have the order is not.
        try (PreparedStatement statement = connection.prepareStatement(
                sql.results(behind.isSelective() ? found + " OFFSET 0" : found, order.text(), sql.isSizing()))) {
            return readPage(statement, behind.bind(connection, statement, 1));
        }
    }

    /** In two parts, as versions that are absent count as 0 but are not in that place of the index. */
    private Page readHistory(Connection connection, EventFilter behind, boolean descending) throws SQLException {
        EventFilter versioned = behind.copy();
        StoredEvent before = last;
        boolean bounded = before != null && before.version() > 0;
        versioned.and(
                "aggregate_version " + (descending && bounded ? "<" : ">") + " ?",
                bounded && before != null ? before.version() : 0);
        String direction = descending ? " DESC" : "";
        String versions =
                sql.rows(versioned.text() + " AND aggregate_version > 0 ORDER BY aggregate_version" + direction);
        String others = sql.rows(
                behind.text() + " AND (aggregate_version IS NULL OR aggregate_version <= 0) ORDER BY " + order.text());
        String parts = "(" + versions + " LIMIT ?) UNION ALL (" + others + " LIMIT ?)";
        try (PreparedStatement statement =
                connection.prepareStatement(sql.results(parts, order.text(), sql.isSizing()))) {
            int next = versioned.bind(connection, statement, 1);
            statement.setInt(next, rows);
            next = behind.bind(connection, statement, next + 1);
            statement.setInt(next, rows);
            return readPage(statement, next + 1);
        }
    }

    private Page readPage(PreparedStatement statement, int limit) throws SQLException {
        statement.setInt(limit, rows);
        try (ResultSet found = statement.executeQuery()) {
            List<StoredEvent> events = new ArrayList<>();
            long newestPosition = 0;
            long bytes = 0;
            while (found.next()) {
                if (events.isEmpty()) {
                    sql.sawOutside(found.getLong(11));
                    newestPosition = found.getLong(12);
                }
                events.add(COLUMNS.read(found));
                bytes += found.getLong(10);
            }
            return new Page(events, newestPosition, events.size() < rows && bytes < EventSql.PAGE_BYTES);
        }
    }

    @Override
    public void close() {
        complete = true;
        read.clear();
    }
}

package dev.tidemark.store.sqlite;

import dev.tidemark.event.spi.EventCursor;
import dev.tidemark.event.spi.StoredEvent;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The results of a query. Each page is read anew, behind the event that the one before ended with, and up to the position that was the
 * newest at the start.
 *
 * <p>In the order of positions that costs nothing. In another order, SQLite may have to look at every event to find those of a page; so
 * after the first page the positions of many following events are found at once. How many grows with what was read, so that small
 * results are read but once, large ones take few such passes, and no cursor ever holds more than {@link #MOST_PLACES} of them.
 */
final class SqliteCursor implements EventCursor {
    private static final int FIRST_PLACES = 4_096;
    private static final int MOST_PLACES = 262_144;
    private static final long[] NONE = {};

    private final SqliteEvents table;
    private final EventSelect select;
    private final long end;
    private @Nullable StoredEvent last;
    private long[] places = NONE;
    private int nextPlace;
    private int passSize = FIRST_PLACES;
    private boolean lastPass;
    private boolean ended;

    SqliteCursor(SqliteEvents table, EventSelect select, long end) {
        this.table = table;
        this.select = select;
        this.end = end;
    }

    @Override
    public List<StoredEvent> next(int limit) {
        if (ended) {
            return List.of();
        }
        List<StoredEvent> page = table.read(session -> read(session, limit));
        if (page.isEmpty()) {
            close();
        }
        return page;
    }

    @Override
    public void close() {
        ended = true;
        places = NONE;
    }

    private List<StoredEvent> read(Session session, int limit) throws SQLException {
        StoredEvent before = last;
        if (before != null && !select.isByPosition()) {
            return readPlaces(session, before, limit);
        }
        EventSelect.Bound following =
                select.isByPosition() ? select.between(before == null ? 0 : before.position(), end) : select.first(end);
        EventRows.Page page = following.page(session, limit);
        if (!page.events().isEmpty()) {
            last = place(page.events().get(page.events().size() - 1));
        }
        ended = page.last();
        return page.events();
    }

    private List<StoredEvent> readPlaces(Session session, StoredEvent before, int limit) throws SQLException {
        List<StoredEvent> page = new ArrayList<>();
        StoredEvent from = before;
        while (page.isEmpty() && (nextPlace < places.length || !lastPass)) {
            if (nextPlace == places.length) {
                from = findPlaces(session, from);
            }
            readPlaces(session, limit, page);
        }
        last = from;
        return page;
    }

    /** Adds the events at the places that come next, those excepted that were deleted meanwhile. */
    private void readPlaces(Session session, int limit, List<StoredEvent> page) throws SQLException {
        PreparedStatement statement = session.statement(table.sql().at);
        long bytes = 0;
        int next = nextPlace;
        while (next < places.length && page.size() < limit && bytes < Rows.PAGE_BYTES) {
            statement.setLong(1, places[next++]);
            try (ResultSet row = statement.executeQuery()) {
                if (row.next()) {
                    StoredEvent event = EventRows.read(row);
                    page.add(event);
                    bytes += event.data().length;
                }
            }
        }
        nextPlace = next;
    }

    /** Returns what comes last of the places found, or {@code before} when they are the last. */
    private StoredEvent findPlaces(Session session, StoredEvent before) throws SQLException {
        long[] found = new long[passSize];
        int count = 0;
        StoredEvent end = before;
        try (ResultSet rows = select.placesAfter(before, this.end).execute(session, passSize)) {
            while (rows.next()) {
                found[count++] = rows.getLong(1);
                if (count == passSize) {
                    end = EventRows.read(rows);
                }
            }
        }
        lastPass = count < passSize;
        places = Arrays.copyOf(found, count);
        nextPlace = 0;
        passSize = Math.min(passSize * 4, MOST_PLACES);
        return end;
    }

    /** The event without what it weighs. */
    private static StoredEvent place(StoredEvent event) {
        return new StoredEvent(
                event.id(),
                event.name(),
                event.time(),
                event.aggregate(),
                event.version(),
                new byte[0],
                Map.of(),
                event.position());
    }
}

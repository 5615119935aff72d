package dev.tidemark.store.postgres;

import dev.tidemark.event.AggregateId;
import dev.tidemark.event.spi.AppendKey;
import dev.tidemark.event.spi.EventWrite;
import dev.tidemark.event.spi.JsonText;
import dev.tidemark.event.spi.NewEvent;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Writes groups of events in one round trip. */
final class EventInsert {
    private final EventSql sql;

    EventInsert(EventSql sql) {
        this.sql = sql;
    }

    /**
     * What the server answered.
     *
     * @param done whether the plan held, and everything is committed
     * @param actual the versions at which it found the aggregates
     * @param positions those of the rows
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Answer(boolean done, int[] actual, long[] positions) {}

    /**
     * Writes what a plan says if it holds; commits by itself.
     *
     * @param ring whether the write announces itself
     */
    Answer run(Connection connection, EventPlan plan, List<EventWrite> writes, boolean ring) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql.write)) {
            bindBases(connection, statement, plan.bases());
            bindKeys(connection, statement, plan, writes);
            statement.setBoolean(bindRows(connection, statement, plan.rows(), 7), ring);
            statement.execute();
            statement.getMoreResults();
            try (ResultSet row = statement.getResultSet()) {
                row.next();
                return new Answer(row.getBoolean(1), ints(row.getArray(2)), longs(row.getArray(3)));
            }
        }
    }

    private static void bindBases(Connection connection, PreparedStatement statement, List<EventPlan.Base> bases)
            throws SQLException {
        new Columns<>(connection, statement, bases)
                .uuids(base -> base.aggregate().id())
                .text(base -> base.aggregate().name())
                .ints(EventPlan.Base::assumed);
    }

    private static void bindKeys(
            Connection connection, PreparedStatement statement, EventPlan plan, List<EventWrite> writes)
            throws SQLException {
        List<EventWrite> keyed = IntStream.range(0, writes.size())
                .filter(i -> plan.failure(i) == null && writes.get(i).key() != null)
                .mapToObj(writes::get)
                .toList();
        new Columns<>(connection, statement, 4, keyed)
                .text(write -> key(write).id())
                .bytes(write -> key(write).digest())
                .text(EventInsert::literalIds);
    }

    private static AppendKey key(EventWrite write) {
        return Objects.requireNonNull(write.key());
    }

    /** The ids of a write, as an array is written. */
    static String literalIds(EventWrite write) {
        return "{" + String.join(",", write.ids().stream().map(UUID::toString).toList()) + "}";
    }

    static int bindRows(Connection connection, PreparedStatement statement, List<EventPlan.Row> rows, int first)
            throws SQLException {
        new Columns<>(connection, statement, first, rows)
                .uuids(row -> row.event().id())
                .text(row -> row.event().name())
                .longs(row -> row.event().time())
                .uuids(row -> aggregateId(row.event()))
                .text(row -> aggregateName(row.event()))
                .ints(row -> row.event().aggregate() == null
                        ? null
                        : Integer.valueOf(row.event().version()))
                .bytes(row -> row.event().data())
                .text(row -> metadata(row.event().metadata()))
                .ints(EventPlan.Row::base);
        return first + 9;
    }

    private static @Nullable UUID aggregateId(NewEvent event) {
        AggregateId aggregate = event.aggregate();
        return aggregate == null ? null : aggregate.id();
    }

    private static @Nullable String aggregateName(NewEvent event) {
        AggregateId aggregate = event.aggregate();
        return aggregate == null ? null : aggregate.name();
    }

    private static @Nullable String metadata(Map<String, String> metadata) {
        return metadata.isEmpty() ? null : JsonText.object(metadata);
    }

    private static int[] ints(@Nullable Array array) throws SQLException {
        Integer[] values = array == null ? new Integer[0] : (Integer[]) array.getArray();
        int[] ints = new int[values.length];
        for (int i = 0; i < ints.length; i++) {
            ints[i] = values[i];
        }
        return ints;
    }

    private static long[] longs(@Nullable Array array) throws SQLException {
        Long[] values = array == null ? new Long[0] : (Long[]) array.getArray();
        long[] longs = new long[values.length];
        for (int i = 0; i < longs.length; i++) {
            longs[i] = values[i];
        }
        return longs;
    }
}

package dev.tidemark.store.postgres;

import java.util.HashMap;
import java.util.Map;

/**
 * All statements on one table of events.
 *
 * <p>A write of our own is two statements in one round trip: the first takes the lock of the table, so the second sees everything that
 * is committed, draws positions that nobody commits below any more, and commits. Nobody holds that lock while waiting for a
 * stranger: a row that is in the way of an insert, because its transaction is still open, ends the attempt ({@code lock_timeout}).
 *
 * <p>A deletion waits for its rows first, and then takes that lock as well, lest an append that counted with them be committed when they
 * are gone already.
 *
 * <p>The versions that a write assumes are looked up behind an {@code OFFSET 0}: the planner would else put the look-up in each place
 * that uses its result, twice the work.
 */
final class EventSql {
    /** Pages end at about this many bytes of data. */
    static final int PAGE_BYTES = 8 << 20;

    static final String COLUMNS =
            "id, name, time, aggregate_id, aggregate_name, aggregate_version, data, position, metadata";

    /** What data takes in memory; what is compressed is looked at closely. */
    private static final Map<Boolean, String> SIZE = Map.of(
            true,
            "CASE WHEN pg_column_compression(data) IS NULL THEN coalesce(pg_column_size(data), 0) ELSE octet_length(data::text) END",
            false,
            "coalesce(octet_length(data), 0)");

    private static final String NEWEST = "coalesce((SELECT max(position) FROM ${table}), 0)";

    /** How far positions have been given, committed or not; NULL to a role that may not know. */
    private static final String LINE = """
            CASE WHEN has_sequence_privilege(to_regclass('${sequence_literal}'), 'USAGE, SELECT')
                 THEN greatest(%s, pg_sequence_last_value(to_regclass('${sequence_literal}'))) END""".formatted(NEWEST);

    private static final String VERSION = "coalesce(" + version("1") + ", 0)";

    private static final String ROWS =
            "unnest(?::uuid[], ?::text[], ?::bigint[], ?::uuid[], ?::text[], ?::int[], ?::bytea[], ?::text[], ?::int[])"
                    + " WITH ORDINALITY u(id, name, time, aggregate_id, aggregate_name, version, data, metadata, base, o)";

    private static final String INSERT =
            "INSERT INTO ${table} (id, name, time, aggregate_id, aggregate_name, aggregate_version, data, metadata, position)";

    private static final String VALUES =
            "r.id, r.name, r.time, r.aggregate_id, r.aggregate_name, nullif(r.version, 0), ${payload}, r.metadata::jsonb";

    private final Map<String, String> names;
    private final boolean json;
    private final String announcement;
    private final String all;
    private final String extras;
    private final String following;
    private volatile boolean sizing = true;

    final String newest;
    final String find;
    final String lock;
    final String write;
    final String insertStamped;
    final String insertUnstamped;
    final String stamp;
    final String versions;
    final String findKeys;
    final String insertKey;
    final String taken;
    final String delete;
    final String deleteInLine;
    final String claim;
    final String move;
    final String release;

    EventSql(EventTable table, boolean json, String channel) {
        this.json = json;
        this.announcement = table.announcement();
        this.names = new HashMap<>(table.names());
        names.put("channel", channel);
        names.put("announcement", announcement);
        names.put("payload", json ? "convert_from(r.data, 'UTF8')::jsonb" : "r.data");
        names.put("next", "nextval('" + names.get("sequence_literal") + "'::regclass)");
        names.put("lock", "pg_advisory_xact_lock(" + (int) (table.oid() - 2_147_483_648L) + ", 0)");
        names.put(
                "outside",
                "(SELECT pg_relation_size(c.reltoastrelid) FROM pg_class c WHERE c.oid = " + table.oid() + ")");
        all = text("SELECT * FROM ${table} WHERE ");
        extras = text(", ${outside} AS outside, " + NEWEST + " AS newest FROM (");
        following = text("""
                WITH next AS MATERIALIZED (SELECT * FROM ${table} WHERE position > ? ORDER BY position LIMIT ?)
                SELECT (SELECT count(*) FROM next), coalesce((SELECT max(position) FROM next), least(?, %s)), m.*
                  FROM (SELECT) one LEFT JOIN LATERAL (SELECT %s, size, ${outside} AS outside FROM (""".formatted(LINE, COLUMNS));
        newest = text("SELECT " + NEWEST);
        find = text("SELECT " + COLUMNS + " FROM ${table} WHERE id = ?");
        lock = text("SELECT current_setting('lock_timeout'), ${lock}, set_config('lock_timeout', '200', true)");
        write = lock + ";\n" + text("""
                WITH go AS MATERIALIZED (
                  SELECT coalesce(bool_and(assumed = actual), true) AS ok, array_agg(actual ORDER BY o) AS actual
                    FROM (SELECT u.o, u.assumed, coalesce(%s, %s, 0) AS actual
                            FROM unnest(?::uuid[], ?::text[], ?::int[]) WITH ORDINALITY u(id, name, assumed, o) OFFSET 0) a),
                keys AS (INSERT INTO ${appends} (append_id, digest, ids)
                         SELECT k.id, k.digest, k.ids::uuid[] FROM go, unnest(?::text[], ?::bytea[], ?::text[]) k(id, digest, ids) WHERE go.ok),
                ins AS (%s
                        SELECT %s, ${next}
                          FROM (SELECT u.id, u.name, u.time, u.aggregate_id, u.aggregate_name, u.data, u.metadata,
                                       u.version + coalesce(go.actual[u.base], 0) AS version
                                  FROM go, %s WHERE go.ok ORDER BY u.o OFFSET 0) r
                        RETURNING position)
                SELECT go.ok, go.actual, (SELECT array_agg(position ORDER BY position) FROM ins),
                       CASE WHEN ? AND go.ok THEN pg_notify('${channel}', '${announcement}') END FROM go
                """.formatted(version("u.assumed"), version("1"), INSERT, VALUES, ROWS));
        insertStamped = inserted("${next}");
        insertUnstamped = inserted("NULL");
        stamp = text("SELECT ${lock}") + ";\n" + text("""
                WITH n AS MATERIALIZED (SELECT i.id, ${next} AS position
                                          FROM (SELECT id FROM unnest(?::uuid[]) WITH ORDINALITY u(id, o) ORDER BY o OFFSET 0) i)
                UPDATE ${table} t SET position = n.position FROM n WHERE t.id = n.id RETURNING t.position
                """);
        versions = text(
                "SELECT " + VERSION + " FROM unnest(?::uuid[], ?::text[]) WITH ORDINALITY u(id, name, o) ORDER BY u.o");
        findKeys = text("SELECT append_id, digest, ids FROM ${appends} WHERE append_id = ANY(?::text[])");
        insertKey =
                text("INSERT INTO ${appends} (append_id, digest, ids) VALUES (?, ?, ?::uuid[]) ON CONFLICT DO NOTHING");
        taken = text("""
                SELECT u.o, EXISTS (SELECT FROM ${table} t WHERE t.id = u.event), %s
                  FROM unnest(?::uuid[], ?::uuid[], ?::text[], ?::int[]) WITH ORDINALITY u(event, id, name, version, o)
                 WHERE EXISTS (SELECT FROM ${table} t WHERE t.id = u.event)
                    OR (u.version > 0 AND EXISTS (SELECT FROM ${table} t
                          WHERE t.aggregate_id = u.id AND t.aggregate_name = u.name AND t.aggregate_version = u.version))
                 ORDER BY u.o LIMIT 1
                """.formatted(VERSION));
        delete = text("""
                WITH found AS (SELECT id FROM ${table} WHERE id = ANY(?::uuid[]) ORDER BY id FOR UPDATE)
                DELETE FROM ${table} t USING found WHERE t.id = found.id
                """);
        deleteInLine = text("""
                SELECT count(*) FROM (SELECT FROM ${table} WHERE id = ANY(?::uuid[]) ORDER BY id FOR UPDATE) found;
                SELECT ${lock};
                DELETE FROM ${table} WHERE id = ANY(?::uuid[])
                """);
        claim = text("""
                INSERT INTO ${subscriptions} AS s (name, owner, lease_until, position)
                VALUES (?, ?, clock_timestamp() + ? * interval '1 microsecond', ?)
                ON CONFLICT (name) DO UPDATE SET owner = EXCLUDED.owner, lease_until = EXCLUDED.lease_until
                  WHERE s.owner IS NULL OR s.owner = EXCLUDED.owner OR s.lease_until <= clock_timestamp()
                RETURNING s.position
                """);
        move = text("UPDATE ${subscriptions} SET position = ? WHERE name = ? AND owner = ? AND position = ?");
        release = text("UPDATE ${subscriptions} SET owner = NULL, lease_until = NULL WHERE name = ? AND owner = ?");
    }

    /** The payload of a notification that something was appended. */
    String announcement() {
        return announcement;
    }

    /** Whether pages have to be sized. */
    boolean isSizing() {
        return sizing;
    }

    /** Tells how many bytes of data are kept outside of their rows, for being large. */
    void sawOutside(long bytes) {
        sizing = bytes > PAGE_BYTES;
    }

    /** All rows for which a condition holds. */
    String rows(String condition) {
        return all + condition;
    }

    /** The rows that follow a position, and how far was looked. */
    String after(String filter, boolean sized) {
        String page = page("SELECT * FROM next WHERE " + filter, "position", sized);
        return following + page + ") page ORDER BY position LIMIT ?) m ON true";
    }

    /**
     * A page of the results of a query, with the newest position.
     *
     * @param rows selects them
     * @param sized whether a page has to end after so many bytes, which costs a third of the time; there is no need as long as all of
     *     the table's large data together would fit
     */
    String results(String rows, String order, boolean sized) {
        if (!sized) {
            return "SELECT " + COLUMNS + ", 0 AS size" + extras + rows + ") found ORDER BY " + order + " LIMIT ?";
        }
        String found = "SELECT * FROM (" + rows + ") found ORDER BY " + order + " LIMIT ?";
        return "SELECT " + COLUMNS + ", size" + extras + page(found, order, true) + ") page ORDER BY " + order;
    }

    private String page(String rows, String order, boolean sized) {
        if (!sized) {
            return "SELECT *, 0 AS size FROM (" + rows + ") plain";
        }
        return """
                SELECT * FROM (SELECT *, sum(size) OVER (ORDER BY %s ROWS UNBOUNDED PRECEDING) - size AS before
                                 FROM (SELECT *, %s AS size FROM (%s) r) s) summed WHERE before < %s
                """.formatted(order, SIZE.get(json), rows, PAGE_BYTES);
    }

    /** The newest version if it is as high; the higher that is, the fewer rows of the index have to be looked at. */
    private static String version(String least) {
        return """
                (SELECT t.aggregate_version FROM ${table} t
                  WHERE t.aggregate_id = u.id AND t.aggregate_name = u.name AND t.aggregate_version >= greatest(%s, 1)
                  ORDER BY t.aggregate_version DESC LIMIT 1)""".formatted(least);
    }

    private String inserted(String position) {
        return text(
                "%s SELECT %s, %s FROM (SELECT u.* FROM %s ORDER BY u.o OFFSET 0) r ON CONFLICT DO NOTHING RETURNING position"
                        .formatted(INSERT, VALUES, position, ROWS));
    }

    private String text(String template) {
        return EventTable.fill(template, names);
    }
}

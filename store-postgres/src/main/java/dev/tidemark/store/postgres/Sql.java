package dev.tidemark.store.postgres;

import dev.tidemark.store.spi.KeyRange;

/**
 * All statements on the tables of one installation, for one namespace slot: namespaces share the lock and the sequence that their
 * last three bits name.
 *
 * <p>A write that does everything at once is built of the same parts: {@code up}, the rows that really changed; {@code lk}, which
 * counts them first and so holds every row lock before it asks for the lock of the slot; {@code ob}, their outbox rows, whose
 * revisions are drawn behind that lock. The order of these is the order of the commits.
 *
 * <p>Two things keep the plans what they should be on tables without statistics. Keys of an array are looked up one by one ({@code
 * LATERAL … OFFSET 0}), never joined with the kind. And rows that were written find their place in the array again by a {@code FULL
 * JOIN}, which can't be a nested loop; each has a partner, so that it is an inner or left join in effect.
 *
 * <p>Numbers begin anew on a server that is new, by a trigger that comes before an append. So the append is what a statement begins with,
 * and pulls the rest, tags included, behind it: it is the statement itself, or the first thing that the result asks for.
 */
final class Sql {
    /** Pages of values end at about this many bytes. */
    static final int PAGE_BYTES = 8 << 20;

    /** From here on a value is large: a page of a thousand that are not needs no adding up, which costs more than reading them. */
    private static final int LARGE_BYTES = PAGE_BYTES / 1_024;

    static final int SLOTS = 8;

    private static final String NEWEST = """
            coalesce((SELECT revision FROM ${outbox} WHERE ns_id = ${ns} AND revision IS NOT NULL
                       ORDER BY revision DESC LIMIT 1),
                     (SELECT floor FROM ${state} WHERE ns_id = ${ns}), 0)""";

    /** What the keys of a batch hold already. */
    private static final String LOOKED_UP = """
            i AS (SELECT * FROM unnest(?::text[], ?::text[], ?::bytea[], ?::int[])
                                 WITH ORDINALITY u(kind, key, value, place, o)),
            cur AS MATERIALIZED (SELECT i.*, c.tag, c.value IS NOT DISTINCT FROM i.value AS same
                                   FROM i LEFT JOIN LATERAL (SELECT t.tag, t.value FROM ${kv} t
                                     WHERE t.ns_id = ${ns} AND t.kind = i.kind AND t.key = i.key OFFSET 0) c ON true)""";

    /**
     * As above, for requests of several keys: where some are to stay as they are while others are written, all rows are locked first, since
     * what another transaction made of the former meanwhile would come between the two.
     */
    private static final String KEPT = LOOKED_UP.replace("cur AS", "seen AS") + """
            , mixed AS MATERIALIZED (SELECT bool_or(same) AND bool_or(NOT same) AS mixed FROM seen),
            cur AS MATERIALIZED (
              SELECT * FROM seen WHERE NOT (SELECT mixed FROM mixed)
              UNION ALL
              SELECT s.kind, s.key, s.value, s.place, s.o, c.tag, c.value IS NOT DISTINCT FROM s.value
                FROM seen s LEFT JOIN LATERAL (SELECT t.tag, t.value FROM ${kv} t
                  WHERE t.ns_id = ${ns} AND t.kind = s.kind AND t.key = s.key OFFSET 0 FOR NO KEY UPDATE) c ON true
               WHERE (SELECT mixed FROM mixed))""";

    /**
     * Appends nothing, for the trigger that comes with every append: on a server that is new, numbers begin anew. What draws a tag that
     * is appended by a later statement asks for this first.
     */
    private static final String SOUND =
            "sound AS (INSERT INTO ${outbox} (ns_id, kind, key, etype) SELECT ${ns}, '', '', '' WHERE false RETURNING 1)";

    /** Writes of it what differs: rows that exist first, then new ones, each in the order in which everyone locks rows. */
    private static final String UPSERTED = """
            up AS (INSERT INTO ${kv} AS t (ns_id, kind, key, value, updated_at)
                   SELECT ${ns}, kind, key, value, now() FROM cur WHERE NOT same ORDER BY tag IS NULL, o
                   ON CONFLICT (ns_id, kind, key) DO UPDATE
                     SET value = EXCLUDED.value, version = t.version + 1, updated_at = EXCLUDED.updated_at, tag = EXCLUDED.tag
                     WHERE t.value IS DISTINCT FROM EXCLUDED.value
                   RETURNING t.kind, t.key, t.value, t.version, t.tag, t.updated_at, t.xmax = 0 AS created)""";

    private static final String LOCK =
            "lk AS MATERIALIZED (SELECT CASE WHEN n > 0 THEN pg_advisory_xact_lock(${lock}) END AS held"
                    + " FROM (SELECT count(*) AS n FROM up) c)";

    /** The lock is asked for row by row, behind the one row that there can be. */
    private static final String LONE_TAIL = """
            INSERT INTO ${outbox} (ns_id, kind, key, etype, value, at, version, revision)
            SELECT ${ns}, kind, key, ${etype}, value, ${at}, version, ${revision}
              FROM (SELECT *, pg_advisory_xact_lock(${lock}) AS held FROM up OFFSET 0) locked
             WHERE held IS NULL OR true
            RETURNING revision, ${result}${ring}
            """;

    /** What follows a revision, and is promised. */
    private static final String FOLLOWING = """
            ${outbox} WHERE ns_id = ${ns} AND revision > greatest(?, (SELECT floor FROM ${state} WHERE ns_id = ${ns}))
             ORDER BY revision LIMIT ?""";

    /**
     * Goes before a statement that moves megabytes, in the same transaction and round trip, so that what it sorts and joins isn't written
     * to files; it sets nothing where the server is more generous.
     */
    static final String ROOM =
            "SELECT set_config('work_mem', '64MB', true) WHERE pg_size_bytes(current_setting('work_mem')) < 64 << 20; ";

    /** Announces the change with its commit, if the last parameter says so. */
    private static final String RING = ", CASE WHEN ? THEN pg_notify('${channel}', '${payload}') END";

    private static final String STORED = "key, value, version, tag, updated_at";

    /** Null stands for what is large. */
    private static final String IF_SMALL = "CASE WHEN octet_length(value) > ${largeBytes} THEN NULL ELSE %s END";

    private static final String OF_KIND = " FROM ${kv} WHERE ns_id = ${ns} AND kind = ?";

    private static final String IN_ORDER = " ORDER BY key COLLATE \"C\" LIMIT ?";

    private final String schema;
    private final String prefix;
    private final long namespace;
    private final String page;
    private final String largePage;
    private final String largePageEnd;
    private final String keys;
    private final String count;

    final String get;
    final String newest;
    final String set;
    final String create;
    final String replace;
    final String delete;
    final String standing;
    final String setEach;
    final String setMany;
    final String upsertMany;
    final String lockRows;
    final String keepRows;
    final String drawTags;
    final String insertRows;
    final String updateRows;
    final String deleteRows;
    final String append;
    final String appendUnstamped;
    final String kinds;
    final String getAll;
    final String history;
    final String largeHistory;
    final String bounds;

    Sql(String schema, String prefix, long namespace) {
        this.schema = schema;
        this.prefix = prefix;
        this.namespace = namespace;
        get = text("SELECT " + STORED + " FROM ${kv} WHERE ns_id = ${ns} AND kind = ? AND key = ?");
        newest = text("SELECT ${newest}");
        set = lone(
                """
                WITH up AS (INSERT INTO ${kv} AS t (ns_id, kind, key, value, updated_at)
                            SELECT ${ns}, kind, key, value, now() FROM (SELECT ?::text, ?::text, ?::bytea) i(kind, key, value)
                             WHERE NOT EXISTS (SELECT FROM ${kv} s
                               WHERE s.ns_id = ${ns} AND s.kind = i.kind AND s.key = i.key AND s.value = i.value)
                            ON CONFLICT (ns_id, kind, key) DO UPDATE
                              SET value = EXCLUDED.value, version = t.version + 1, updated_at = EXCLUDED.updated_at,
                                  tag = EXCLUDED.tag
                              WHERE t.value IS DISTINCT FROM EXCLUDED.value
                            RETURNING t.kind, t.key, t.value, t.version, t.tag, t.updated_at, t.xmax = 0 AS created)
                """,
                "CASE WHEN created THEN 'create' ELSE 'update' END",
                "updated_at",
                "(SELECT tag FROM up), etype = 'create'");
        create = lone("""
                WITH up AS (INSERT INTO ${kv} AS t (ns_id, kind, key, value, updated_at)
                            VALUES (${ns}, ?, ?, ?, now()) ON CONFLICT (ns_id, kind, key) DO NOTHING
                            RETURNING t.kind, t.key, t.value, t.version, t.tag, t.updated_at)
                """, "'create'", "updated_at", "(SELECT tag FROM up), true");
        replace = lone("""
                WITH up AS (UPDATE ${kv} t SET value = ?, version = t.version + 1, updated_at = now(), tag = DEFAULT
                             WHERE t.ns_id = ${ns} AND t.kind = ? AND t.key = ? AND t.tag = ? AND (? OR t.value IS DISTINCT FROM ?)
                            RETURNING t.kind, t.key, t.value, t.version, t.tag, t.updated_at)
                """, "'update'", "updated_at", "(SELECT tag FROM up)");
        delete = lone("""
                WITH up AS (DELETE FROM ${kv} t WHERE t.ns_id = ${ns} AND t.kind = ? AND t.key = ? AND (? OR t.tag = ?)
                            RETURNING t.kind, t.key, t.value, t.version)
                """, "'delete'", "now()", "value");
        standing = text("SELECT ${newest}, t.tag, t.value FROM (SELECT) one LEFT JOIN ${kv} t"
                + " ON t.ns_id = ${ns} AND t.kind = ? AND t.key = ?");
        setEach = text("WITH ${looked}, ${up}, ${lk}," + """
                ob AS (INSERT INTO ${outbox} (ns_id, kind, key, etype, value, at, version, revision)
                       SELECT ${ns}, up.kind, up.key, CASE WHEN up.created THEN 'create' ELSE 'update' END, up.value, up.updated_at,
                              up.version, ${revision}
                         FROM lk, up WHERE lk.held IS NULL OR true
                       RETURNING revision${ring})
                SELECT (SELECT min(revision) FROM ob), created, tag, kind, key FROM up
                 WHERE (SELECT min(revision) FROM ob) IS NOT NULL
                UNION ALL
                SELECT ${newest}, NULL, tag, kind, key FROM cur WHERE same
                """);
        setMany = text("WITH ${kept}, ${up}, ${lk}," + """
                placed AS MATERIALIZED (SELECT cur.place, up.* FROM cur FULL JOIN up ON up.kind = cur.kind AND up.key = cur.key
                                         WHERE coalesce(up.tag, 0) <> 0),
                ob AS (INSERT INTO ${outbox} (ns_id, kind, key, etype, value, at, version, revision)
                       SELECT ${ns}, p.kind, p.key, CASE WHEN p.created THEN 'create' ELSE 'update' END, p.value, p.updated_at,
                              p.version, ${revision}
                         FROM lk, (SELECT * FROM placed ORDER BY place OFFSET 0) p WHERE lk.held IS NULL OR true
                       RETURNING revision${ring})
                SELECT NULL, NULL, coalesce((SELECT min(revision) FROM ob), ${newest} + 1)
                UNION ALL
                SELECT place, created, tag FROM placed
                UNION ALL
                SELECT place, NULL, tag FROM cur WHERE same
                """);
        upsertMany = text("WITH ${sound}, ${kept}, ${up}" + """
                SELECT cur.place, up.created, coalesce(up.tag, cur.tag), up.version
                  FROM cur FULL JOIN up ON up.kind = cur.kind AND up.key = cur.key
                 WHERE NOT EXISTS (SELECT FROM sound)
                """);
        lockRows = text("""
                SELECT u.o, t.value, t.version, t.tag FROM unnest(?::text[], ?::text[]) WITH ORDINALITY u(kind, key, o)
                  CROSS JOIN LATERAL (SELECT value, version, tag FROM ${kv}
                    WHERE ns_id = ${ns} AND kind = u.kind AND key = u.key OFFSET 0 FOR UPDATE) t ORDER BY u.o
                """);
        keepRows = text("""
                SELECT count(*) FROM unnest(?::text[], ?::text[]) u(kind, key)
                  CROSS JOIN LATERAL (SELECT FROM ${kv}
                    WHERE ns_id = ${ns} AND kind = u.kind AND key = u.key OFFSET 0 FOR NO KEY UPDATE) t
                """);
        drawTags = text(
                "WITH ${sound} SELECT nextval('${tags}') FROM generate_series(1, ?) WHERE NOT EXISTS (SELECT FROM sound)");
        insertRows = text("""
                INSERT INTO ${kv} (ns_id, kind, key, value, version, updated_at, tag)
                SELECT ${ns}, kind, key, value, version, now(), tag
                  FROM unnest(?::text[], ?::text[], ?::bytea[], ?::bigint[], ?::bigint[])
                    WITH ORDINALITY u(kind, key, value, version, tag, o) ORDER BY o
                """);
        updateRows = text("""
                INSERT INTO ${kv} AS t (ns_id, kind, key, value, version, updated_at, tag)
                SELECT ${ns}, kind, key, value, version, now(), tag
                  FROM unnest(?::text[], ?::text[], ?::bytea[], ?::bigint[], ?::bigint[]) u(kind, key, value, version, tag)
                ON CONFLICT (ns_id, kind, key) DO UPDATE
                  SET value = EXCLUDED.value, version = EXCLUDED.version, updated_at = EXCLUDED.updated_at, tag = EXCLUDED.tag
                """);
        deleteRows = text("""
                DELETE FROM ${kv} WHERE ctid = ANY (ARRAY(
                  SELECT k.ctid FROM unnest(?::text[], ?::text[]) u(kind, key)
                    CROSS JOIN LATERAL (SELECT ctid FROM ${kv} WHERE ns_id = ${ns} AND kind = u.kind AND key = u.key OFFSET 0) k))
                """);
        append = text(appended("${revision}", "pg_advisory_xact_lock(${lock})", "${ring}"));
        appendUnstamped = text(appended("NULL", "1", ""));
        kinds = text("""
                WITH RECURSIVE k AS (
                  (SELECT kind FROM ${kv} WHERE ns_id = ${ns} ORDER BY kind LIMIT 1)
                  UNION ALL
                  SELECT (SELECT n.kind FROM ${kv} n WHERE n.ns_id = ${ns} AND n.kind > k.kind ORDER BY n.kind LIMIT 1)
                    FROM k WHERE k.kind IS NOT NULL)
                SELECT kind FROM k WHERE kind IS NOT NULL
                """);
        getAll = text("""
                SELECT t.key, t.value, t.version, t.tag, t.updated_at FROM unnest(?::text[]) u(key)
                  CROSS JOIN LATERAL (SELECT key, value, version, tag, updated_at FROM ${kv}
                    WHERE ns_id = ${ns} AND kind = ? AND key = u.key OFFSET 0) t
                """);
        history = text("""
                SELECT etype, kind, key, %s, coalesce(version, 0), revision, at
                  FROM ${following}
                """.formatted(IF_SMALL.formatted("coalesce(value, ''::bytea)")));
        largeHistory = text("""
                SELECT etype, kind, key, coalesce(value, ''::bytea), coalesce(version, 0), revision, at
                  FROM (SELECT *, sum(size) OVER (ORDER BY revision ROWS UNBOUNDED PRECEDING) - size AS before
                          FROM (SELECT *, coalesce(octet_length(value), 0) AS size FROM ${following}) next) sized
                 WHERE before < ${pageBytes} ORDER BY revision
                """);
        page = text("SELECT key, " + IF_SMALL.formatted("value") + ", version, tag, updated_at" + OF_KIND);
        largePage = text("SELECT " + STORED + " FROM (SELECT " + STORED
                + ", sum(octet_length(value)) OVER (ORDER BY key COLLATE \"C\" ROWS UNBOUNDED PRECEDING) - octet_length(value)"
                + " AS before FROM (SELECT " + STORED + OF_KIND);
        largePageEnd = text(IN_ORDER + ") next) sized WHERE before < ${pageBytes} ORDER BY key COLLATE \"C\"");
        keys = text("SELECT key" + OF_KIND);
        count = text("SELECT count(*)" + OF_KIND);
        bounds = text("SELECT coalesce((SELECT floor FROM ${state} WHERE ns_id = ${ns}), 0), ${newest},"
                + " EXISTS (SELECT FROM ${outbox} WHERE ns_id = ${ns} AND revision BETWEEN ? AND ?)");
    }

    /** A page without the values that are large; if there are any, {@link #largePage} is to be asked. */
    String page(KeyRange range) {
        return page + bounds(range) + IN_ORDER;
    }

    String largePage(KeyRange range) {
        return largePage + bounds(range) + largePageEnd;
    }

    String keys(KeyRange range) {
        return keys + bounds(range) + IN_ORDER;
    }

    String count(KeyRange range) {
        return count + bounds(range);
    }

    private static String bounds(KeyRange range) {
        String lower =
                range.lower() == null ? "" : " AND key COLLATE \"C\" " + (range.lowerInclusive() ? ">=" : ">") + " ?";
        String upper = range.upper() == null ? "" : " AND key COLLATE \"C\" < ?";
        return lower + upper;
    }

    private String lone(String write, String etype, String at, String result) {
        return text((write + LONE_TAIL)
                .replace("${etype}", etype)
                .replace("${at}", at)
                .replace("${result}", result));
    }

    /** Values that are not given are those of the rows. */
    private static String appended(String revision, String lock, String ring) {
        return """
                WITH lk AS MATERIALIZED (SELECT ${held} AS held),
                ob AS (INSERT INTO ${outbox} (ns_id, kind, key, etype, value, at, version, revision)
                       SELECT ${ns}, c.kind, c.key, c.etype, c.value, now(), c.version, ${drawn}
                         FROM lk, (SELECT u.kind, u.key, u.etype, u.version, u.o, coalesce(u.value,
                                     (SELECT value FROM ${kv} WHERE ns_id = ${ns} AND kind = u.kind AND key = u.key)) AS value
                                     FROM unnest(?::text[], ?::text[], ?::text[], ?::bytea[], ?::bigint[])
                                       WITH ORDINALITY u(kind, key, etype, value, version, o) ORDER BY u.o OFFSET 0) c
                        WHERE lk.held IS NULL OR true
                       RETURNING revision${ring})
                SELECT min(revision) FROM ob
                """.replace("${drawn}", revision).replace("${held}", lock).replace("${ring}", ring);
    }

    private String text(String template) {
        String kv = schema + "." + prefix + "_kv";
        String outbox = schema + "." + prefix + "_outbox";
        long slot = namespace & (SLOTS - 1);
        return template.replace("${looked}", LOOKED_UP)
                .replace("${kept}", KEPT)
                .replace("${sound}", SOUND)
                .replace("${up}", UPSERTED)
                .replace("${lk}", LOCK)
                .replace("${newest}", NEWEST)
                .replace("${following}", FOLLOWING)
                .replace("${ring}", RING)
                .replace("${channel}", Doorbell.channel(prefix))
                .replace("${payload}", Doorbell.payload(namespace, "' || kind || '"))
                .replace("${lock}", "('" + outbox + "'::regclass::oid::bigint - 2147483648)::int, " + slot)
                .replace("${revision}", "nextval('" + schema + "." + prefix + "_revision_" + slot + "')")
                .replace("${tags}", schema + "." + prefix + "_kv_tag_seq")
                .replace("${kv}", kv)
                .replace("${outbox}", outbox)
                .replace("${state}", schema + "." + prefix + "_state")
                .replace("${pageBytes}", String.valueOf(PAGE_BYTES))
                .replace("${largeBytes}", String.valueOf(LARGE_BYTES))
                .replace("${ns}", "(" + namespace + ")::bigint");
    }
}

package dev.tidemark.store.postgres;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Deletes history that nobody is promised any more, in small transactions, each of which also moves the floor. Of all processes one
 * does it at a time.
 */
final class Retention implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Retention.class.getName());
    private static final int BATCH = 2_000;

    private final String outbox;
    private final String state;
    private final Reads reads;
    private final PostgresOptions options;
    private final Thread thread;
    private volatile boolean closed;

    Retention(Reads reads, String schema, PostgresOptions options, String name) {
        this.outbox = schema + "." + options.tablePrefix() + "_outbox";
        this.state = schema + "." + options.tablePrefix() + "_state";
        this.reads = reads;
        this.options = options;
        this.thread = Calls.daemon(this::run, name + "-retention");
    }

    void start() {
        thread.start();
    }

    private void run() {
        Duration tenth = options.retention().dividedBy(10);
        long pause = least(tenth, options.compactionPause()).toNanos();
        while (!closed) {
            LockSupport.parkNanos(this, pause);
            try {
                compactAll();
            } catch (RuntimeException failure) {
                if (!closed) {
                    LOG.log(Level.DEBUG, "history was not compacted: {0}", failure.getMessage());
                }
            }
        }
    }

    private void compactAll() {
        for (long namespace : closed ? List.<Long>of() : namespaces()) {
            int deleted = BATCH;
            while (!closed && deleted == BATCH) {
                deleted = compact(namespace, options.retention(), options.retainedChanges());
            }
        }
    }

    private List<Long> namespaces() {
        String query = """
                WITH RECURSIVE n AS (
                  (SELECT ns_id FROM ${outbox} WHERE revision IS NOT NULL ORDER BY ns_id LIMIT 1)
                  UNION ALL
                  SELECT (SELECT o.ns_id FROM ${outbox} o WHERE o.revision IS NOT NULL AND o.ns_id > n.ns_id ORDER BY o.ns_id LIMIT 1)
                    FROM n WHERE n.ns_id IS NOT NULL)
                SELECT ns_id FROM n WHERE ns_id IS NOT NULL
                """.replace("${outbox}", outbox);
        return reads.read("namespaces", connection -> {
            try (PreparedStatement statement = connection.prepareStatement(query);
                    ResultSet rows = statement.executeQuery()) {
                List<Long> namespaces = new ArrayList<>();
                while (rows.next()) {
                    namespaces.add(rows.getLong(1));
                }
                return namespaces;
            }
        });
    }

    /**
     * Deletes some of the oldest changes: those older than {@code retention}, and those beyond {@code retained} that are not among the
     * last minute's. Returns how many; 0 too when another process is at it.
     */
    int compact(long namespace, Duration retention, long retained) {
        Duration grace = least(retention, options.compactionGrace());
        return reads.read("the compaction of history", connection -> {
            try (PreparedStatement statement = connection.prepareStatement(compaction())) {
                statement.setLong(1, namespace);
                statement.setLong(2, retained);
                statement.setLong(3, namespace);
                statement.setDouble(4, retention.toMillis() / 1e3);
                statement.setDouble(5, grace.toMillis() / 1e3);
                statement.setLong(6, namespace);
                try (ResultSet row = statement.executeQuery()) {
                    row.next();
                    return row.getInt(1);
                }
            }
        });
    }

    private static Duration least(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    /** The oldest changes up to the first that must stay: the history has no holes. */
    private String compaction() {
        return """
                WITH turn AS MATERIALIZED (
                  SELECT pg_try_advisory_xact_lock('${outbox}'::regclass::oid::int8) AS mine),
                beyond AS MATERIALIZED (
                  SELECT coalesce((SELECT revision FROM ${outbox} WHERE ns_id = ? AND revision IS NOT NULL
                                    ORDER BY revision DESC OFFSET ? LIMIT 1), 0) AS revision),
                oldest AS MATERIALIZED (
                  SELECT o.id, o.revision,
                         bool_and(o.at < now() - make_interval(secs => a.age)
                               OR (o.revision <= beyond.revision AND o.at < now() - make_interval(secs => a.grace)))
                           OVER (ORDER BY o.revision) AS old
                    FROM beyond, turn, (SELECT ?::bigint AS ns, ?::float8 AS age, ?::float8 AS grace) a
                    CROSS JOIN LATERAL (SELECT id, revision, at FROM ${outbox}
                      WHERE ns_id = a.ns AND revision IS NOT NULL ORDER BY revision LIMIT ${batch}) o
                   WHERE turn.mine),
                gone AS (DELETE FROM ${outbox} WHERE id = ANY (ARRAY(SELECT id FROM oldest WHERE old)) RETURNING revision),
                moved AS (INSERT INTO ${state} AS s (ns_id, floor)
                          SELECT ?, max(revision) FROM gone HAVING count(*) > 0
                          ON CONFLICT (ns_id) DO UPDATE SET floor = greatest(s.floor, EXCLUDED.floor))
                SELECT count(*) FROM gone
                """.replace("${outbox}", outbox).replace("${state}", state).replace("${batch}", String.valueOf(BATCH));
    }

    /** Stops the thread. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }
}

package dev.tidemark.store.postgres;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongUnaryOperator;

/**
 * Deletes history that nobody is promised any more, in small transactions, each of which also moves the floor. Of all processes one
 * does it at a time. An outage may outlast the retention, and then the watches that it stopped read first: those of this process
 * are waited for, and the others have time after a start of the server.
 */
final class Retention implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Retention.class.getName());
    private static final int BATCH = 2_000;

    /** As far as the server is concerned, this is for ever. */
    private static final Duration LONGEST = Duration.ofDays(365 * 1_000);

    private final String outbox;
    private final String state;
    private final Reads reads;
    private final PostgresOptions options;
    private final LongUnaryOperator drained;
    private final Thread thread;
    private volatile boolean closed;

    /**
     * How often to compact at least, how young changes stay however many there are, and for how long a server must have been running;
     * none of them longer than the retention.
     */
    record Pace(Duration pause, Duration grace, Duration calm) {
        static final Pace DEFAULT = new Pace(Duration.ofMinutes(1), Duration.ofMinutes(1), Duration.ofMinutes(1));
    }

    /** @param drained the revision behind which the watches of a namespace still need its history */
    Retention(Reads reads, String schema, PostgresOptions options, LongUnaryOperator drained, String name) {
        this.outbox = schema + "." + options.tablePrefix() + "_outbox";
        this.state = schema + "." + options.tablePrefix() + "_state";
        this.reads = reads;
        this.options = options;
        this.drained = drained;
        this.thread = Calls.daemon(this::run, name + "-retention");
    }

    void start() {
        thread.start();
    }

    private void run() {
        Duration tenth = options.retention().dividedBy(10);
        long pause = least(tenth, options.compaction().pause()).toNanos();
        while (!closed) {
            LockSupport.parkNanos(this, pause);
            try {
                compactAll();
            } catch (RuntimeException failure) {
                if (!closed) {
                    LOG.log(Level.DEBUG, "history was not compacted: {0}", failure.getMessage());
                }
            } catch (Error exhausted) {
                Calls.tellExhausted(LOG, "history was not compacted, trying again later", exhausted);
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
     * Deletes some of the oldest changes that the watches of this process have read: those older than {@code retention}, and those
     * beyond {@code retained} that are not among the last minute's. Returns how many; 0 too when another process is at it, or the
     * server has only just been started.
     */
    int compact(long namespace, Duration retention, long retained) {
        Duration grace = least(retention, options.compaction().grace());
        Duration calm = least(retention, options.compaction().calm());
        long read = drained.applyAsLong(namespace);
        return reads.read("the compaction of history", connection -> {
            try (PreparedStatement statement = connection.prepareStatement(compaction())) {
                statement.setLong(1, namespace);
                statement.setLong(2, read);
                statement.setDouble(3, least(retention, LONGEST).toMillis() / 1e3);
                statement.setDouble(4, grace.toMillis() / 1e3);
                statement.setDouble(5, calm.toMillis() / 1e3);
                statement.setLong(6, retained);
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
                WITH asked AS MATERIALIZED (
                  SELECT ?::bigint AS ns, ?::bigint AS read, make_interval(secs => ?) AS age, make_interval(secs => ?) AS grace),
                turn AS MATERIALIZED (
                  SELECT CASE WHEN pg_postmaster_start_time() < now() - make_interval(secs => ?)
                              THEN pg_try_advisory_xact_lock('${outbox}'::regclass::oid::int8) END AS mine),
                beyond AS MATERIALIZED (
                  SELECT coalesce((SELECT revision FROM ${outbox} WHERE ns_id = (SELECT ns FROM asked) AND revision IS NOT NULL
                                    ORDER BY revision DESC OFFSET ? LIMIT 1), 0) AS revision),
                oldest AS MATERIALIZED (
                  SELECT o.id, o.revision,
                         bool_and(o.at < now() - asked.age OR (o.revision <= beyond.revision AND o.at < now() - asked.grace))
                           OVER (ORDER BY o.revision) AS old
                    FROM asked, beyond, turn
                    CROSS JOIN LATERAL (SELECT id, revision, at FROM ${outbox}
                      WHERE ns_id = asked.ns AND revision <= asked.read ORDER BY revision LIMIT ${batch}) o
                   WHERE turn.mine),
                gone AS (DELETE FROM ${outbox} WHERE id = ANY (ARRAY(SELECT id FROM oldest WHERE old)) RETURNING revision),
                moved AS (INSERT INTO ${state} AS s (ns_id, floor)
                          SELECT (SELECT ns FROM asked), max(revision) FROM gone HAVING count(*) > 0
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

package dev.tidemark.benchmarks.postgres;

import dev.tidemark.benchmarks.harness.Bench;
import dev.tidemark.benchmarks.harness.Contender;
import dev.tidemark.benchmarks.harness.Data;
import dev.tidemark.benchmarks.harness.Goal;
import dev.tidemark.benchmarks.harness.Round;
import dev.tidemark.store.Change;
import dev.tidemark.store.Store;
import dev.tidemark.store.Watch;
import dev.tidemark.store.WatchOptions;
import dev.tidemark.store.postgres.PostgresBackend;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * How many changes of others a second reach those who watch. One transaction makes them all, spread over kinds, of which each watch
 * has one; the clock starts when it has committed and stops when the last watch has its last. One thread polls all watches in turn, so
 * that the cost of waking a thousand threads is nobody's.
 */
public final class Watching {
    private static final int CHANGES = 100_000;
    private static final int PAGE = 1_000;
    private static final int MANY = 1_000;
    private static final Duration A_MOMENT = Duration.ofMillis(1);

    private static final String CHANGES_BY_OTHERS = """
            INSERT INTO zestor_outbox (ns_id, kind, key, etype, value, version, revision)
            SELECT 0, 'kind-' || (n %% ${kinds}), 'key-' || n, 'create', decode(repeat('00', %d), 'hex'), 1,
                   nextval('zestor_revision_0')
              FROM generate_series(1, ${changes}) n
            """.formatted(Data.VALUE_BYTES);

    private static final String DRAIN = "SELECT etype, kind, key, value, version, revision, at FROM zestor_outbox"
            + " WHERE ns_id = 0 AND revision > ? ORDER BY revision LIMIT " + PAGE;

    private Watching() {}

    /** The benches of this family. */
    public static List<Bench> benches(Server server) {
        return List.of(
                Bench.of("PostgreSQL watch throughput, 1 watcher", "changes/s", watch(server, 1))
                        .against("bare outbox SELECT drain", drain(server, 1), new Goal.AtLeast(0.7)),
                Bench.of("PostgreSQL watch throughput, 1 000 watchers", "changes/s", watch(server, MANY))
                        .against("bare outbox SELECT drain", drain(server, MANY), new Goal.AtLeast(0.3)));
    }

    private static Contender watch(Server server, int watchers) {
        return round -> {
            try (Schema schema = server.newSchema();
                    PostgresBackend watching = schema.open();
                    PostgresBackend writing = schema.open()) {
                int changes = changes(round, watchers);
                List<Watch<byte[]>> watches = new ArrayList<>();
                for (int i = 0; i < watchers; i++) {
                    WatchOptions all = WatchOptions.defaults().withBufferSize(changes + 1);
                    watches.add(watching.store(Data.CODEC).watch("kind-" + i, all));
                }
                return new double[] {rate(schema, writing.store(Data.CODEC), watches, changes)};
            }
        };
    }

    /** As many for each watcher. */
    private static int changes(Round round, int watchers) {
        return Math.max(1, round.profile().size(CHANGES) / watchers) * watchers;
    }

    private static double rate(Schema schema, Store<byte[]> bell, List<Watch<byte[]>> watches, int changes)
            throws Exception {
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            Future<?> consumer = thread.submit(() -> consume(watches, changes));
            makeChanges(schema, watches.size(), changes);
            long start = System.nanoTime();
            bell.set("bell", "bell", new byte[Data.VALUE_BYTES]);
            consumer.get(5, TimeUnit.MINUTES);
            return changes * 1e9 / (System.nanoTime() - start);
        } finally {
            thread.shutdownNow();
        }
    }

    /** Takes what there is from one watch after the other, and waits a moment when no watch had anything. */
    private static Void consume(List<Watch<byte[]>> watches, int changes) throws InterruptedException {
        int missing = changes;
        Duration patience = A_MOMENT;
        while (missing > 0) {
            int before = missing;
            for (Watch<byte[]> watch : watches) {
                Optional<Change<byte[]>> change = watch.poll(patience);
                patience = Duration.ZERO;
                while (change.isPresent()) {
                    Data.check(change.orElseThrow().value());
                    missing--;
                    change = watch.poll(patience);
                }
            }
            patience = missing == before ? A_MOMENT : Duration.ZERO;
        }
        return null;
    }

    private static void makeChanges(Schema schema, int kinds, int changes) throws SQLException {
        schema.execute(CHANGES_BY_OTHERS
                .replace("${kinds}", String.valueOf(kinds))
                .replace("${changes}", String.valueOf(changes)));
        schema.execute("ANALYZE zestor_outbox");
    }

    private static Contender drain(Server server, int kinds) {
        return round -> {
            try (Schema schema = server.newSchema()) {
                schema.open().close();
                int changes = changes(round, kinds);
                makeChanges(schema, kinds, changes);
                long start = System.nanoTime();
                drain(schema, changes);
                return new double[] {changes * 1e9 / (System.nanoTime() - start)};
            }
        };
    }

    private static void drain(Schema schema, int changes) throws SQLException {
        try (Connection connection = schema.connect();
                PreparedStatement statement = connection.prepareStatement(DRAIN)) {
            long last = 0;
            for (int read = 0; read < changes; ) {
                statement.setLong(1, last);
                try (ResultSet rows = statement.executeQuery()) {
                    while (rows.next()) {
                        last = read(rows).revision();
                        read++;
                    }
                }
            }
        }
    }

    private static Change<byte[]> read(ResultSet row) throws SQLException {
        byte[] value = row.getBytes("value");
        Data.check(value);
        return new Change<>(
                row.getString("etype").equals("create") ? Change.Type.CREATED : Change.Type.UPDATED,
                row.getString("kind"),
                row.getString("key"),
                value,
                row.getLong("version"),
                row.getLong("revision"),
                row.getObject("at", OffsetDateTime.class).toInstant(),
                false);
    }
}

package dev.tidemark.benchmarks.postgres;

import dev.tidemark.benchmarks.harness.Bench;
import dev.tidemark.benchmarks.harness.Bench.Measure;
import dev.tidemark.benchmarks.harness.Bench.Rival;
import dev.tidemark.benchmarks.harness.Child;
import dev.tidemark.benchmarks.harness.Contender;
import dev.tidemark.benchmarks.harness.Data;
import dev.tidemark.benchmarks.harness.Goal;
import dev.tidemark.benchmarks.harness.Round;
import dev.tidemark.store.Store;
import dev.tidemark.store.postgres.PostgresBackend;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * How long after a write returned another process has its change. Both processes read the one clock of the machine; a change may
 * well arrive before the writer knows that it is written, and counts as negative then.
 */
public final class Latency implements Contender {
    private static final int WRITERS = 8;
    private static final int RATE = 1_000;

    /** With a gap between pings, since the driver hands none over while more of them are coming in. */
    private static final int PING_RATE = 100;

    /** What it may take, in milliseconds, and the rate of sets at which. */
    private static final double[] LIMITS = {2.5, 15, RATE};

    private final Way way;
    private @Nullable Child watcher;

    /** A way to write here and to be told of it there. */
    private interface Way {
        double[] run(Child watcher, Round round) throws Exception;
    }

    private Latency(Way way) {
        this.way = way;
    }

    /** The benches of this family. */
    public static List<Bench> benches(Server server, Etcd etcd) {
        List<Measure> measures =
                List.of(new Measure("p50", "ms"), new Measure("p99", "ms"), new Measure("sets reached", "/s"));
        Goal factor = new Goal.AtMost(1.5);
        Goal limit = new Goal.AtMost(1);
        List<Rival> rivals = List.of(
                new Rival(
                        "bare LISTEN/NOTIFY ping",
                        new Latency((watcher, round) -> ping(watcher, server, round)),
                        List.of(factor, factor, new Goal.None())),
                new Rival("the limit", round -> LIMITS.clone(), List.of(limit, limit, new Goal.AtLeast(0.95))));
        Latency watch = new Latency((watcher, round) -> watch(watcher, server, round));
        Bench bench = new Bench("PostgreSQL watch in another process", measures, watch, rivals, false);
        return List.of(etcd.beside(
                bench, "etcd watch, through jetcd", new Latency((watcher, round) -> watch(watcher, etcd, round))));
    }

    @Override
    public double[] run(Round round) throws Exception {
        if (watcher == null) {
            watcher = Child.start(WatcherProcess.class, List.of("-Xmx256m"));
        }
        return way.run(watcher, round);
    }

    private static double[] watch(Child watcher, Server server, Round round) throws Exception {
        Pace pace = new Pace(WRITERS, RATE, round);
        try (Schema schema = server.newSchema();
                PostgresBackend backend = schema.openFilled()) {
            Store<byte[]> store = backend.store(Data.CODEC);
            watcher.tell("watch " + schema.uri() + " " + pace.writes());
            watcher.answer();
            pace.run(number -> store.set(Data.KIND, Data.key(number % Data.KEYS), Stamp.value(number)));
            return figures(pace, watcher.answer());
        }
    }

    private static double[] watch(Child watcher, Etcd etcd, Round round) throws Exception {
        Pace pace = new Pace(WRITERS, RATE, round.shorter());
        try (EtcdKeys keys = etcd.newKeys(round)) {
            watcher.tell("etcd " + keys.uri() + " " + pace.writes());
            watcher.answer();
            pace.run(number -> keys.put(Data.key(number % Data.KEYS), Stamp.value(number)));
            return figures(pace, watcher.answer());
        }
    }

    /** A NOTIFY here, a LISTEN there, and nothing else. */
    private static double[] ping(Child watcher, Server server, Round round) throws Exception {
        Pace pace = new Pace(1, PING_RATE, round);
        try (Schema schema = server.newSchema();
                Connection connection = schema.connect()) {
            watcher.tell("listen " + schema.uri() + " " + pace.writes());
            watcher.answer();
            pace.run(pinger(connection));
            return figures(pace, watcher.answer());
        }
    }

    private static Pace.Writer pinger(Connection connection) throws SQLException {
        PreparedStatement statement = connection.prepareStatement("SELECT pg_notify('ping', ?)");
        return number -> {
            statement.setString(1, String.valueOf(number));
            statement.execute();
        };
    }

    /** What the watcher tells is when each number arrived, in order of the numbers. */
    private static double[] figures(Pace pace, String arrivals) {
        long[] arrived = Arrays.stream(arrivals.split(" ", -1))
                .mapToLong(Long::parseLong)
                .toArray();
        double[] millis = IntStream.range(pace.warmUp(), arrived.length)
                .mapToDouble(number -> (arrived[number] - pace.returned(number)) / 1e3)
                .sorted()
                .toArray();
        return new double[] {millis[millis.length / 2], millis[(int) (millis.length * 0.99)], pace.rate()};
    }

    @Override
    public void close() throws Exception {
        if (watcher != null) {
            watcher.close();
        }
    }
}

package dev.tidemark.benchmarks.postgres;

import dev.tidemark.benchmarks.harness.Data;
import dev.tidemark.store.Change;
import dev.tidemark.store.Watch;
import dev.tidemark.store.WatchOptions;
import dev.tidemark.store.postgres.PostgresBackend;
import dev.tidemark.store.postgres.PostgresOptions;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/**
 * Waits in a process of its own for numbers, by a watch, by bare LISTEN or by a watch of etcd. For each line that says which, where and
 * how many it says that it is at work, and then when each number came.
 */
final class WatcherProcess {
    private WatcherProcess() {}

    public static void main(String[] arguments) throws Exception {
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            String[] words = line.split(" ", -1);
            long[] arrived = new long[Integer.parseInt(words[2])];
            switch (words[0]) {
                case "watch" -> watch(words[1], arrived);
                case "listen" -> listen(words[1], arrived);
                default -> EtcdListener.watch(words[1], arrived);
            }
            System.out.println(Arrays.stream(arrived).mapToObj(String::valueOf).collect(Collectors.joining(" ")));
        }
    }

    private static void watch(String uri, long[] arrived) throws InterruptedException {
        try (PostgresBackend backend =
                        PostgresBackend.open(PostgresOptions.of(uri).withTimeout(Schema.TIMEOUT));
                Watch<byte[]> watch = backend.store(Data.CODEC).watch(Data.KIND, WatchOptions.defaults())) {
            System.out.println("ready");
            for (int i = 0; i < arrived.length; i++) {
                Change<byte[]> change = watch.poll(Schema.TIMEOUT).orElseThrow();
                arrived[Stamp.number(change.value())] = Stamp.micros();
            }
        }
    }

    private static void listen(String uri, long[] arrived) throws SQLException {
        try (Connection connection = Schema.connect(uri);
                Statement statement = connection.createStatement()) {
            statement.execute("LISTEN ping");
            System.out.println("ready");
            int missing = arrived.length;
            while (missing > 0) {
                PGNotification[] pings =
                        connection.unwrap(PGConnection.class).getNotifications((int) Schema.TIMEOUT.toMillis());
                if (pings == null || pings.length == 0) {
                    throw new SQLException(missing + " pings did not come");
                }
                for (PGNotification ping : pings) {
                    arrived[Integer.parseInt(ping.getParameter())] = Stamp.micros();
                    missing--;
                }
            }
        }
    }
}

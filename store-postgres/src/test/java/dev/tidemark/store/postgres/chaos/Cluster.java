package dev.tidemark.store.postgres.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** A database of its own on a server, three processes that write to it, and two that watch it. */
final class Cluster implements AutoCloseable {
    private static final Duration RECOVERY = Duration.ofMinutes(2);
    private static final Duration END = Duration.ofMinutes(3);
    private static final AtomicInteger DATABASES = new AtomicInteger();
    private static final List<List<String>> CREWS = List.of(
            List.of("own", "own", "own", "other"),
            List.of("own", "foreign", "slow"),
            List.of("own", "joined", "foreign"));
    private static final int WATCHERS = 2;

    private final Server server;
    private final Wire wire;
    private final String database;
    private final Path directory;
    private final Random random;
    private final List<Child> writers = new ArrayList<>();
    private final List<Child> watchers = new ArrayList<>();
    private int started;

    private Cluster(Server server, Wire wire, String database, Path directory, Random random) {
        this.server = server;
        this.wire = wire;
        this.database = database;
        this.directory = directory;
        this.random = random;
    }

    /** Starts all processes, and waits until every thread of them is at work; with a wire, everybody is connected through it. */
    static Cluster start(Server server, boolean wired, Path directory, Random random) throws Exception {
        String database = "chaos_" + DATABASES.incrementAndGet();
        Files.createDirectories(directory);
        try (Stream<Path> old = Files.list(directory)) {
            for (Path file : old.toList()) {
                Files.delete(file);
            }
        }
        try (Connection admin = server.connect("postgres");
                Statement statement = admin.createStatement()) {
            statement.execute("CREATE DATABASE " + database + " TEMPLATE template0");
        }
        Wire wire = wired ? new Wire(server.port()) : null;
        Cluster cluster = new Cluster(server, wire, database, directory, random);
        cluster.begin();
        return cluster;
    }

    private void begin() throws Exception {
        Options.open(uri("setup")).close();
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE notes (call TEXT PRIMARY KEY)");
        }
        for (int crew = 0; crew < CREWS.size(); crew++) {
            writers.add(startWriter(crew));
        }
        for (int i = 0; i < WATCHERS; i++) {
            watchers.add(startWatcher("watcher" + i));
        }
        for (Child child : children()) {
            child.awaitReady();
        }
        awaitRecords();
        awaitProgress();
    }

    /** Each thread has begun its record. */
    private void awaitRecords() {
        int expected = CREWS.stream().mapToInt(List::size).sum() + WATCHERS * Watcher.TASKS.size();
        Awaitility.await("records of all threads")
                .atMost(RECOVERY)
                .until(() -> children().stream().flatMap(Child::records).count() >= expected);
    }

    private Child startWriter(int crew) throws IOException {
        String name = "writer" + ++started;
        List<String> arguments = new ArrayList<>(List.of(uri(name), directory.toString(), "" + random.nextLong()));
        arguments.addAll(CREWS.get(crew));
        return Child.start(WriterProcess.class, directory, name, arguments);
    }

    private Child startWatcher(String name) throws IOException {
        return Child.start(WatcherProcess.class, directory, name, List.of(uri(name), directory.toString()));
    }

    private String uri(String application) {
        int port = wire == null ? server.port() : wire.port();
        return "postgresql://postgres@localhost:" + port + "/" + database + "?socketTimeout=3&ApplicationName="
                + application;
    }

    Server server() {
        return server;
    }

    Wire wire() {
        return wire;
    }

    Connection connect() throws SQLException {
        return server.connect(database);
    }

    private List<Child> children() {
        return Stream.concat(writers.stream(), watchers.stream()).toList();
    }

    Progress mark() {
        return new Progress(children());
    }

    /** Every thread of every process has a success from now on. */
    void awaitProgress() {
        checkAlive();
        Progress mark = mark();
        try {
            Awaitility.await().atMost(RECOVERY).until(() -> mark.stuck() == null);
        } catch (org.awaitility.core.ConditionTimeoutException stuck) {
            throw new AssertionError("does not get on: " + mark.stuck(), stuck);
        }
    }

    /** A call of each writing process has failed since. */
    void awaitFailures(Progress since) {
        Awaitility.await("failures of all writers")
                .atMost(RECOVERY)
                .until(() -> writers.stream().allMatch(since::hasFailed));
    }

    /** All of these operations have been done so often, in the namespace that most share. */
    void awaitWork(int calls, int ofEach) {
        Awaitility.await("enough to be done").atMost(RECOVERY).until(() -> {
            Map<Call.Op, Integer> done = Verdict.done(calls());
            return done.values().stream().mapToInt(Integer::intValue).sum() >= calls
                    && Stream.of(Call.Op.values()).allMatch(op -> done.getOrDefault(op, 0) >= ofEach);
        });
    }

    private List<Call> calls() throws IOException {
        List<Call> calls = new ArrayList<>();
        for (Child writer : writers) {
            for (Path file : writer.records().toList()) {
                Recorder.calls(file).stream()
                        .filter(call -> call.namespace() == Options.NAMESPACE)
                        .forEach(calls::add);
            }
        }
        return calls;
    }

    private void checkAlive() {
        for (Child child : children()) {
            if (!child.isAlive()) {
                throw new AssertionError(child.name() + " has died; see " + directory);
            }
        }
    }

    void killWriter() throws Exception {
        int crew = random.nextInt(writers.size());
        writers.get(crew).kill();
        writers.set(crew, startWriter(crew));
        writers.get(crew).awaitReady();
    }

    /** It goes on after what it had on record. */
    void killWatcher() throws Exception {
        int index = random.nextInt(watchers.size());
        String name = watchers.get(index).name();
        watchers.get(index).kill();
        watchers.set(index, startWatcher(name));
        watchers.get(index).awaitReady();
    }

    /** Ends the writers, waits for what they left behind in the server, lets the watchers come to the end, and collects. */
    List<Evidence> finish() throws Exception {
        for (Child writer : writers) {
            writer.tell("stop");
        }
        for (Child writer : writers) {
            writer.awaitEnd(END);
        }
        try (Connection connection = connect()) {
            Awaitility.await("the last transactions to end")
                    .atMost(END)
                    .until(() -> sessionsOfWriters(connection) == 0);
            String finish = Options.NAMESPACE + "=" + newest(connection, Options.NAMESPACE) + " "
                    + Options.OTHER_NAMESPACE + "=" + newest(connection, Options.OTHER_NAMESPACE);
            for (Child watcher : watchers) {
                watcher.tell(finish);
            }
            for (Child watcher : watchers) {
                watcher.awaitEnd(END);
            }
            return List.of(
                    Evidence.gather(connection, directory, Options.NAMESPACE),
                    Evidence.gather(connection, directory, Options.OTHER_NAMESPACE));
        }
    }

    private static int sessionsOfWriters(Connection connection) throws SQLException {
        String sql = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                + " AND application_name LIKE 'writer%'";
        try (PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getInt(1);
        }
    }

    private static long newest(Connection connection, long namespace) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT max(revision) FROM zestor_outbox WHERE ns_id = ?")) {
            statement.setLong(1, namespace);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    @Override
    public void close() throws IOException {
        for (Child child : children()) {
            child.close();
        }
        if (wire != null) {
            wire.close();
        }
    }
}

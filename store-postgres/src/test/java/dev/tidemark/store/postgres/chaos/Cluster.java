package dev.tidemark.store.postgres.chaos;

import dev.tidemark.store.postgres.PostgresBackend;
import dev.tidemark.store.postgres.chaos.Verdict.Seen;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** A database of its own on a server, three processes that write to it, and some that watch it. */
final class Cluster implements AutoCloseable {
    /** The connections on which snapshots are open. */
    static final String REPLAYS = "application_name LIKE 'watcher%' AND state = 'idle in transaction'";

    private static final Logger LOG = System.getLogger(Cluster.class.getName());
    private static final Duration RECOVERY = Duration.ofMinutes(2);
    private static final Duration END = Duration.ofMinutes(3);
    private static final List<List<String>> CREWS = List.of(
            List.of("own", "own", "own", "other"),
            List.of("own", "foreign", "slow"),
            List.of("own", "joined", "foreign"));

    private final Server server;
    private final Wire wire;
    private final Database database;
    private final Scene scene;
    private final Path directory;
    private final Random random;
    private final List<Child> writers = new ArrayList<>();
    private final List<Child> watchers = new ArrayList<>();
    private Ager ager;
    private int started;

    private Cluster(Server server, Wire wire, Database database, Scene scene, Path directory, Random random) {
        this.server = server;
        this.wire = wire;
        this.database = database;
        this.scene = scene;
        this.directory = directory;
        this.random = random;
    }

    /** Starts all processes, and waits until every thread of them is at work; with a wire, everybody is connected through it. */
    static Cluster start(Server server, boolean wired, Scene scene, Path directory, Random random) throws Exception {
        Files.createDirectories(directory);
        try (Stream<Path> old = Files.list(directory)) {
            for (Path file : old.toList()) {
                Files.delete(file);
            }
        }
        Database database = Database.create(server);
        Wire wire = wired ? new Wire(server.port()) : null;
        Cluster cluster = new Cluster(server, wire, database, scene, directory, random);
        cluster.begin();
        return cluster;
    }

    private void begin() throws Exception {
        try (PostgresBackend backend = Options.open(uri("setup"), scene)) {
            database.prepare();
            if (scene.hasReplays()) {
                fill(backend);
            }
        }
        for (int crew = 0; crew < CREWS.size(); crew++) {
            writers.add(startWriter(crew));
        }
        for (int i = 0; i < scene.watchers().size(); i++) {
            watchers.add(startWatcher(i));
        }
        for (Child child : children()) {
            child.awaitReady();
        }
        awaitRecords();
        awaitProgress();
        if (scene.isCompacted()) {
            ager = Ager.start(database, directory, new Random(random.nextLong()));
        }
    }

    private void fill(PostgresBackend backend) throws IOException {
        try (Journal journal = new Journal("setup", Options.NAMESPACE, directory)) {
            if (new OwnWriter(backend, journal, random).fill() != Call.Outcome.DONE) {
                throw new AssertionError("nothing to replay; see " + directory);
            }
        }
    }

    /** Each thread has begun its record. */
    private void awaitRecords() {
        int expected = Stream.concat(CREWS.stream(), scene.watchers().stream())
                .mapToInt(List::size)
                .sum();
        Awaitility.await("records of all threads")
                .atMost(RECOVERY)
                .until(() -> children().stream().flatMap(Child::records).count() >= expected);
    }

    private Child startWriter(int crew) throws IOException {
        String name = "writer" + ++started;
        List<String> arguments =
                new ArrayList<>(List.of(uri(name), directory.toString(), scene.name(), "" + random.nextLong()));
        arguments.addAll(CREWS.get(crew));
        return Child.start(WriterProcess.class, directory, name, arguments);
    }

    private Child startWatcher(int crew) throws IOException {
        String name = "watcher" + crew;
        List<String> arguments = new ArrayList<>(List.of(uri(name), directory.toString(), scene.name()));
        arguments.addAll(scene.watchers().get(crew));
        return Child.start(WatcherProcess.class, directory, name, arguments);
    }

    private String uri(String application) {
        int port = wire == null ? server.port() : wire.port();
        return "postgresql://postgres@localhost:" + port + "/" + database.name() + "?socketTimeout=3&ApplicationName="
                + application;
    }

    Server server() {
        return server;
    }

    Wire wire() {
        return wire;
    }

    Connection connect() throws SQLException {
        return database.connect();
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
        } catch (ConditionTimeoutException stuck) {
            throw new AssertionError("does not get on: " + mark.stuck(), stuck);
        }
    }

    /** In a scene that has replays, a fault is to meet one. */
    void awaitReplay() {
        String sql = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND " + REPLAYS;
        Awaitility.await("a replay").atMost(RECOVERY).until(() -> {
            try (Connection connection = connect()) {
                return !scene.hasReplays() || Database.number(connection, sql) > 0;
            }
        });
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

    /** Gives what the scene is about the time to be seen often enough; whether it was is for the judgement to say. */
    void awaitScene() {
        try {
            Awaitility.await()
                    .atMost(RECOVERY)
                    .pollInterval(Duration.ofSeconds(1))
                    .until(() -> scene.isPlayed(seen()));
        } catch (ConditionTimeoutException missing) {
            LOG.log(Level.WARNING, "not enough of the scene: {0}", missing.getMessage());
        }
    }

    private Map<Seen, Integer> seen() throws IOException, SQLException {
        Map<Seen, Integer> seen = Verdict.seen(Evidence.streams(directory));
        try (Connection connection = connect()) {
            seen.put(Seen.COMPACTIONS, Database.compactions(connection));
        }
        return seen;
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
        watchers.get(index).kill();
        watchers.set(index, startWatcher(index));
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
                    .until(() -> Database.sessionsOfWriters(connection) == 0);
            String finish = Options.NAMESPACE + "=" + Database.newest(connection, Options.NAMESPACE) + " "
                    + Options.OTHER_NAMESPACE + "=" + Database.newest(connection, Options.OTHER_NAMESPACE);
            for (Child watcher : watchers) {
                watcher.tell(finish);
            }
            for (Child watcher : watchers) {
                watcher.awaitEnd(END);
            }
            if (ager != null) {
                ager.stop();
                Awaitility.await().atMost(END).until(() -> !ager.isAlive());
            }
            return List.of(
                    Evidence.gather(connection, directory, Options.NAMESPACE),
                    Evidence.gather(connection, directory, Options.OTHER_NAMESPACE));
        }
    }

    @Override
    public void close() throws IOException {
        if (ager != null) {
            ager.stop();
        }
        for (Child child : children()) {
            child.close();
        }
        if (wire != null) {
            wire.close();
        }
    }
}

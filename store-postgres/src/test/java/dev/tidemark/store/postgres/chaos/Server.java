package dev.tidemark.store.postgres.chaos;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * A PostgreSQL server that can be killed, started again on the same data and port, stopped and continued. The library that the other
 * tests use unpacks it and makes its data; from then on it is run directly. Dies with this process.
 */
final class Server implements AutoCloseable {
    private static final Duration START = Duration.ofMinutes(3);

    private final Path data;
    private final Path binaries;
    private final int port;
    private Process postmaster;
    private Process guard;

    private Server(Path data, Path binaries, int port) {
        this.data = data;
        this.binaries = binaries;
        this.port = port;
    }

    /** Starts a server; when the tests are to run against a given one, which nobody may kill, what needs this is skipped. */
    static Server start() throws IOException, SQLException {
        String given = System.getenv("POSTGRES_CONN");
        assumeTrue(
                given == null || given.isBlank(), "kills its server, and the one that POSTGRES_CONN names is not ours");
        Path data = Files.createTempDirectory("tidemark-chaos");
        int port = freePort();
        Path binaries;
        try (EmbeddedPostgres first = EmbeddedPostgres.builder()
                        .setDataDirectory(data)
                        .setCleanDataDirectory(false)
                        .setPort(port)
                        .setPGStartupWait(START)
                        .start();
                Connection connection = first.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT setting FROM pg_config WHERE name = 'BINDIR'")) {
            row.next();
            binaries = Path.of(row.getString(1));
        }
        Server server = new Server(data, binaries, port);
        server.restart();
        return server;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    int port() {
        return port;
    }

    Connection connect(String database) throws SQLException {
        return DriverManager.getConnection("jdbc:postgresql://localhost:" + port + "/" + database, "postgres", "");
    }

    /** A second server on a copy of the data, which has to be stopped meanwhile; it starts as this one would have gone on. */
    Server copy() throws IOException {
        Path copied = Files.createTempDirectory("tidemark-chaos");
        try (Stream<Path> files = Files.walk(data)) {
            for (Path file : files.toList()) {
                Path target = copied.resolve(data.relativize(file).toString());
                if (!target.equals(copied)) {
                    Files.copy(file, target, StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        }
        return new Server(copied, binaries, freePort());
    }

    /** Makes a server that was not started yet follow another one, until {@code pg_promote()}. */
    void follow(Server primary) throws IOException {
        Files.createFile(data.resolve("standby.signal"));
        Files.writeString(
                data.resolve("postgresql.auto.conf"),
                "primary_conninfo = 'host=localhost port=" + primary.port + " user=postgres'\n",
                StandardOpenOption.APPEND);
    }

    /** Starts the server, and waits until it takes connections. */
    void restart() {
        Awaitility.await("the server to start").atMost(START).ignoreExceptions().until(() -> {
            if (postmaster == null || !postmaster.isAlive()) {
                launch();
            }
            connect("postgres").close();
            return true;
        });
    }

    private void launch() throws IOException {
        List<String> command = new ArrayList<>();
        if (System.getProperty("user.name").equals("root")) {
            command.addAll(List.of("unshare", "-U"));
        }
        command.addAll(List.of(binaries.resolve("postgres").toString(), "-D", data.toString(), "-p", "" + port));
        List<String> settings = List.of(
                "listen_addresses=localhost",
                "unix_socket_directories=",
                "max_connections=200",
                "deadlock_timeout=200ms",
                "log_min_messages=fatal");
        settings.forEach(setting -> command.addAll(List.of("-c", setting)));
        File log = data.resolve("server.log").toFile();
        postmaster = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
                .start();
        endGuard();
        guard = shell("read -r _; kill -CONT " + postmaster.pid() + "; kill -QUIT " + postmaster.pid());
    }

    /** Ends the server at once, with all its processes, as a loss of power does. */
    void kill() {
        endGuard();
        List<ProcessHandle> children = postmaster.descendants().toList();
        postmaster.toHandle().destroyForcibly();
        children.forEach(ProcessHandle::destroyForcibly);
        postmaster.onExit().join();
    }

    /** Ends the server in order. */
    void stop() throws IOException {
        endGuard();
        signal("-INT", postmaster.toHandle());
        postmaster.onExit().join();
    }

    /** Kills one of the processes that serve a connection, upon which the server drops all connections and recovers. */
    void killOneBackend(long pid) {
        postmaster.descendants().filter(process -> process.pid() == pid).forEach(ProcessHandle::destroyForcibly);
    }

    /** Stops every process of the server. */
    void freeze() throws IOException {
        signal("-STOP", postmaster.toHandle());
        for (ProcessHandle child : postmaster.descendants().toList()) {
            signal("-STOP", child);
        }
    }

    void thaw() throws IOException {
        for (ProcessHandle child : postmaster.descendants().toList()) {
            signal("-CONT", child);
        }
        signal("-CONT", postmaster.toHandle());
    }

    private static void signal(String signal, ProcessHandle process) throws IOException {
        shell("kill " + signal + " " + process.pid()).onExit().join();
    }

    private static Process shell(String command) throws IOException {
        return new ProcessBuilder("sh", "-c", command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private void endGuard() {
        if (guard != null) {
            guard.destroyForcibly();
            guard = null;
        }
    }

    @Override
    public void close() {
        if (postmaster != null && postmaster.isAlive()) {
            kill();
        }
        Awaitility.await("the data to be deleted")
                .atMost(START)
                .ignoreExceptions()
                .until(() -> {
                    delete(data);
                    return !Files.exists(data);
                });
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}

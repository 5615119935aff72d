package dev.tidemark.cli;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** A PostgreSQL server for as long as the demo takes; its data goes with it. It can crash, and start again on the same data. */
final class DemoServer implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 60;
    private static final int DELETE_TRIES = 50;

    /** Set by the script that starts this program: where PostgreSQL's programs are kept once they are unpacked. */
    private static final String PROGRAMS = "tidemark.demo.programs";

    private final Path directory;
    private final Path programs;
    private final Path data;
    private final Path log;
    private final List<String> user;
    private int port;

    private DemoServer(Path directory, List<String> user) {
        this.directory = directory;
        this.programs = Path.of(System.getProperty(PROGRAMS, directory.toString()));
        this.data = directory.resolve("data");
        this.log = directory.resolve("server.log");
        this.user = user;
    }

    static DemoServer start() {
        try {
            Class.forName("io.zonky.test.db.postgres.embedded.EmbeddedPostgres");
        } catch (ClassNotFoundException missing) {
            throw new InputException(
                    "there is no PostgreSQL on the class path; the script ./tidemark brings it, or name a server of yours:"
                            + " --store postgresql://user:password@host:port/database",
                    missing);
        }
        try {
            List<String> user = userCommand();
            DemoServer server = new DemoServer(Files.createTempDirectory("tidemark-demo-"), user);
            server.first();
            return server;
        } catch (IOException failure) {
            throw new DemoException("no temporary directory: " + failure.getMessage());
        }
    }

    /** PostgreSQL refuses to be root, but not to be nobody in a user namespace where root is. */
    private static List<String> userCommand() {
        if (!System.getProperty("user.name").equals("root")) {
            return List.of();
        }
        String refusal = "PostgreSQL refuses to run as root, and 'unshare -U', which would help, is ";
        String advice = "; run the demo as another user";
        List<String> namespace = List.of("unshare", "-U");
        try {
            if (run(namespace, List.of("true"), Redirect.DISCARD)) {
                return namespace;
            }
            throw new DemoException(refusal + "not permitted here" + advice);
        } catch (IOException noSuchProgram) {
            throw new DemoException(refusal + "not there" + advice);
        }
    }

    private void first() {
        boolean started = false;
        try {
            // Its settings are made for tests; these are for data that is to survive.
            port = EmbeddedPostgres.builder()
                    .setOverrideWorkingDirectory(programs.toFile())
                    .setDataDirectory(data)
                    .setCleanDataDirectory(false)
                    .setRegisterShutdownHook(false)
                    .setServerConfig("fsync", "on")
                    .setServerConfig("full_page_writes", "on")
                    .setServerConfig("synchronous_commit", "on")
                    .setServerConfig("unix_socket_directories", "")
                    .setErrorRedirector(Redirect.appendTo(log.toFile()))
                    .setOutputRedirector(Redirect.appendTo(log.toFile()))
                    .setPGStartupWait(Duration.ofSeconds(PATIENCE_SECONDS))
                    .start()
                    .getPort();
            // Then it has not waited for the server, which can't be stopped before it is up.
            if (Thread.currentThread().isInterrupted()) {
                throw new DemoException("it was interrupted");
            }
            started = true;
        } catch (IOException | IllegalStateException failure) {
            throw new DemoException("PostgreSQL does not start: " + lastWords(failure));
        } finally {
            if (!started) {
                // Whatever was making the data must not go on while it is deleted.
                ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
                close();
            }
        }
    }

    String uri() {
        return "postgresql://postgres@localhost:" + port + "/postgres";
    }

    Path directory() {
        return directory;
    }

    /** Ends all its processes at once, as a loss of power does. Returns how many there were. */
    int crash() {
        List<ProcessHandle> processes = processes();
        processes.forEach(ProcessHandle::destroyForcibly);
        for (ProcessHandle process : processes) {
            try {
                process.onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException interrupt) {
                Thread.currentThread().interrupt();
                throw new DemoException("it was interrupted");
            } catch (ExecutionException | TimeoutException failure) {
                throw new DemoException("process " + process.pid() + " of the server can't be killed");
            }
        }
        return processes.size();
    }

    /** Starts it as it was started before, and returns when it takes connections. */
    void restart() {
        try {
            if (!control("restart", "-w", "-l", log.toString())) {
                throw new DemoException(
                        "PostgreSQL does not start again: " + lastWords(new IOException("pg_ctl failed")));
            }
        } catch (IOException failure) {
            throw new DemoException("PostgreSQL does not start again: " + failure.getMessage());
        }
    }

    private List<ProcessHandle> processes() {
        try {
            long pid = Long.parseLong(
                    Files.readAllLines(data.resolve("postmaster.pid")).get(0).strip());
            return ProcessHandle.of(pid).filter(DemoServer::isPostgres).stream()
                    .flatMap(postmaster -> Stream.concat(Stream.of(postmaster), postmaster.descendants()))
                    .toList();
        } catch (IOException | RuntimeException notRunning) {
            return List.of();
        }
    }

    /** The number of a process that was killed may be another one's by now. */
    private static boolean isPostgres(ProcessHandle process) {
        return process.info()
                .command()
                .map(command -> command.contains("postgres"))
                .orElse(true);
    }

    private boolean control(String... args) throws IOException {
        List<String> command = new ArrayList<>(List.of(program("pg_ctl").toString(), "-D", data.toString()));
        command.addAll(List.of(args));
        return run(user, command, Redirect.appendTo(log.toFile()));
    }

    private Path program(String name) throws IOException {
        Path end = Path.of("bin", name);
        try (Stream<Path> found = Files.find(programs, 3, (path, attributes) -> path.endsWith(end))) {
            return found.findAny().orElseThrow(() -> new IOException("there is no " + end + " in " + programs));
        }
    }

    private static boolean run(List<String> user, List<String> command, Redirect output) throws IOException {
        Process process = new ProcessBuilder(
                        Stream.concat(user.stream(), command.stream()).toList())
                .redirectErrorStream(true)
                .redirectOutput(output)
                .start();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
                } catch (InterruptedException interrupt) {
                    // A server that is half started could not be stopped.
                    interrupted = true;
                }
            }
        } finally {
            process.destroyForcibly();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** What the server had to say last, which explains more than that a program has failed. */
    private String lastWords(Exception failure) {
        String reason = String.valueOf(failure.getMessage());
        try (Stream<String> lines = Files.lines(log)) {
            return lines.filter(line -> !line.isBlank()).reduce(reason, (earlier, later) -> later);
        } catch (IOException | UncheckedIOException noLog) {
            return reason;
        }
    }

    /** Stops the server and deletes its directory, also when this thread was interrupted. */
    @Override
    public void close() {
        boolean interrupted = Thread.interrupted();
        try {
            // Orderly, since a server that is killed leaves shared memory behind.
            if (!processes().isEmpty() && !control("stop", "-w", "-m", "immediate")) {
                crash();
            }
            delete();
        } catch (IOException failure) {
            throw new DemoException(directory + " can't be deleted: " + failure.getMessage());
        } catch (InterruptedException again) {
            interrupted = true;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** What is on its way to its end may still write a file. */
    private void delete() throws IOException, InterruptedException {
        for (int tries = 1; Files.exists(directory); tries++) {
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            } catch (IOException | UncheckedIOException busy) {
                if (tries == DELETE_TRIES) {
                    throw new IOException(busy);
                }
                TimeUnit.MILLISECONDS.sleep(100);
            }
        }
    }
}

package dev.tidemark.benchmarks.postgres;

import dev.tidemark.benchmarks.harness.Bench;
import dev.tidemark.benchmarks.harness.Callers;
import dev.tidemark.benchmarks.harness.Contender;
import dev.tidemark.benchmarks.harness.Goal;
import dev.tidemark.benchmarks.harness.Round;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.maintenance.StatusResponse;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The etcd that rows compare with, the only member of its cluster. Without such a program there are no such rows. */
public final class Etcd implements AutoCloseable {
    private static final int CALLERS = 32;

    /** Until jetcd has been compiled well, a lone caller puts at a quarter of its rate; turns alone are too short for that. */
    private static final Duration PRACTICE = Duration.ofSeconds(5);

    private final @Nullable Path program;
    private final Path directory;
    private final AtomicInteger turns = new AtomicInteger();
    private @Nullable Member member;

    private record Member(Process process, String endpoint, String version) {}

    private Etcd(@Nullable Path program, Path directory) {
        this.program = program;
        this.directory = directory;
    }

    /** An etcd that keeps its data in {@code directory}, once somebody needs it; {@code searchPath} says where the program may be. */
    public static Etcd in(Path directory, String searchPath) {
        Path program = Arrays.stream(searchPath.split(File.pathSeparator, -1))
                .filter(entry -> !entry.isEmpty())
                .map(entry -> Path.of(entry, "etcd"))
                .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
                .findFirst()
                .orElse(null);
        return new Etcd(program, directory);
    }

    boolean isThere() {
        return program != null;
    }

    /** Adds a rival to a bench, without a goal, if there is an etcd. */
    Bench beside(Bench bench, String rival, Contender contender) {
        Goal[] none =
                Collections.nCopies(bench.measures().size(), new Goal.None()).toArray(Goal[]::new);
        return isThere() ? bench.against(rival, contender, none) : bench;
    }

    /** What its figures depend on; nothing if nobody needed it, and if there is none, what follows from that. */
    public Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        if (!isThere()) {
            settings.put("on the PATH", "no, so its rows are left out");
        } else if (member != null) {
            settings.put("version", member.version());
            settings.put("members", "1");
            settings.put("unsafe-no-fsync", "false");
        }
        return settings;
    }

    /** A place for the keys of one turn, with the usual ones in it. */
    EtcdKeys newKeys(Round round) throws Exception {
        if (member == null) {
            member = start(Objects.requireNonNull(program));
            if (round.profile().isPractised()) {
                practise(newKeys(round), round);
            }
        }
        EtcdKeys keys = new EtcdKeys(member.endpoint() + "/turn-" + turns.incrementAndGet() + "/");
        keys.fill();
        return keys;
    }

    private static void practise(EtcdKeys keys, Round round) throws Exception {
        try (keys) {
            Callers.rate(CALLERS, new Round(round.number(), round.profile(), Duration.ZERO, PRACTICE), i -> keys::put);
        }
    }

    private Member start(Path file) throws Exception {
        String endpoint = "http://127.0.0.1:" + freePort();
        ProcessBuilder builder = new ProcessBuilder(
                file.toString(),
                "--data-dir=" + directory.resolve("etcd"),
                "--listen-client-urls=" + endpoint,
                "--advertise-client-urls=" + endpoint,
                "--listen-peer-urls=http://127.0.0.1:0",
                "--logger=zap",
                "--log-level=error");
        // These override its defaults, that of durability among them.
        builder.environment().keySet().removeIf(name -> name.startsWith("ETCD_"));
        Process process = builder.redirectOutput(Redirect.DISCARD)
                .redirectError(Redirect.INHERIT)
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        try {
            return new Member(process, endpoint, version(process, endpoint));
        } catch (Exception failure) {
            end(process);
            throw failure;
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Waits until it answers, or has ended. */
    private static String version(Process process, String endpoint) throws Exception {
        try (Client client = EtcdKeys.connect(endpoint)) {
            CompletableFuture<StatusResponse> status =
                    client.getMaintenanceClient().statusMember(endpoint);
            CompletableFuture.anyOf(status, process.onExit()).get(Schema.TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            if (!process.isAlive()) {
                throw new IOException("etcd ended with " + process.exitValue());
            }
            return status.join().getVersion();
        }
    }

    @Override
    public void close() {
        if (member != null) {
            end(member.process());
        }
    }

    /** Nobody needs its data any more, so it is not asked. */
    private static void end(Process process) {
        process.destroyForcibly().onExit().join();
    }
}

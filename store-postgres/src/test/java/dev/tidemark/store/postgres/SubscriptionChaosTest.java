package dev.tidemark.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.event.Event;
import dev.tidemark.event.EventQuery;
import dev.tidemark.event.EventStore;
import dev.tidemark.store.Entry;
import dev.tidemark.store.Store;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Eight processes append to overlapping aggregates while the process of a subscriber is killed and started again. */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
@Tag("alone")
class SubscriptionChaosTest {
    private static final int APPENDERS = 8;
    private static final int APPENDS = 50;
    private static final int KILLS = 3;

    @TempDir
    private Path directory;

    private final List<Process> processes = new ArrayList<>();
    private PostgresServer.Database database;
    private PostgresBackend backend;

    @BeforeEach
    void create() throws Exception {
        database = PostgresServer.shared().newDatabase();
        backend = PostgresBackend.open(database.options());
    }

    @AfterEach
    void drop() throws Exception {
        for (Process process : processes) {
            process.destroyForcibly();
            process.onExit().join();
        }
        backend.close();
        database.close();
    }

    private Process start(Class<?> main, String... arguments) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String classPath = System.getProperty("java.class.path")
                .replace(File.pathSeparator + File.pathSeparator, File.pathSeparator);
        List<String> command = new ArrayList<>(List.of(
                java, "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx128m", "-cp", classPath, main.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectError(directory
                        .resolve(main.getSimpleName() + processes.size() + ".err")
                        .toFile())
                .start();
        processes.add(process);
        return process;
    }

    private Process startSubscriber() throws IOException {
        Process subscriber = start(EventSubscriber.class, database.uri());
        assertThat(line(subscriber)).isEqualTo("ready");
        return subscriber;
    }

    private static String line(Process process) throws IOException {
        BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
        return output.readLine();
    }

    @Test
    void everyPositionIsHandledOnceAndNoVersionIsSharedWhateverDies() throws Exception {
        EventStore events = backend.events(Deed.TYPES);
        Store<String> handled = backend.store(TextCodec.TEXT);
        events.position();
        Process subscriber = startSubscriber();
        List<Process> appenders = new ArrayList<>();
        for (int i = 0; i < APPENDERS; i++) {
            appenders.add(start(EventAppender.class, database.uri(), "writer" + i, String.valueOf(APPENDS)));
        }
        for (Process appender : appenders) {
            assertThat(line(appender)).isEqualTo("ready");
        }
        for (Process appender : appenders) {
            appender.getOutputStream().close();
        }
        for (int i = 1; i <= KILLS; i++) {
            long enough = (long) APPENDERS * APPENDS * i / (KILLS + 1);
            awaitHandled(handled, enough);
            subscriber.destroyForcibly().onExit().join();
            subscriber = startSubscriber();
        }
        int conflicts = 0;
        for (Process appender : appenders) {
            String[] result = line(appender).split(" ", -1);
            assertThat(result[0]).isEqualTo(String.valueOf(APPENDS));
            conflicts += Integer.parseInt(result[1]);
        }
        assertThat(conflicts).as("appends that were overtaken").isPositive();
        awaitHandled(handled, (long) APPENDERS * APPENDS);
        assertExact(events.list(EventQuery.all()), handled);
        assertThat(subscriber.isAlive()).isTrue();
    }

    private static void awaitHandled(Store<String> handled, long count) {
        Awaitility.await().atMost(Duration.ofMinutes(3)).until(() -> handled.count(EventSubscriber.KIND) >= count);
    }

    private static void assertExact(List<Event<?>> events, Store<String> handled) {
        Map<String, String> table = new TreeMap<>();
        Set<String> versions = new HashSet<>();
        Map<Object, Integer> newest = new HashMap<>();
        for (Event<?> event : events) {
            table.put(String.valueOf(event.position()), event.id().toString());
            assertThat(versions.add(event.aggregate() + " " + event.version()))
                    .as("version %s of %s is its only one", event.version(), event.aggregate())
                    .isTrue();
            assertThat(event.version())
                    .as("positions follow versions")
                    .isEqualTo(newest.merge(Objects.requireNonNull(event.aggregate()), 1, Integer::sum));
        }
        assertThat(table).hasSize(APPENDERS * APPENDS);
        Map<String, String> seen = new TreeMap<>();
        for (Entry<String> entry : handled.list(EventSubscriber.KIND).items()) {
            seen.put(entry.key(), entry.value());
            assertThat(entry.version()).as("writes of %s", entry.key()).isEqualTo(1);
        }
        assertThat(seen).isEqualTo(table);
    }
}

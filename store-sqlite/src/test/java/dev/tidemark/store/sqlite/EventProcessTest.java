package dev.tidemark.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.event.AggregateId;
import dev.tidemark.event.Event;
import dev.tidemark.event.EventConflictException;
import dev.tidemark.event.EventQuery;
import dev.tidemark.event.EventStore;
import dev.tidemark.event.ExpectedVersion;
import dev.tidemark.event.Subscription;
import dev.tidemark.event.SubscriptionOptions;
import dev.tidemark.event.spi.EventEngine;
import dev.tidemark.store.Store;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Events of several processes in one file, some of which end suddenly. */
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EventProcessTest {
    private static final int KILLS = 8;
    private static final List<String> JVM = List.of("-XX:TieredStopAtLevel=1", "-Xmx128m");

    @TempDir
    Path directory;

    private Path file;

    @BeforeEach
    void name() {
        file = directory.resolve("app.db");
    }

    @Test
    void e1_aKilledWriterLosesNothingAcknowledgedAndTearsNothing() throws Exception {
        Random random = new Random(21);
        Map<String, Integer> acknowledged = new HashMap<>();
        long newest = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            try (ChildProcess hammer = hammer("one")) {
                int lines = 1 + random.nextInt(80);
                for (int read = 0; read < lines; read++) {
                    acknowledge(hammer.line(), acknowledged);
                }
                hammer.kill();
                for (String line = hammer.line(); line != null; line = hammer.line()) {
                    acknowledge(line, acknowledged);
                }
            }
            long before = newest;
            newest = checkRecovered(acknowledged);
            assertThat(newest).isGreaterThan(before);
        }
        assertThat(acknowledged).hasSize(EventHammer.WRITERS).doesNotContainValue(0);
    }

    @Test
    void e4_aSubscriptionSeesTheEventsOfAllProcessesInOneOrder() throws Exception {
        SqliteOptions options =
                SqliteOptions.at(file).withTimeout(EventHammer.TIMEOUT).withWatchPolling(Duration.ofMillis(10));
        BlockingQueue<Event<?>> handled = new LinkedBlockingQueue<>();
        try (SqliteBackend backend = SqliteBackend.open(options)) {
            EventStore events = backend.events(Talk.TYPES);
            try (Subscription subscription = events.subscribe(SubscriptionOptions.fromStart(), handled::add)) {
                try (ChildProcess one = hammer("one");
                        ChildProcess other = hammer("other")) {
                    for (int i = 0; i < 150; i++) {
                        assertThat(one.line()).isNotNull();
                        assertThat(other.line()).isNotNull();
                        events.insert(Event.of("shouted", "number " + i));
                    }
                    one.kill();
                    assertThat(other.line()).isNotNull();
                }
                List<Event<?>> expected = events.list(EventQuery.all());
                List<Event<?>> seen = new ArrayList<>();
                while (seen.size() < expected.size()) {
                    seen.add(handled.poll(1, TimeUnit.MINUTES));
                }
                assertThat(seen).isEqualTo(expected).hasSizeGreaterThan(700);
                assertThat(subscription.failure()).isEmpty();
            }
            checkHistories(events);
        }
    }

    @Test
    void e4_aLonelyEventOfAnotherBackendWakesASubscription() throws Exception {
        SqliteOptions options = SqliteOptions.at(file).withWatchPolling(Duration.ofMillis(10));
        BlockingQueue<Object> handled = new LinkedBlockingQueue<>();
        try (SqliteBackend one = SqliteBackend.open(options);
                SqliteBackend other = SqliteBackend.open(options);
                Subscription subscription = one.events(Talk.TYPES)
                        .subscribe(SubscriptionOptions.fromNow(), event -> handled.add(event.data()))) {
            other.events(Talk.TYPES).insert(Event.of("said", "hello"));
            assertThat(handled.poll(1, TimeUnit.MINUTES)).isEqualTo("hello");
            assertThat(handled).isEmpty();
            assertThat(subscription.failure()).isEmpty();
        }
    }

    @Test
    void e3_ofTwoBackendsThatExpectTheSameVersionOneIsRefused() {
        AggregateId aggregate = AggregateId.random("talk");
        try (SqliteBackend one = SqliteBackend.open(SqliteOptions.at(file));
                SqliteBackend other = SqliteBackend.open(SqliteOptions.at(file))) {
            one.events(Talk.TYPES).append(aggregate, ExpectedVersion.NONE, Event.of("said", "a"));
            other.events(Talk.TYPES).append(aggregate, ExpectedVersion.exactly(1), Event.of("said", "b"));
            assertThatThrownBy(() ->
                            one.events(Talk.TYPES).append(aggregate, ExpectedVersion.exactly(1), Event.of("said", "c")))
                    .isInstanceOf(EventConflictException.class)
                    .hasMessageContaining("expected version 1, found 2");
        }
    }

    /** Otherwise a holder that dies takes the name with it until its clock would have been right. */
    @ParameterizedTest
    @CsvSource({"0, false", "2, true", "365, true"})
    void e13_aNameThatAClockFarAheadHasLeasedIsFree(int daysAhead, boolean free) throws Exception {
        try (SqliteBackend backend = SqliteBackend.open(SqliteOptions.at(file));
                Database database = new Database(file)) {
            EventEngine engine = backend.engine().events("events");
            Duration lease = Duration.ofDays(1);
            assertThat(engine.claim("name", new UUID(0, 1), lease, 7)).hasValue(7);
            database.execute("UPDATE events_subscriptions SET until = until + "
                    + Duration.ofDays(daysAhead).toMillis() * 1000);

            assertThat(engine.claim("name", new UUID(0, 2), lease, 0).isPresent())
                    .isEqualTo(free);
            assertThat(engine.claim("name", new UUID(0, 1), lease, 0).isPresent())
                    .isNotEqualTo(free);
        }
    }

    private ChildProcess hammer(String name) throws Exception {
        return ChildProcess.start(EventHammer.class, JVM, file.toString(), name);
    }

    private static void acknowledge(String line, Map<String, Integer> acknowledged) {
        String[] words = line.split(" ", -1);
        acknowledged.put(words[0], Integer.parseInt(words[1]));
    }

    /**
     * Since the last check, each writer has at most one write that it could not acknowledge. The next process goes on from what was
     * found, so that counts as acknowledged from now on.
     */
    private long checkRecovered(Map<String, Integer> acknowledged) throws Exception {
        try (SqliteBackend backend = SqliteBackend.open(SqliteOptions.at(file));
                Database database = new Database(file)) {
            assertThat(database.column("PRAGMA integrity_check")).containsExactly("ok");
            EventStore events = backend.events(Talk.TYPES);
            Store<String> store = backend.store(Texts.CODEC);
            List<Object> said = events.list(EventQuery.all()).stream()
                    .<Object>map(Event::data)
                    .toList();
            int expected = 0;
            for (int writer = 0; writer < EventHammer.WRITERS; writer++) {
                String name = "one-" + writer;
                int stored = Integer.parseInt(store.get("appended", name).orElse("0"));
                int known = acknowledged.getOrDefault(name, 0);
                assertThat(stored).isBetween(known, known + 1);
                acknowledged.put(name, stored);
                List<Object> own = IntStream.rangeClosed(1, stored)
                        .<Object>mapToObj(count -> name + " " + count)
                        .flatMap(data -> List.of(data, data).stream())
                        .toList();
                assertThat(said.stream().filter(data -> ((String) data).startsWith(name + " ")))
                        .containsExactlyElementsOf(own);
                expected += own.size();
            }
            assertThat(said).hasSize(expected);
            checkHistories(events);
            return events.position();
        }
    }

    /** The versions of an aggregate follow each other, and their order is that of the positions. */
    private static void checkHistories(EventStore events) {
        for (int i = 0; i < EventHammer.AGGREGATES; i++) {
            List<Event<?>> history = events.list(EventQuery.ofAggregate(EventHammer.aggregate(i)));
            assertThat(history.stream().map(Event::version))
                    .containsExactlyElementsOf(
                            IntStream.rangeClosed(1, history.size()).boxed().toList());
            assertThat(history.stream().map(Event::position)).isSorted().doesNotHaveDuplicates();
        }
    }
}

package dev.tidemark.store.postgres;

import static dev.tidemark.store.postgres.Changes.next;
import static dev.tidemark.store.postgres.Changes.number;
import static dev.tidemark.store.postgres.TextCodec.TEXT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tidemark.store.Change;
import dev.tidemark.store.HistoryCompactedException;
import dev.tidemark.store.RevisionAheadException;
import dev.tidemark.store.Store;
import dev.tidemark.store.StoreOptions;
import dev.tidemark.store.Watch;
import dev.tidemark.store.WatchOptions;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RetentionTest {
    private static final Duration DAY = Duration.ofHours(24);

    private static final Duration MINUTE = Duration.ofMinutes(1);

    /** The tests' server has just been started. */
    private static final Duration AT_ONCE = Duration.ofNanos(1);

    private PostgresServer.Database database;
    private PostgresBackend backend;
    private Store<String> store;
    private Retention retention;

    @BeforeEach
    void open() throws Exception {
        database = PostgresServer.shared().newDatabase();
        // It must not do by itself what a test is about to ask for.
        backend = PostgresBackend.open(database.options().withCompaction(new Retention.Pace(DAY, MINUTE, AT_ONCE)));
        store = backend.store(TEXT);
        retention = backend.engine().retention();
    }

    @AfterEach
    void close() throws Exception {
        backend.close();
        database.close();
    }

    private void age(long upTo, String age) throws Exception {
        database.execute("UPDATE zestor_outbox SET at = now() - interval '" + age + "' WHERE revision <= " + upTo);
    }

    private void write(int count) {
        for (int i = 1; i <= count; i++) {
            store.set("k", "key", "" + i);
        }
    }

    private Watch<String> after(long revision) {
        return store.watch(WatchOptions.defaults().withStartAfter(revision));
    }

    @Test
    void whatIsOlderGoesAndTheBoundaryIsExact() throws Exception {
        write(10);
        age(6, "25 hours");
        assertThat(retention.compact(0, DAY, 1_000)).isEqualTo(6);
        assertThat(retention.compact(0, DAY, 1_000)).isZero();
        try (Watch<String> watch = after(6)) {
            assertThat(next(watch, 4)).extracting(Change::revision).containsExactly(7L, 8L, 9L, 10L);
        }
        assertThatThrownBy(() -> after(5))
                .isInstanceOfSatisfying(
                        HistoryCompactedException.class,
                        gone -> assertThat(gone.oldest()).isEqualTo(6));
        assertThatThrownBy(() -> after(11)).isInstanceOf(RevisionAheadException.class);
    }

    @Test
    void ofTooManyOnlyThoseBeyondTheLastMinuteGo() throws Exception {
        write(10);
        assertThat(retention.compact(0, DAY, 3)).isZero();
        age(9, "2 minutes");
        assertThat(retention.compact(0, DAY, 3)).isEqualTo(7);
        assertThatThrownBy(() -> after(6)).isInstanceOf(HistoryCompactedException.class);
        after(7).close();
    }

    /** The server has no date that long ago. */
    @Test
    void whoKeepsChangesForeverStillKeepsOnlySoMany() throws Exception {
        for (Duration forever : List.of(ChronoUnit.FOREVER.getDuration(), Duration.ofDays(365 * 10_000))) {
            write(10);
            age(Long.MAX_VALUE, "2 minutes");
            assertThat(retention.compact(0, forever, 3)).isPositive();
            assertThat(retention.compact(0, forever, 3)).isZero();
        }
    }

    /** Else those of a transaction that took longer than the retention would be gone before others have read them. */
    @Test
    void changesOfALongTransactionAreAsNewAsItsCommit() throws Exception {
        try (Connection other = database.connect();
                Watch<String> watch = store.watch(WatchOptions.defaults())) {
            other.setAutoCommit(false);
            backend.withConnection(other).store(TEXT).set("k", "a", "1");
            String clock = "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint";
            Instant beforeCommit = Instant.EPOCH.plus(number(other, clock), ChronoUnit.MICROS);
            other.commit();
            assertThat(next(watch, 1).get(0).at()).isAfterOrEqualTo(beforeCommit);
        }
    }

    /** A clock that was set back makes a change look older than those before it. */
    @Test
    void timesThatJumpBackMakeNoHole() throws Exception {
        write(10);
        database.execute("UPDATE zestor_outbox SET at = now() - interval '2 days' WHERE revision IN (1, 2, 5, 6)");
        assertThat(retention.compact(0, DAY, 1_000)).isEqualTo(2);
        try (Watch<String> watch = after(2)) {
            assertThat(next(watch, 8)).hasSize(8);
        }
    }

    @Test
    void anEmptyHistoryStillKnowsWhereItEnds() throws Exception {
        write(5);
        age(5, "2 days");
        assertThat(retention.compact(0, DAY, 1_000)).isEqualTo(5);
        try (Watch<String> watch = after(5)) {
            assertThat(watch.revision()).isEqualTo(5);
            store.set("k", "key", "next");
            assertThat(next(watch, 1)).extracting(Change::revision).containsExactly(6L);
        }
        assertThat(store.list("k").revision()).isEqualTo(6);
        assertThatThrownBy(() -> after(4)).isInstanceOf(HistoryCompactedException.class);
    }

    @Test
    void namespacesAgeApart() throws Exception {
        Store<String> other =
                backend.store(TEXT, StoreOptions.<String>defaults().withNamespace(8));
        write(3);
        other.set("k", "key", "1");
        database.execute("UPDATE zestor_outbox SET at = now() - interval '2 days' WHERE ns_id = 0");
        assertThat(retention.compact(0, DAY, 1_000)).isEqualTo(3);
        assertThat(retention.compact(8, DAY, 1_000)).isZero();
    }

    @Test
    void ofManyProcessesOneCompactsAtATime() throws Exception {
        write(3);
        age(3, "2 days");
        try (Connection busy = database.connect()) {
            busy.setAutoCommit(false);
            assertThat(number(busy, "SELECT pg_try_advisory_xact_lock('zestor_outbox'::regclass::oid::int8)::int"))
                    .isEqualTo(1);
            assertThat(retention.compact(0, DAY, 1_000)).isZero();
            busy.rollback();
            assertThat(retention.compact(0, DAY, 1_000)).isEqualTo(3);
        }
    }

    /** As after an outage that outlasted the retention. */
    @Test
    void whatTheWatchesHereHaveNotReadStays() throws Exception {
        PostgresOptions unaware = database.options()
                .withCompaction(new Retention.Pace(DAY, MINUTE, AT_ONCE))
                .withListening(false)
                .withPollInterval(DAY);
        try (PostgresBackend watching = PostgresBackend.open(unaware);
                Watch<String> watch = watching.store(TEXT).watch(WatchOptions.defaults())) {
            write(10);
            age(10, "2 days");
            Retention here = watching.engine().retention();
            int readAtOnce = here.compact(0, DAY, 1_000); // none, unless the watch's first look came late
            watching.store(TEXT).set("k", "key", "11");
            assertThat(next(watch, 11))
                    .extracting(Change::revision)
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, 11).boxed().toList());
            await("them to count as read, which they do a moment later")
                    .until(() -> here.compact(0, DAY, 1_000) == 10 - readAtOnce);
        }
    }

    @Test
    void aServerThatHasJustStartedKeepsAll() throws Exception {
        write(10);
        age(10, "2 days");
        try (PostgresBackend patient =
                PostgresBackend.open(database.options().withCompaction(new Retention.Pace(DAY, MINUTE, DAY)))) {
            assertThat(patient.engine().retention().compact(0, DAY, 1_000)).isZero();
        }
        assertThat(retention.compact(0, DAY, 1_000)).isEqualTo(10);
    }

    @Test
    void itRunsByItself() throws Exception {
        try (PostgresBackend keen = PostgresBackend.open(
                database.options().withCompaction(new Retention.Pace(Duration.ofMillis(20), MINUTE, AT_ONCE)))) {
            keen.store(TEXT).setAll("k", Map.of("a", "1", "b", "1", "c", "1", "d", "1", "e", "1"));
            age(4, "2 days");
            await().until(() -> {
                try (Connection connection = database.connect()) {
                    return number(connection, "SELECT count(*) FROM zestor_outbox") == 1;
                }
            });
        }
    }
}

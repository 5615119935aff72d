package dev.tidemark.store.postgres;

import static dev.tidemark.store.postgres.Changes.number;
import static dev.tidemark.store.postgres.TextCodec.TEXT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.event.AggregateId;
import dev.tidemark.event.EventBatch;
import dev.tidemark.event.EventStore;
import dev.tidemark.event.ExpectedVersion;
import dev.tidemark.store.ConflictException;
import dev.tidemark.store.Entry;
import dev.tidemark.store.OutcomeUnknownException;
import dev.tidemark.store.Snapshot;
import dev.tidemark.store.Store;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.StoreTimeoutException;
import dev.tidemark.store.StoreUnavailableException;
import dev.tidemark.store.Watch;
import dev.tidemark.store.WatchOptions;
import dev.tidemark.store.WriteBatch;
import java.sql.Connection;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each call of each kind of work fails once, in every way: what was promised holds, and the caller's pool gets back what it lent. */
class RecoveryTest {
    private static final Set<Class<? extends Throwable>> TOLD = Set.of(
            StoreUnavailableException.class,
            StoreTimeoutException.class,
            OutcomeUnknownException.class,
            StackOverflowError.class);

    private PostgresServer.Database database;
    private FragileSource source;
    private PostgresBackend backend;
    private Connection admin;
    private Store<String> store;
    private EventStore events;
    private int round;

    /** Does something with the number of this round, once. */
    private interface Work {
        void run() throws Exception;
    }

    /** @param counting what is 1 when the work of a round was done, and 0 when it was not; null if there is nothing to see */
    private record Kind(String name, Work work, @Nullable String counting) {}

    @BeforeEach
    void open() throws Exception {
        database = PostgresServer.shared().newDatabase();
        admin = database.connect();
        source = new FragileSource(database);
        PostgresOptions options = PostgresOptions.defaults()
                .withDataSource(source)
                .withTimeout(PostgresServer.PATIENCE)
                .withListening(false);
        backend = PostgresBackend.open(options);
        store = backend.store(TEXT);
        events = backend.events(Deed.BINARY);
        events.append(AggregateId.random("other"), ExpectedVersion.NONE, "made");
        store.set("there", "a", "1");
        store.set("there", "b", "1");
    }

    @AfterEach
    void close() throws Exception {
        backend.close();
        source.close();
        admin.close();
        database.close();
    }

    private List<Kind> kinds() {
        String changes = "SELECT count(*) FROM zestor_outbox WHERE kind = 'k%d'";
        String made = "SELECT count(*) FROM events WHERE aggregate_name = 'k%d'";
        return List.of(
                new Kind("set", () -> store.set("k" + round, "a", "1"), changes),
                new Kind("set the same", () -> store.set("there", "a", "1"), null),
                new Kind("create what is there", this::createWhatIsThere, null),
                new Kind(
                        "batch",
                        () -> store.write(new WriteBatch<String>()
                                .create("k" + round, "a", "1")
                                .delete("there", "none")),
                        changes),
                new Kind("transaction", this::transact, changes),
                new Kind("append", () -> events.append(aggregate(), ExpectedVersion.NONE, "made"), made),
                new Kind("append with an id", this::appendWithId, made),
                new Kind("list", () -> assertThat(store.list("there").items()).hasSize(2), null),
                new Kind("snapshot", this::readSnapshot, null),
                new Kind("watch", this::watch, null));
    }

    @ParameterizedTest
    @EnumSource
    void nothingIsLostByAFault(FragileSource.Fault fault) throws Exception {
        for (Kind kind : kinds()) {
            int calls = 1;
            for (int failing = -1; failing < calls; failing++) {
                round++;
                source.fail(failing, fault);
                Throwable thrown = thrownBy(kind.work());
                calls = Math.max(calls, source.calls());
                check(kind, failing, thrown);
            }
            assertThat(calls).as(kind.name()).isGreaterThan(1);
        }
    }

    private static @Nullable Throwable thrownBy(Work work) throws Exception {
        try {
            work.run();
            return null;
        } catch (StoreException | StackOverflowError failure) {
            return failure;
        }
    }

    private void check(Kind kind, int failing, @Nullable Throwable thrown) throws Exception {
        String what = kind.name() + " whose call " + failing + " failed";
        assertThat(source.lent()).as("lent after a " + what).isZero();
        assertThat(source.unfinished())
                .as("given back unfinished after a " + what)
                .isZero();
        if (thrown != null && !(thrown.getCause() instanceof StackOverflowError)) {
            assertThat(TOLD).as("told of a " + what).contains(thrown.getClass());
        }
        if (thrown instanceof OutcomeUnknownException) {
            assertThat(source.failedWriting()).as("reason to doubt a " + what).isTrue();
        } else if (kind.counting() != null && !(thrown instanceof Error)) {
            assertThat(number(admin, kind.counting().formatted(round)))
                    .as("what is there after a " + what)
                    .isEqualTo(thrown == null ? 1 : 0);
        }
    }

    private AggregateId aggregate() {
        return new AggregateId("k" + round, new UUID(0, round));
    }

    private void createWhatIsThere() {
        try {
            store.create("there", "a", "2");
        } catch (ConflictException expected) {
            assertThat(expected.key()).isEqualTo("a");
        }
    }

    /** The second entry is not counted, as the first can't be there without it. */
    private void transact() {
        backend.transact(transaction -> {
            transaction.write(store, new WriteBatch<String>().set("k" + round, "a", "1"));
            transaction.write(store, new WriteBatch<String>().set("there", "b", "" + round));
            return round;
        });
    }

    private void appendWithId() {
        events.write(new EventBatch()
                .append(aggregate(), ExpectedVersion.NONE, "made")
                .appendId("round " + round));
    }

    private void readSnapshot() {
        try (Snapshot<String> snapshot = store.snapshot();
                Stream<Entry<String>> entries = snapshot.stream("there")) {
            assertThat(entries).hasSize(2);
        }
    }

    private void watch() throws Exception {
        try (Watch<String> watch =
                store.watch(WatchOptions.defaults().withKinds("there").withInitialReplay())) {
            assertThat(Changes.keys(Changes.next(watch, 2))).containsExactly("a", "b");
        }
    }

    @Test
    void aPoolThatBreaksNothingOffGetsItsConnectionsBack() {
        source.refuseToAbort();
        source.fail(1, FragileSource.Fault.EXHAUSTED);
        assertThatThrownBy(() -> store.get("there", "a")).isInstanceOf(StackOverflowError.class);
        source.calls();
        assertThat(source.lent()).isZero();
    }

    @Test
    void aTransactionThatWasCommittedAsItsBackendWasClosedIsNoFailure() throws Exception {
        source.afterCommit(backend::close);
        round = 7;
        transact();
        assertThat(number(admin, "SELECT count(*) FROM zestor_outbox WHERE kind = 'k7'"))
                .isEqualTo(1);
    }
}
